// Before a draft is deployed: its scenarios are run.
import { attachTo } from "./_page.js";
import { runScenarios } from "./_scenarios.js";

attachTo("[data-gate]", async (root) => {
  const section = root.querySelector("[data-scenarios]");
  const count = section && (await runScenarios(section));
  if (count) root.querySelector("[data-anyway]").hidden = count.failed === 0;
  root.dataset.ready = "yes";
  root.querySelector("[data-gate-form]")?.addEventListener("submit", (event) => {
    const button = event.target.querySelector(".btn-primary");
    button.setAttribute("aria-busy", "true");
    button.textContent = button.dataset.busy;
  });
});
