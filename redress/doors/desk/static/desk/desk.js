// Keys for officers: j and k walk a list, o opens a row. Without script everything works the same.
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = [...document.querySelectorAll("[data-list] tbody tr td:first-child a")];
  const at = links.indexOf(document.activeElement);
  const step = { KeyJ: 1, KeyK: -1 }[event.code]; // by place: a Persian keyboard has other letters there
  if (step && links.length) links[Math.min(Math.max(at + step, 0), links.length - 1)].focus();
  if (event.code === "KeyO" && at >= 0) links[at].click();
});
// A page that waits for the task worker looks again by itself.
if (document.querySelector("[data-again]")) setTimeout(() => location.reload(), 2500);
