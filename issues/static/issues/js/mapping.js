// The order of the rules without asking the server: buttons, Alt with an arrow inside a rule, and dragging.
// The server reads the order in which the rules stand in the form, so moving the element is all there is to do.
let dragged = null;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  event.preventDefault();
  move(button.closest("[data-rule]"), Number(button.dataset.move), button);
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const rule = event.target.closest("[data-rules] [data-rule]");
  if (!rule) return;
  event.preventDefault();
  move(rule, event.key === "ArrowUp" ? -1 : 1, event.target);
});

function move(rule, by, focused) {
  const rules = rulesOf(rule.parentElement);
  const other = rules[rules.indexOf(rule) + by];
  if (!other) return;
  if (by < 0) other.before(rule);
  else other.after(rule);
  settle(rule);
  if (focused.disabled) rule.querySelector(`[data-move="${-by}"]`).focus();
  else focused.focus();
  rule.scrollIntoView({ block: "nearest" });
}

document.addEventListener("dragstart", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  if (!grip) return;
  dragged = grip.closest("[data-rule]");
  dragged.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setDragImage(dragged, 20, 20);
});

document.addEventListener("dragover", (event) => {
  const over = dragged && event.target.closest?.("[data-rules] .rule");
  if (!over) return;
  event.preventDefault();
  unmark();
  if (over !== dragged) over.classList.add(isUpper(event, over) ? "is-before" : "is-after");
});

document.addEventListener("drop", (event) => {
  const over = dragged && event.target.closest?.("[data-rules] .rule");
  if (!over || over === dragged) return;
  event.preventDefault();
  if (isUpper(event, over)) over.before(dragged);
  else over.after(dragged);
  settle(dragged);
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  unmark();
  dragged = null;
});

// Whether a rule is open goes with the form, so that it stays as it is when the server draws it again.
document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches("[data-details]")) return;
    event.target.closest("[data-rule]").querySelector("[data-open]").disabled = !event.target.open;
  },
  true,
);

// What a value may be depends on the field.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-field]")) return;
  event.target.closest("[data-condition]").querySelector(".condition-value").setAttribute("list", `known-${event.target.value}`);
});

function rulesOf(list) {
  return [...list.querySelectorAll(":scope > [data-rule]")];
}

function isUpper(event, rule) {
  const box = rule.getBoundingClientRect();
  return !rule.matches("[data-rule]") || event.clientY < box.top + Math.min(box.height, 112) / 2;
}

function unmark() {
  for (const marked of document.querySelectorAll(".is-before, .is-after")) marked.classList.remove("is-before", "is-after");
}

function settle(rule) {
  const rules = rulesOf(rule.parentElement);
  rules.forEach((each, place) => {
    each.querySelector("[data-place]").textContent = String(place + 1);
    each.querySelector("[data-move='-1']").disabled = place === 0;
    each.querySelector("[data-move='1']").disabled = place === rules.length - 1;
  });
  const live = document.querySelector("#live");
  const name = rule.querySelector("summary b")?.textContent ?? "";
  if (live) live.textContent = `${name} is number ${rules.indexOf(rule) + 1} of ${rules.length} now.`;
}
