// Before anything is drawn: light or dark, as the reader chose, else as the machine is set.
const root = document.documentElement;
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const show = () => {
  const chosen = root.dataset.theme;
  root.dataset.bsTheme = chosen === "auto" || !chosen ? (dark.matches ? "dark" : "light") : chosen;
};
show();
dark.addEventListener("change", show);
