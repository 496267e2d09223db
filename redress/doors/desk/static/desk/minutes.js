// Keys for minutes: j and k walk the sentences; d, p and 0 say what one is, t takes it together with the one
// before, ? shows the keys; letters go by their place, so that they work on a Persian keyboard too. A promise gets its fields at once. Without script the boxes and the button do it all.
const minutes = document.querySelector("[data-minutes]");
const parts = [...minutes.querySelectorAll("[data-sentence]")];
const blank = minutes.querySelector("[data-blank]");
const box = (part, name) => part.querySelector(`input[name="${name}"]`);

function showDetails(part) {
  const place = part.querySelector("[data-details]");
  if (place.childElementCount || !box(part, "promise").checked || box(part, "joined")?.checked) return;
  const copy = blank.content.cloneNode(true);
  for (const one of copy.querySelectorAll("*"))
    for (const { name, value } of [...one.attributes])
      if (value.includes("__key__")) one.setAttribute(name, value.replaceAll("__key__", part.dataset.sentence));
  place.append(copy);
}

function mark(part, name) {
  for (const one of ["demand", "promise"]) box(part, one).checked = one === name;
  if (!name && box(part, "joined")) box(part, "joined").checked = false;
  showDetails(part);
}

minutes.addEventListener("change", ({ target }) => {
  const part = target.closest("[data-sentence]");
  if (part && target.checked && ["demand", "promise"].includes(target.name)) mark(part, target.name);
  else if (part) showDetails(part);
});

document.addEventListener("keydown", (event) => {
  if (event.target.closest("textarea, select, input:not([type=checkbox])")) return;
  if (event.ctrlKey || event.metaKey || event.altKey || !parts.length) return;
  const at = parts.findIndex((part) => part.contains(document.activeElement));
  const step = { KeyJ: 1, KeyK: -1 }[event.code];
  const kinds = { KeyD: "demand", KeyP: "promise", Digit0: "", Numpad0: "" };
  if (step) parts[Math.min(Math.max(at + step, 0), parts.length - 1)].focus();
  else if (["?", "؟", "？"].includes(event.key)) minutes.querySelector("[data-keys]").toggleAttribute("open");
  else if (at >= 0 && event.code in kinds) mark(parts[at], kinds[event.code]);
  else if (at > 0 && event.code === "KeyT") box(parts[at], "joined").click();
  else return;
  event.preventDefault();
});
