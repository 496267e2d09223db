// Keys for officers; ? shows them all. By place: a Persian keyboard has other letters there.
// Without script everything works the same.
const keys = document.getElementById("keys");
const topic = document.querySelector("form select[name=topic] optgroup");
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = [...document.querySelectorAll("[data-list] tbody tr")].map((row) => row.querySelector("a")).filter(Boolean);
  const at = links.indexOf(document.activeElement);
  const step = { KeyJ: 1, KeyK: -1 }[event.code];
  if (step && links.length) links[Math.min(Math.max(at + step, 0), links.length - 1)].focus();
  if (event.code === "KeyO" && at >= 0) links[at].click();
  if (event.code === "KeyX" && at >= 0) links[at].closest("tr").querySelector("input[type=checkbox]")?.click();
  if (event.code === "KeyS") document.querySelector("a[data-mark]")?.click();
  // A digit chooses one of the topics that the words suggest; the button is pressed by hand.
  const suggested = /^(Digit|Numpad)[1-9]$/.test(event.code) && topic?.children[event.code.at(-1) - 1];
  if (suggested) {
    topic.parentElement.value = suggested.value;
    topic.closest("details:not([open])")?.setAttribute("open", "");
    topic.closest("form").querySelector("button").focus();
  }
  if (event.key === "?" || event.key === "؟") keys?.showModal();
});
// One tick for all rows of a page.
const all = document.querySelector("[data-all]");
if (all) {
  all.hidden = false;
  all.addEventListener("change", (event) => {
    all.closest("table").querySelectorAll("input[name=numbers]").forEach((tick) => (tick.checked = event.target.checked));
  });
}
// A page that waits for the task worker looks again by itself.
if (document.querySelector("[data-again]")) setTimeout(() => location.reload(), 2500);
// What is being typed outlives a reload in this tab, for the person who is signed in, until the server has
// taken it. What is to be covered, or says who somebody is, is not kept.
const person = document.querySelector(".foot")?.textContent.trim();
const taken = document.querySelector(".notice.success, .receipt");
if (taken) JSON.parse(sessionStorage.getItem("sent") ?? "[]").forEach((place) => sessionStorage.removeItem(place));
sessionStorage.removeItem("sent");
document.querySelector("nav form[method=post]")?.addEventListener("submit", () => sessionStorage.clear()); // signing out
document.querySelectorAll("main form[method=post]").forEach((form) => {
  const fields = [...form.querySelectorAll("textarea:not([name=mask])")];
  const place = (field) => `${person} ${location.pathname} ${form.getAttribute("action") ?? ""} ${field.name}`;
  fields.forEach((field) => {
    if (!field.value) field.value = sessionStorage.getItem(place(field)) ?? "";
    field.addEventListener("input", () => sessionStorage.setItem(place(field), field.value));
  });
  form.addEventListener("submit", () => sessionStorage.setItem("sent", JSON.stringify(fields.map(place))));
});
