// Keys for marking, by their place, so that they work on a Persian keyboard too: j and k walk the sentences; d, f, n and 0 say what one is. A part that is chosen in
// the whole text is marked with the same keys, or covered with p. Without script the choices do it all.
const form = document.querySelector("[data-marking]");
const sentences = [...form.querySelectorAll("[data-sentence]")];
const kinds = { KeyD: "demand", KeyF: "fact", KeyN: "nonworker", Digit0: "", Numpad0: "" };
const whole = form.querySelector("[data-text]");
const extra = form.querySelector("[data-extra]");

// The offsets of a selection in code points of the text, as the server counts them.
function chosen() {
  const selection = getSelection();
  if (selection.isCollapsed || !whole.contains(selection.anchorNode) || !whole.contains(selection.focusNode)) return null;
  const range = selection.getRangeAt(0);
  return { start: charsUpTo(range.startOffset), end: charsUpTo(range.endOffset), text: range.toString() };
}

// A page holds every line's end as one character; of the text some may be two.
function charsUpTo(offset) {
  const shown = whole.textContent.slice(0, offset);
  const ends = whole.dataset.lineEnds.slice(0, shown.split("\n").length - 1);
  return [...shown].length + ends.split("2").length - 1;
}

function markPart(part, kind) {
  const list = JSON.parse(extra.value || "[]").filter(([, from, to]) => to <= part.start || from >= part.end);
  list.push([kind, part.start, part.end]);
  extra.value = JSON.stringify(list.sort((one, other) => one[1] - other[1]));
}

function cover(part) {
  const mask = form.querySelector("[name=mask]");
  mask.value = [...new Set([...mask.value.split("\n").filter(Boolean), part.text.trim()])].join("\n");
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest("textarea, input[type=text]") || event.ctrlKey || event.metaKey || event.altKey) return;
  const part = chosen();
  if (part && (event.code in kinds || event.code === "KeyP")) {
    if (event.code === "KeyP") cover(part);
    else if (kinds[event.code]) markPart(part, kinds[event.code]);
    event.preventDefault();
    return;
  }
  const at = sentences.findIndex((one) => one.contains(document.activeElement));
  const step = { KeyJ: 1, KeyK: -1 }[event.code];
  if (step) {
    sentences[Math.min(Math.max(at + step, 0), sentences.length - 1)].focus();
    event.preventDefault();
  } else if (event.code in kinds && at >= 0) {
    sentences[at].querySelector(`input[value="${kinds[event.code]}"]`).checked = true;
    sentences[Math.min(at + 1, sentences.length - 1)].focus();
    event.preventDefault();
  }
});
