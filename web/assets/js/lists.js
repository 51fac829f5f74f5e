// Lists of tickets: ticking rows (with Shift a stretch of them), the bar for what is ticked, the panel of filters.

const list = document.querySelector("[data-list]");
if (list) ticking(list);

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-filters]");
  const panel = document.getElementById("list-filters");
  if (opener && panel?.firstElementChild) {
    // it is open: the same button closes it
    event.preventDefault();
    event.stopImmediatePropagation();
    panel.replaceChildren();
  }
  if (event.target.closest("[data-filters-close]") && panel) {
    event.preventDefault();
    panel.replaceChildren();
    document.querySelector("[data-filters]").focus();
  }
}, true);
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "list-filters") event.target.querySelector("select, input:not([type=hidden])")?.focus();
});
document.addEventListener("submit", (event) => {
  // an address says no more than it must
  for (const field of event.target.matches(".filter-card") ? event.target.elements : []) if (!field.value) field.disabled = true;
});
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll(".filter-card :disabled")) field.disabled = false;
});

function ticking(form) {
  const ticks = () => [...form.querySelectorAll("[data-tick]")];
  const all = form.querySelector("[data-tick-all]");
  const bar = form.querySelector("[data-bulk-bar]");
  const told = form.querySelector("[data-ticked]");
  let last = null;
  all.hidden = false;
  form.addEventListener("click", (event) => {
    const tick = event.target.closest("[data-tick]");
    if (!tick) return;
    if (event.shiftKey && last) stretch(ticks(), last, tick);
    last = tick;
    show();
  });
  all.addEventListener("change", () => {
    for (const tick of ticks()) tick.checked = all.checked;
    show();
  });
  window.addEventListener("pageshow", show);
  show();

  function show() {
    const count = ticks().filter((tick) => tick.checked).length;
    all.checked = count > 0 && count === ticks().length;
    all.indeterminate = count > 0 && !all.checked;
    bar.hidden = count === 0;
    bar.classList.toggle("is-on", count > 0);
    told.textContent = count === 1 ? told.dataset.one : told.dataset.more.replace("#", count);
  }
}

function stretch(ticks, from, to) {
  const [first, second] = [ticks.indexOf(from), ticks.indexOf(to)].sort((a, b) => a - b);
  for (const tick of ticks.slice(first, second + 1)) tick.checked = to.checked;
}
