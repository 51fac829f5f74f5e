// The scenarios of a version: run one by one; then what they cover is painted on the diagrams.
import { attachTo } from "./_page.js";
import { runScenarios } from "./_scenarios.js";

attachTo("[data-trial]", async (root) => {
  const count = await runScenarios(root.querySelector("[data-scenarios]"));
  const coverage = root.querySelector("[data-coverage]");
  if (count && coverage) {
    const place = document.createElement("div");
    place.append(coverage.content.cloneNode(true));
    root.append(place);
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: place } })); // the viewer attaches itself
  }
  root.dataset.ready = "yes";
});
