// The lists of package.toml in a plain editor: rows are added, changed, moved and removed; beside them, how they look.
import { DraftFile, Refused } from "./_draft_file.js";
import { attachTo } from "./_page.js";
import { Problems } from "./_problems.js";
import { send } from "./_sending.js";
import { look } from "./_settings/look.js";
import { Rows, cellsOf, nameOf } from "./_settings/rows.js";

/** How many rows have been told what is wrong with them. */
let told = 0;

attachTo("[data-settings]", async (root) => {
  const given = JSON.parse(root.querySelector("[data-settings-source]").textContent);
  const lists = [...root.querySelectorAll("[data-list]")].map((place) => new Rows(place, given));
  const made = { of: asText(lists), content: given.base, rows: rowsOf(lists) };
  const place = (problem) => placeOf(lists, made.rows, problem); // as they stood in what was sent
  const problems = new Problems(root, { reaches: (problem) => !!place(problem), goTo: (problem) => focusOn(place(problem), problem) });

  /** The file's text, as the server writes the rows into it. */
  async function read() {
    const wanted = asText(lists);
    const rows = rowsOf(lists);
    if (wanted !== made.of) {
      const response = await send(`${root.dataset.draft}/settings.json`, { base: given.base, lists: JSON.parse(wanted) });
      const answer = await response.json().catch(() => ({}));
      if (!response.ok) throw new Refused(answer.detail);
      Object.assign(made, { of: wanted, content: answer.content, rows });
    }
    return made.content;
  }

  const looked = (found) => {
    problems.show(found.problems);
    for (const list of lists) for (const row of list.rows) tell(row, []);
    for (const problem of found.problems.filter((one) => one.file === root.dataset.path)) {
      const row = place(problem);
      if (row?.matches("[data-row]")) tell(row, [problem.problem, problem.remedy]);
    }
  };
  const file = new DraftFile(root, { read, looked });
  const show = () => {
    for (const list of lists) {
      look(list, given.words, root.dataset.languages.split(" ")[0], customersOf(lists));
      root.querySelector(`[data-count-of="${list.name}"]`).textContent = String(list.rows.length);
    }
  };
  for (const event of ["input", "change", "rows"])
    root.addEventListener(event, () => {
      show();
      file.changed();
    });
  show();
  await file.begin();
  root.dataset.ready = "yes";
});

/** Lists as they stand, of rows only what was changed in them. */
function asText(lists) {
  return JSON.stringify(Object.fromEntries(lists.map((list) => [list.name, list.read()])));
}

function rowsOf(lists) {
  return Object.fromEntries(lists.map((list) => [list.name, list.rows]));
}

/** The keys of all who are customers: of roles, and the word for all of them. */
function customersOf(lists) {
  const list = lists.find((one) => one.name === "roles");
  const roles = list.rows.map((row) => list.values(row)).filter((role) => role.kind === "customer");
  return new Set(["customer", ...roles.map((role) => role.key)]);
}

/** The row that a problem is about, `statuses[2].key`; else its list; undefined for what isn't here. */
function placeOf(lists, rows, problem) {
  const [, name, at] = /^([a-z_]+)(?:\[(\d+)\])?/.exec(problem.element) ?? [];
  const list = lists.find((one) => one.name === name);
  const row = list && rows[name][at];
  return row?.isConnected ? row : list?.place;
}

function focusOn(place, problem) {
  const named = problem.element.split(".")[1]?.replace(/\[.*/, "");
  const cells = place.matches("[data-row]") ? cellsOf(place) : [];
  const cell = cells.find((one) => nameOf(one) === named) ?? cells[0] ?? place;
  place.scrollIntoView({ block: "center" });
  (cell.querySelector("input, select, summary") ?? cell.querySelector("button"))?.focus({ preventScroll: true });
}

/** What is wrong stands below its row. */
function tell(row, texts) {
  const wrong = row.querySelector(":scope > [data-wrong]");
  wrong.textContent = texts.join(" ");
  wrong.hidden = !texts.length;
  wrong.id ||= `wrong-${++told}`;
  row.classList.toggle("is-wrong", texts.length > 0);
  for (const cell of cellsOf(row)) {
    const field = cell.querySelector("input, select, summary");
    if (texts.length) field?.setAttribute("aria-describedby", wrong.id);
    else field?.removeAttribute("aria-describedby");
  }
}
