// A form as it will look: it can be tried, and nothing of it is sent or kept.
import { attachTo } from "./_page.js";

attachTo("[data-form-preview]", async (root) => {
  const { showForm } = await import("./_showing.js");
  const given = JSON.parse(root.querySelector("[data-form-json]").textContent);
  const place = root.querySelector("[data-form-place]");
  await showForm(place, given);
  place.addEventListener("submit", (event) => event.preventDefault(), true);
  root.dataset.ready = "yes";
});
