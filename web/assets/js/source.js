// A file of a draft as its text: kept with every change, problems below lead to their lines.
import { DraftFile } from "./_draft_file.js";
import { attachTo } from "./_page.js";
import { Problems } from "./_problems.js";

attachTo("[data-source]", async (root) => {
  const text = root.querySelector("[data-source-text]");
  const problems = new Problems(root, { reaches: (problem) => problem.line > 0, goTo: (problem) => goToLine(text, problem.line) });
  const file = new DraftFile(root, { read: () => text.value, looked: (found) => problems.show(found.problems) });
  text.addEventListener("input", () => file.changed());
  await file.begin();
  root.dataset.ready = "yes";
});

function goToLine(text, line) {
  const lines = text.value.split("\n");
  const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(from, from + (lines[line - 1] ?? "").length);
  text.scrollTop = (text.scrollHeight / lines.length) * Math.max(0, line - 4);
}
