// Runs the scenarios that a section lists, one by one, and shows what each gave.

/** @returns {Promise<{all: number, failed: number} | null>} null where they couldn't be run */
export async function runScenarios(section) {
  const lines = [...section.querySelectorAll("[data-scenario]")];
  const told = section.querySelector("[data-scenarios-told]");
  const count = { done: 0, all: lines.length, failed: 0 };
  const tell = (what) => (told.textContent = told.dataset[what].replace(/{(\w+)}/g, (_, key) => count[key]));
  for (const line of lines) {
    tell("running");
    const answer = await fetch(`${section.dataset.scenarios}/${line.dataset.scenario}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) {
      tell("stopped");
      return null;
    }
    const found = await answer.json();
    count.done += 1;
    count.failed += found.ok ? 0 : 1;
    show(section, line, found);
  }
  if (count.all) tell(count.failed ? "failed" : "fine");
  return count;
}

function show(section, line, found) {
  line.classList.add(found.ok ? "is-ok" : "is-failed");
  line.querySelector("[data-scenario-sign]").replaceChildren(section.querySelector(`[data-sign="${found.ok ? "ok" : "failed"}"]`).content.cloneNode(true));
  line.querySelector("[data-scenario-title]").textContent = found.title;
  const list = line.querySelector("[data-scenario-differences]");
  list.hidden = found.ok;
  list.replaceChildren(...found.differences.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
}
