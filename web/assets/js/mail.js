// A mail text of a draft: kept with every change, and shown as it will look.
import { DraftFile } from "./_draft_file.js";
import { attachTo } from "./_page.js";
import { Problems } from "./_problems.js";

attachTo("[data-mail]", async (root) => {
  const given = JSON.parse(root.querySelector("[data-mail-source]").textContent);
  const subject = root.querySelector("[data-mail-subject]");
  const text = root.querySelector("[data-mail-text]");
  const parts = partsOf(given);
  if (subject) subject.value = parts.subject;
  text.value = parts.body;
  const first = [subject?.value, text.value];

  /** As it is written in the file; to the byte as it was where nothing was changed. */
  const read = () => {
    if (text.value === first[1] && subject?.value === first[0]) return given.text;
    const body = text.value.replaceAll("\n", parts.end);
    return subject ? `${parts.before}${subject.value.trim()}${parts.between}${body}` : body;
  };
  const show = () => root.querySelector("[data-mail-look]").contentWindow.location.replace(`${root.dataset.draft}/mails/${root.dataset.path}${given.html ? "?html=1" : ""}`);
  const problems = new Problems(root, { reaches: () => true, goTo: (problem) => goTo(problem.line) });
  const looked = (found) => {
    problems.show(found.problems);
    offer(root, found.offers.names.variables);
    show();
  };
  const goTo = (line) => {
    const at = line - parts.lines;
    if (at < 1 && subject) return subject.focus();
    const lines = text.value.split("\n");
    const from = lines.slice(0, Math.max(at - 1, 0)).join("\n").length + (at > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(from, from + (lines[at - 1] ?? "").length);
  };
  const file = new DraftFile(root, { read, looked });
  let last = text;
  for (const field of [subject, text].filter(Boolean)) {
    field.addEventListener("input", () => file.changed());
    field.addEventListener("focus", () => (last = field));
  }
  root.addEventListener("click", ({ target }) => {
    const name = target.closest("[data-insert]")?.dataset.insert;
    if (!name) return;
    last.focus();
    document.execCommand("insertText", false, `{{ ${name} }}`); // unlike setRangeText, it can be undone
  });
  await file.begin();
  root.dataset.ready = "yes";
});

/** The subject and the text of a plain part, with what stands around them; of an HTML part all is text. */
function partsOf({ text, html }) {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const [, before, subject, between, body] = (!html && /^(\s*subject:[ \t]*)(.*?)((?:[ \t]*\r?\n)+|$)([^]*)$/i.exec(text)) || [null, "Subject: ", "", "", text];
  const gap = between.includes("\n") || html ? between : `${end}${end}`;
  return { before, subject, between: gap, body: body.replaceAll("\r\n", "\n"), end, lines: html ? 0 : between.split("\n").length - 1 };
}

/** The variables of the package's processes, once: what a mail may read depends on who sends it. */
function offer(root, variables) {
  const place = root.querySelector("[data-mail-variables]");
  const names = [...new Set(Object.values(variables).flat())].sort();
  place.hidden = !names.length;
  place.querySelector("ul").replaceChildren(
    ...names.map((name) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
      button.dataset.insert = name;
      const item = document.createElement("li");
      item.append(button);
      return item;
    }),
  );
}
