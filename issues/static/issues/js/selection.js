// Ticking many: the box in a table's head (data-select-all), a range with shift, and the branches of a tree.
// data-selected-count anywhere in the same form or page says how many rows are ticked. A box named "all" beside a table
// means what is on other pages too: it ticks all rows here, and is let go with the first of them.
let last = null;

document.addEventListener("click", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || !box.matches("tbody .tick .check")) return;
  const table = box.closest("table");
  const boxes = boxesOf(table);
  if (event.shiftKey && last && boxes.includes(last)) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
  show(table);
});

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-select-all]")) {
    const table = box.closest("table");
    for (const each of boxesOf(table)) each.checked = box.checked;
    show(table);
  } else if (box.matches("form [name=all]")) {
    const table = box.form.querySelector("table:has([data-select-all])");
    for (const each of table && box.checked ? boxesOf(table) : []) each.checked = true;
    if (table) show(table);
  } else if (box.matches(".tree .check")) {
    branch(box);
  }
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-clear-selection]")) return;
  for (const table of document.querySelectorAll("table:has([data-select-all])")) {
    for (const box of boxesOf(table)) box.checked = false;
    show(table);
  }
});

function boxesOf(table) {
  return [...table.querySelectorAll("tbody .tick .check")];
}

function show(table) {
  const boxes = boxesOf(table);
  const ticked = boxes.filter((box) => box.checked).length;
  const all = table.querySelector("[data-select-all]");
  if (all) {
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }
  const further = table.closest("form")?.querySelector("[name=all]");
  if (further && ticked < boxes.length) further.checked = false;
  for (const count of document.querySelectorAll("[data-selected-count]")) count.textContent = String(ticked);
}

// A branch takes its leaves along. Upwards a branch is let go when a leaf is, but never chosen by its leaves: choosing
// it means what is created later as well.
function branch(box) {
  const item = box.closest("li");
  for (const below of item.querySelectorAll(":scope ul .check")) set(below, box.checked, false);
  set(box, box.checked, false);
  for (let above = parentOf(item); above; above = parentOf(above)) {
    const own = above.querySelector(":scope > .node .check");
    const below = [...above.querySelectorAll(":scope > ul > li > .node .check")];
    const whole = own.checked && below.every((each) => each.checked);
    set(own, whole, !whole && below.some((each) => each.checked || each.indeterminate));
  }
}

function parentOf(item) {
  return item.parentElement.closest(".tree li");
}

function set(box, checked, mixed) {
  box.checked = checked;
  box.indeterminate = mixed;
  box.removeAttribute("data-mixed");
}

function settle(root) {
  for (const box of root.querySelectorAll(".tree .check[data-mixed]")) box.indeterminate = true;
  for (const table of root.querySelectorAll("table:has([data-select-all])")) show(table);
}

document.addEventListener("htmx:afterSettle", () => settle(document));
window.addEventListener("pageshow", () => settle(document)); // Back keeps the ticks
