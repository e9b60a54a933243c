// What htmx swapped in silently is said aloud: the text of [data-announce] goes to the live region.
document.addEventListener("htmx:afterSettle", (event) => {
  const said = event.target.querySelector?.("[data-announce]") ?? event.target.closest?.("[data-announce]");
  const live = document.querySelector("#live");
  if (said && live) live.textContent = said.textContent.trim();
});

for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(kind, () => {
    const template = document.querySelector("#unreachable");
    const toasts = document.querySelector("#toasts");
    if (template && toasts && !toasts.querySelector("[data-unreachable]")) toasts.append(template.content.cloneNode(true));
  });
}
