// Completes what is typed into the panel: names of variables and of the ticket's fields, groups, goals.

const MOST = 12;
/** What is picked from in a field, by its entry; several are separated by spaces or commas. */
const LISTS = { "iter-groups": "group", "iter-clockStart": "goal", "iter-clockMeet": "goal", "iter-clockStop": "goal" };
/** Entries that hold an expression whether or not it begins with a sign. */
const EXPRESSIONS = /condition|script(value)?$|timerEventDefinitionValue|collection|loopCardinality|completionCondition|source/i;
const PLAIN = /^(name|id|documentation|elementDocumentation|versionTag|processId|processName)$/;

/** Offers names while somebody types in the panel. */
export function installCompletion(modeling) {
  const panel = modeling.root.querySelector("[data-modeler-panel]");
  const list = document.createElement("ul");
  Object.assign(list, { className: "completion", id: "completion", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", modeling.words.suggestions);
  modeling.root.append(list);
  const state = { field: null, from: 0, found: [], chosen: 0 };

  const close = () => {
    list.hidden = true;
    state.field?.removeAttribute("aria-activedescendant");
    state.found = [];
  };
  const show = () => {
    list.replaceChildren(...state.found.map((option, index) => made(option, index === state.chosen, index)));
    const box = state.field.getBoundingClientRect();
    const above = innerHeight - box.bottom < 200;
    list.hidden = false;
    list.style.insetInlineStart = "auto";
    list.style.left = `${box.left}px`;
    list.style.width = `${box.width}px`;
    list.style.top = above ? "auto" : `${box.bottom + 2}px`;
    list.style.bottom = above ? `${innerHeight - box.top + 2}px` : "auto";
    state.field.setAttribute("aria-controls", "completion");
    state.field.setAttribute("aria-activedescendant", `completion-${state.chosen}`);
    list.children[state.chosen]?.scrollIntoView({ block: "nearest" });
  };
  const accept = (option) => {
    const { field, from } = state;
    const rest = field.value.slice(field.selectionStart);
    const before = field.value.slice(0, from) + option.value;
    const prototype = field.tagName === "TEXTAREA" ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
    Object.getOwnPropertyDescriptor(prototype, "value").set.call(field, before + rest);
    field.setSelectionRange(before.length, before.length);
    close();
    state.quiet = true; // what was just completed isn't to be completed again
    field.dispatchEvent(new Event("input", { bubbles: true }));
    state.quiet = false;
  };

  panel.addEventListener("input", (event) => {
    const field = event.target;
    if (state.quiet || !/^(text|)$/.test(field.type ?? "") && field.tagName !== "TEXTAREA") return;
    const found = suggestions(modeling, field);
    if (!found?.options.length) return close();
    Object.assign(state, { field, from: found.from, found: found.options, chosen: 0 });
    show();
  });
  panel.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const last = state.found.length - 1;
    if (event.key === "ArrowDown") state.chosen = state.chosen === last ? 0 : state.chosen + 1;
    else if (event.key === "ArrowUp") state.chosen = state.chosen === 0 ? last : state.chosen - 1;
    else if (event.key === "Enter" || event.key === "Tab") accept(state.found[state.chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (!list.hidden) show();
  }, { capture: true });
  panel.addEventListener("focusout", () => setTimeout(() => document.activeElement !== state.field && close(), 150));
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    event.preventDefault();
    if (option) accept(state.found[Number(option.dataset.index)]);
  });
}

function suggestions(modeling, field) {
  const entry = field.closest("[data-entry-id]")?.dataset.entryId ?? "";
  const before = field.value.slice(0, field.selectionStart);
  const { picks, names } = modeling.offers;
  if (LISTS[entry]) {
    const word = before.match(/[^\s,]*$/)[0];
    return { from: before.length - word.length, options: matching(picks[LISTS[entry]] ?? [], word, true) };
  }
  if (PLAIN.test(entry) || !(EXPRESSIONS.test(entry) || /^\s*(=|\$\{|#\{)/.test(field.value))) return null;
  const word = before.match(/(?:ticket\.)?[A-Za-z_]\w*$|ticket\.$/)?.[0] ?? "";
  if (!word || /["'][^"']*$/.test(before.slice(0, -word.length).replace(/(["'])(?:(?!\1).)*\1/g, ""))) return null;
  if (word.startsWith("ticket.")) {
    const known = names.ticket.map((name) => ({ value: `ticket.${name}`, name: "" }));
    return { from: before.length - word.length, options: matching(known, word) };
  }
  const element = modeling.modeler.get("selection").get()[0] ?? modeling.modeler.get("canvas").getRootElement();
  const known = [...namesAt(element?.businessObject, names), ...names.reserved].map((value) => ({ value, name: "" }));
  return { from: before.length - word.length, options: matching(known, word) };
}

/** The variables that exist where an element stands: of the nearest process or subprocess that the server has read. */
function namesAt(bo, names) {
  const own = names.own[bo?.id] ?? [];
  for (let at = bo; at; at = at.$parent) if (names.variables[at.id]) return [...new Set([...own, ...names.variables[at.id]])].sort();
  const process = bo?.processRef?.id ?? bo?.participants?.[0]?.processRef?.id;
  return [...own, ...(names.variables[process] ?? [])];
}

function matching(known, word, all = false) {
  const typed = word.toLowerCase();
  const fits = known.filter(({ value, name }) => value !== word && (value.toLowerCase().startsWith(typed) || (all && name.toLowerCase().includes(typed))));
  return fits.slice(0, MOST);
}

function made({ value, name }, chosen, index) {
  const option = document.createElement("li");
  option.id = `completion-${index}`;
  option.dataset.index = String(index);
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", String(chosen));
  const shown = document.createElement("code");
  shown.textContent = value;
  option.append(shown);
  if (name && name !== value) option.append(Object.assign(document.createElement("span"), { textContent: name }));
  return option;
}
