// The theme switch: buttons with data-set-theme="light|dark|system". The server reads the cookie for the next page.
const root = document.documentElement;
const YEAR = 365 * 24 * 3600;

function mark() {
  const chosen = root.dataset.theme ?? "system";
  for (const button of document.querySelectorAll("[data-set-theme]")) {
    button.setAttribute("aria-pressed", String(button.dataset.setTheme === chosen));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-set-theme]");
  if (!button) return;
  const chosen = button.dataset.setTheme;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const age = chosen === "system" ? 0 : YEAR;
  document.cookie = `theme=${chosen}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
  if (chosen === "system") delete root.dataset.theme;
  else root.dataset.theme = chosen;
  mark();
});

mark();
