// How the rows of a list will look to who reads them: badges, a list to choose from, fields of a ticket, people.

/** Draws a list anew, in the package's own language. */
export function look(list, words, language, customers) {
  const place = list.place.parentElement.querySelector("[data-look-place]");
  const rows = list.rows.map((row) => ({ ...list.values(row), row }));
  place.replaceChildren(...LOOKS[list.look](rows, (row) => row.label[language] || Object.values(row.label)[0] || row.key || "…", { words, customers }));
}

const LOOKS = {
  badges: (rows, name) => [
    made("ul", "look-badges", rows.map((row) => made("li", "", [badge(name(row), row.colour)]))),
  ],
  choices: (rows, name) => [made("ul", "look-choices", rows.map((row) => made("li", "", name(row))))],
  line: (rows, name) => [made("ol", "look-line", rows.map((row) => made("li", "", name(row))))],
  fields: (rows, name, { words, customers }) => {
    const isOpen = (row) => row.visible_to.some((one) => customers.has(one));
    return [
      [words.everybody, rows.filter(isOpen)],
      [words.staff, rows.filter((row) => !isOpen(row))],
    ]
      .filter(([, some]) => some.length)
      .flatMap(([title, some]) => [made("h4", "", title), made("dl", "look-fields", some.flatMap((row) => field(row, name, words)))]);
  },
  people: (rows, name) => [
    made("ul", "look-people", rows.map((row) => made("li", "", [made("strong", "", name(row)), made("span", "text-secondary", told(row.row))]))),
  ],
};

function field(row, name, words) {
  const examples = { number: "42", boolean: words.yes, date: new Date().toLocaleDateString(document.documentElement.lang), datetime: new Date().toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" }), choice: row.choices?.map(name).join(" / ") };
  return [made("dt", "", name(row)), made("dd", "", examples[row.type] || words.example)];
}

/** What a role is, in the words of its own cells. */
function told(row) {
  const chosen = [...row.querySelectorAll("select")].map((list) => list.selectedOptions[0]?.textContent);
  const may = [...row.querySelectorAll("input:checked + span")].map((one) => one.textContent);
  return [...chosen, ...may].join(", ");
}

function badge(text, colour) {
  const shown = made("span", "status-badge", text);
  shown.style.setProperty("--colour", colour);
  shown.style.setProperty("--on-colour", isDark(colour) ? "#fff" : "#000");
  return shown;
}

/** Whether white can be read on it: WCAG 2.2, 1.4.3. */
function isDark(colour) {
  const linear = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05) >= 4.5;
}

function made(tag, className, content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...(Array.isArray(content) ? content : [content]));
  return element;
}
