// The grid of service levels: changed cells are marked until they are saved, and leaving asks.
import { attachTo } from "./_page.js";

attachTo("[data-grid]", (form) => {
  const told = form.querySelector("[data-grid-told]");
  const isChanged = (field) => {
    if (field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return field.value !== field.defaultValue;
  };
  let dirty = "changed" in form.dataset;
  form.addEventListener("input", ({ target }) => {
    const cell = target.closest("td, .calendar-card");
    cell?.classList.toggle("is-changed", [...cell.querySelectorAll("input, select, textarea")].some(isChanged));
    dirty = true;
    told.textContent = told.dataset.words;
  });
  form.addEventListener("submit", () => (dirty = false));
  addEventListener("beforeunload", (event) => dirty && event.preventDefault());
});
