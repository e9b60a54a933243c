// A branch that is there already opens and closes without asking the server, so that its ticks stay. htmx gets the others.
document.addEventListener(
  "click",
  (event) => {
    const twist = event.target.closest?.(".tree a.twist");
    const below = twist?.closest("li").querySelector(":scope > ul");
    if (!below || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    below.hidden = !below.hidden;
    twist.setAttribute("aria-expanded", String(!below.hidden));
  },
  true,
);
