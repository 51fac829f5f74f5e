// What can be said of a component: where it stands in the file, and how it is written.

/** Property → where it stands, and what it is; of what isn't here, it is a line of text under its own name. */
const PLACES = {
  description: { kind: "lines" },
  text: { kind: "lines" },
  key: { check: checkKey },
  values: { kind: "values", where: (field) => !field.properties?.account },
  account: { at: ["properties", "account"], of: "group", also: asAccount, where: (field) => field.type === "select" || field.properties?.account },
  workingDay: { at: ["properties", "workingDay"], kind: "flag", yes: "true" },
  required: { at: ["validate", "required"], kind: "flag" },
  minLength: { at: ["validate", "minLength"], kind: "number" },
  maxLength: { at: ["validate", "maxLength"], kind: "number" },
  min: { at: ["validate", "min"], kind: "number" },
  max: { at: ["validate", "max"], kind: "number" },
  pattern: { at: ["validate", "pattern"] },
  validationType: { at: ["validate", "validationType"], kind: "pick" },
  decimalDigits: { kind: "number" },
  increment: { kind: "number" },
  height: { kind: "number" },
  readonly: { kind: "flag" },
  showOutline: { kind: "flag" },
  hide: { at: ["conditional", "hide"], kind: "lines" },
  defaultValue: { where: (field) => !["checklist", "taglist"].includes(field.type) && !field.properties?.account },
};
/** In the order in which they are shown, by group. */
const GROUPS = {
  field: ["label", "text", "key", "description", "showOutline", "height"],
  answer: ["required", "account", "values", "validationType", "minLength", "maxLength", "pattern", "min", "max", "decimalDigits", "increment", "workingDay", "defaultValue"],
  shown: ["hide", "readonly"],
};
const SPOKEN = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SHOWN = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*){0,3}$/;

/** The properties of a component by group: those that the server checks of its type. */
export function propertiesOf(field, words) {
  const has = words.types[field.type]?.has ?? [];
  const placed = (name) => ({ name, kind: "line", at: [name], ...PLACES[name], ...special(name, field) });
  return Object.entries(GROUPS)
    .map(([id, names]) => [id, names.filter((name) => has.includes(name)).map(placed).filter(({ where }) => !where || where(field))])
    .filter(([, properties]) => properties.length);
}

/** What is otherwise for some types. */
function special(name, field) {
  if (name === "label" && field.type === "datetime" && field.label === undefined) return { at: ["dateLabel"] };
  if (name !== "defaultValue") return {};
  if (field.type === "number") return { kind: "number" };
  if (field.type === "checkbox") return { kind: "pick", read: (text) => (text ? text === "true" : undefined) };
  return ["radio", "select"].includes(field.type) ? { kind: "pick", of: "values", read: (text) => valueOf(field, text) } : {};
}

export const readProperty = (field, { at }) => at.reduce((found, step) => found?.[step], field);

/** What to change of the component so that the property has the value; undefined takes it away. */
export function changesOf(field, { at, also }, value) {
  const [first, second] = at;
  if (!second) return { [first]: value };
  const { [second]: _, ...others } = field[first] ?? {};
  const object = value === undefined ? others : { ...field[first], [second]: value };
  return { [first]: Object.keys(object).length ? object : undefined, ...also?.(field, value) };
}

/** What is wrong with a key: the editor can't hold two of one name. */
function checkKey(text, field, registry, words) {
  if (!(field.readonly || field.disabled ? SHOWN : SPOKEN).test(text)) return words.no_name;
  return registry.getAll().some((other) => other !== field && other.key === text) ? words.twice : "";
}

/** form-js finds the accounts under some name; who is chosen has no other answers. */
function asAccount(field, value) {
  if (value === undefined) return { valuesKey: undefined, values: field.values ?? [{ label: "1", value: "answer1" }] };
  return { valuesKey: field.valuesKey ?? "accounts", values: undefined };
}

const valueOf = (field, text) => field.values?.find(({ value }) => String(value) === text)?.value;
