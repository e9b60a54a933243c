// Dialogs are popovers, so they open without a script. With one they are modal: the page behind is out of reach.
// The drawer, and a dialog that was empty, open as soon as htmx has put something into them.

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[popovertarget]");
  const dialog = button && document.getElementById(button.getAttribute("popovertarget"));
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    if (button.getAttribute("popovertargetaction") === "hide") close(dialog);
    else open(dialog);
  } else if (event.target instanceof HTMLDialogElement && event.target.open && isOutside(event, event.target)) {
    close(event.target);
  }
  event.target.closest("[data-dismiss]")?.closest(".toast")?.remove();
});

document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.target.closest?.("dialog.drawer, dialog:has(> [id$='-body'])");
  if (!dialog) return;
  open(dialog);
  dialog.scrollTop = 0;
  if (dialog.matches(".drawer")) name(dialog);
});

function open(dialog) {
  if (dialog.open || dialog.matches(":popover-open")) return;
  dialog.showModal();
}

function close(dialog) {
  if (dialog.matches(":popover-open")) dialog.hidePopover();
  else dialog.close();
}

function isOutside(event, dialog) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

function name(dialog) {
  const heading = dialog.querySelector("h1, h2");
  if (heading) dialog.setAttribute("aria-label", heading.textContent.trim());
}
