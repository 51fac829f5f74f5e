// The fields in which properties are written: a line, some lines, a number, yes or no, one of some, answers.
import { answers } from "./answers.js";

/**
 * @param {object} property see properties.js
 * @param {{value: any, words: object, picks: object[], check: Function, set: (value: any, how?: object) => void}} about
 */
export function control(property, about) {
  const entry = Object.assign(document.createElement("div"), { className: "form-panel-entry" });
  entry.dataset.property = property.name;
  const { label, hint } = about.words.properties[property.name];
  const id = `property-${property.name}`;
  const kinds = { lines, number, flag, pick, line, values: (_, { ...given }) => answers({ ...given, label }) };
  const made = kinds[property.kind](property, { ...about, label });
  const input = made.matches("input, select, textarea") ? made : made.querySelector("input[type=checkbox]");
  const said = hint && Object.assign(document.createElement("small"), { className: "form-hint", id: `${id}-hint`, textContent: hint });
  if (input && property.kind !== "values") {
    input.id = id;
    if (said) input.setAttribute("aria-describedby", said.id);
  }
  const isNamed = property.kind === "flag" || property.kind === "values";
  entry.append(...(isNamed ? [] : [named(label, id)]), made, wrong(id), ...(said ? [said] : []));
  return entry;
}

function named(textContent, htmlFor) {
  return Object.assign(document.createElement("label"), { className: "form-label", htmlFor, textContent });
}

function wrong(id) {
  const place = Object.assign(document.createElement("div"), { className: "field-error", id: `${id}-wrong`, hidden: true });
  place.setAttribute("role", "alert");
  return place;
}

/** Says what is wrong with what is written, and whether anything is. */
function refuse(input, text) {
  const place = document.getElementById(`${input.id}-wrong`);
  input.classList.toggle("is-invalid", Boolean(text));
  input.setAttribute("aria-invalid", String(Boolean(text)));
  if (!place) return Boolean(text);
  place.hidden = !text;
  place.textContent = text;
  return Boolean(text);
}

function written(input, { value, check, set }, read = (text) => text || undefined) {
  input.value = value ?? "";
  input.className = "form-control";
  input.spellcheck = input.localName === "textarea";
  input.autocomplete = "off";
  const give = (how) => {
    if (refuse(input, check(input.value))) return;
    set(read(input.value), how);
  };
  input.addEventListener("input", () => give({ later: true }));
  input.addEventListener("change", () => give());
  return input;
}

function line(property, about) {
  const input = written(document.createElement("input"), about, property.read);
  if (!about.picks.length) return input;
  const list = Object.assign(document.createElement("datalist"), { id: `property-${property.name}-list` });
  list.append(...about.picks.map(({ value, name }) => Object.assign(document.createElement("option"), { value, label: name })));
  input.setAttribute("list", list.id);
  document.getElementById(list.id)?.remove();
  document.querySelector("[data-form-panel]").after(list);
  return input;
}

function lines(_, about) {
  return Object.assign(written(document.createElement("textarea"), about), { rows: 3 });
}

function number(_, about) {
  const isNumber = (text) => !text.trim() || Number.isFinite(Number(text.replace(",", ".")));
  const check = (text) => (isNumber(text) ? "" : about.words.no_number);
  const read = (text) => (text.trim() ? Number(text.replace(",", ".")) : undefined);
  return Object.assign(written(document.createElement("input"), { ...about, check }, read), { inputMode: "decimal" });
}

function flag({ yes = true }, { value, label, set }) {
  const box = Object.assign(document.createElement("label"), { className: "form-check" });
  const input = Object.assign(document.createElement("input"), { type: "checkbox", className: "form-check-input" });
  input.checked = value === true || value === "true";
  input.addEventListener("change", () => set(input.checked ? yes : undefined));
  box.append(input, Object.assign(document.createElement("span"), { className: "form-check-label", textContent: label }));
  return box;
}

function pick({ read = (text) => text || undefined }, { value, picks, set }) {
  const select = Object.assign(document.createElement("select"), { className: "form-select" });
  const now = value === undefined || value === null ? "" : String(value);
  const all = picks.some((one) => one.value === now) ? picks : [...picks, { value: now, name: now }];
  select.append(...all.map((one) => new Option(one.name, one.value, false, one.value === now)));
  select.addEventListener("change", () => set(read(select.value)));
  return select;
}
