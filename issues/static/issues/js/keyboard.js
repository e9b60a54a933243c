// "/" search, "?" help; in a table with data-keys: j and k move, x ticks. Enter opens by itself: the title is a link.

const keys = {
  "/": () => document.querySelector("#search")?.focus(),
  "?": () => document.querySelector("[popovertarget=help]")?.click(),
  j: () => move(1),
  k: () => move(-1),
  x: () => tick(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (!Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

function isTyping(target) {
  return target.matches("textarea, select, [contenteditable]") || (target.matches("input") && !target.matches(".check"));
}

function rows() {
  return [...document.querySelectorAll("table[data-keys] tbody tr")].filter((row) => row.querySelector("a.title"));
}

function move(by) {
  const all = rows();
  const now = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[now < 0 ? (by > 0 ? 0 : all.length - 1) : now + by];
  if (!next) return;
  next.querySelector("a.title").focus({ focusVisible: true, preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function tick() {
  document.activeElement.closest("table[data-keys] tbody tr")?.querySelector(".tick .check")?.click();
}
