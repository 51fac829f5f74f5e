// The fields of forms, in the manner of all other fields of Iter: form-js brings the rest (schema, conditions, values).
//
// Its own fields have no names for screen readers (groups of boxes, choices) and know no other language's dates.
import { Checkbox, Checklist, Datetime, Numberfield, Radio, Select, Taglist, Textarea, Textfield } from "@bpmn-io/form-js-viewer";
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { dayPattern, readDay, readNumber, sayDay, writeDay, writeNumber } from "./_reading.js";

/** Puts our fields in the place of form-js's. `words`: texts in the reader's language; `values`: what the form began with. */
export function fieldsModule(words, values) {
  const choices = (field) => (field.valuesKey === undefined ? (field.values ?? []) : (values[field.valuesKey] ?? []));
  class Fields {
    constructor(formFields) {
      const ours = { ...written(), ...chosen(choices, words), datetime: [dayField(words), Datetime] };
      for (const [type, [render, stock, config]] of Object.entries(ours)) {
        render.config = { ...stock.config, ...config };
        formFields.register(type, render);
      }
    }
  }
  Fields.$inject = ["formFields"];
  return { __init__: ["iterFields"], iterFields: ["type", Fields] };
}

/** Fields that are typed into, and the single box. */
function written() {
  const typed = (type) => (props) =>
    labelled(props, adorned(props, h("input", { ...basics(props), type, class: control(props), value: props.value ?? "", onInput: (event) => props.onChange({ value: event.target.value }) })));
  const textfield = (props) => typed({ email: "email", phone: "tel" }[props.field.validate?.validationType] ?? "text")(props);
  return {
    textfield: [textfield, Textfield],
    textarea: [area, Textarea],
    number: [NumberField, Numberfield, { sanitizeValue: ({ value }) => value ?? null }],
    checkbox: [box, Checkbox],
  };
}

/** Fields in which something is chosen. */
function chosen(choices, words) {
  const options = (props) => choices(props.field).map(({ label, value }) => ({ label, value, key: JSON.stringify(value) }));
  const select = (props) => {
    const found = options(props);
    const pick = (event) => props.onChange({ value: found[event.target.selectedIndex - 1]?.value ?? null });
    const rows = found.map((option) => h("option", { value: option.key, selected: option.value === props.value }, option.label));
    const none = h("option", { value: "", selected: props.value === null || props.value === undefined }, words.choose);
    return labelled(props, h("select", { ...basics(props), class: control(props, "form-select"), onChange: pick }, none, rows));
  };
  const radio = (props) =>
    grouped(props, "radiogroup", options(props).map((option, index) =>
      tick(props, index, option, { type: "radio", checked: option.value === props.value, onChange: () => props.onChange({ value: option.value }) })));
  const checklist = (props) => {
    const values = props.value ?? [];
    const toggle = (value) => props.onChange({ value: values.includes(value) ? values.filter((other) => other !== value) : [...values, value] });
    return grouped(props, "group", options(props).map((option, index) =>
      tick(props, index, option, { type: "checkbox", checked: values.includes(option.value), onChange: () => toggle(option.value) })));
  };
  // form-js makes the values of lists that aren't offered empty by itself; ours leave them, and the server tells
  const keeping = { sanitizeValue: ({ value }) => value ?? null };
  const list = { sanitizeValue: ({ value }) => (Array.isArray(value) ? value : []) };
  return { select: [select, Select, keeping], radio: [radio, Radio, keeping], checklist: [checklist, Checklist, list], taglist: [(props) => checklist(props), Taglist, list] };
}

function area(props) {
  const ref = useRef();
  useEffect(() => grow(ref.current), [props.value]);
  return labelled(props, h("textarea", { ...basics(props), ref, class: control(props), rows: 4, value: props.value ?? "", onInput: (event) => props.onChange({ value: event.target.value }) }));
}

/** As high as its text, within bounds. */
function grow(textarea) {
  textarea.style.height = "auto";
  textarea.style.height = `${Math.min(Math.max(textarea.scrollHeight + 2, 96), 420)}px`;
}

/** Digits as one writes them; what was understood is shown when leaving the field. */
function NumberField(props) {
  const [typed, setTyped] = useState(null);
  const shown = typed ?? writeNumber(props.value);
  const input = (event) => {
    setTyped(event.target.value);
    props.onChange({ value: readNumber(event.target.value) });
  };
  const leave = () => {
    setTyped(null);
    props.onBlur();
  };
  const field = h("input", { ...basics(props), type: "text", inputmode: "decimal", class: control(props), value: shown, onInput: input, onBlur: leave });
  return labelled(props, adorned(props, field));
}

function box(props) {
  const ticked = { type: "checkbox", checked: props.value === true, onChange: (event) => props.onChange({ value: event.target.checked }) };
  return h("div", { class: "mb-3" }, h("label", { class: "form-check" }, h("input", { ...basics(props), ...ticked, class: "form-check-input" }), h("span", { class: "form-check-label" }, props.field.label, star(props))), about(props));
}

/** A day: typed in the reader's order, or chosen from a calendar, and said in words. */
function dayField(words) {
  return function DayField(props) {
    const [typed, setTyped] = useState(null);
    const [open, setOpen] = useState(false);
    const wrapper = useRef();
    const shown = typed ?? writeDay(props.value);
    const input = (event) => {
      setTyped(event.target.value);
      props.onChange({ value: readDay(event.target.value) });
    };
    const leave = () => {
      setTyped(null);
      props.onBlur();
    };
    const close = (focus) => {
      setOpen(false);
      if (focus) wrapper.current.querySelector("button").focus();
    };
    const label = props.field.dateLabel ?? props.field.label;
    const field = h("input", { ...basics(props, [words.day && `${props.domId}-words`]), type: "text", inputmode: "numeric", autocomplete: "off", class: control(props), placeholder: dayPattern(words.pattern), value: shown, onInput: input, onBlur: leave });
    const editable = !props.disabled && !props.readonly;
    const button = editable && h("button", { type: "button", class: "btn btn-icon", "aria-label": `${words.calendar}: ${label}`, "aria-expanded": String(open), onClick: () => setOpen(!open) }, h("svg", { class: "icon", "aria-hidden": "true" }, h("use", { href: words.icons.calendar })));
    const calendar = open && h(Calendar, { words, label, value: props.value, wrapper, close, pick: (iso) => { setTyped(null); props.onChange({ value: iso }); close(true); } });
    return labelled({ ...props, field: { ...props.field, label } }, h("div", { class: "day-field", ref: wrapper }, h("div", { class: "input-group" }, field, button), calendar, h("div", { id: `${props.domId}-words`, class: "form-hint", "aria-live": "polite" }, sayDay(props.value))));
  };
}

/** A month to choose a day from (cally), loaded when it is first asked for. */
function Calendar({ words, label, value, wrapper, close, pick }) {
  const ref = useRef();
  useEffect(() => {
    let gone = false;
    const outside = (event) => wrapper.current.contains(event.target) || close(false);
    const escape = (event) => event.key === "Escape" && (event.stopPropagation(), close(true));
    wrapper.current.addEventListener("keydown", escape);
    document.addEventListener("pointerdown", outside);
    const chosen = () => pick(ref.current.value);
    import("cally").then(() => {
      if (gone) return;
      ref.current.addEventListener("change", chosen);
      requestAnimationFrame(() => ref.current?.focus?.({ target: "day" }));
    });
    return () => {
      gone = true;
      wrapper.current?.removeEventListener("keydown", escape);
      document.removeEventListener("pointerdown", outside);
    };
  }, []);
  const arrow = (slot, path, said) => h("span", { slot, "aria-label": said, role: "img" }, h("svg", { class: "icon icon-turn", "aria-hidden": "true" }, h("use", { href: path })));
  const shown = /^\d{4}-\d\d-\d\d$/.test(value ?? "") ? { value, "focused-date": value } : {};
  return h("div", { class: "day-calendar", role: "dialog", "aria-label": label }, h("calendar-date", { ref, ...shown, locale: words.locale, "first-day-of-week": words.firstDay }, arrow("previous", words.icons.previous, words.previous), arrow("next", words.icons.next, words.next_month), h("calendar-month", {})));
}

/** Attributes that every control has. */
function basics(props, more = []) {
  const { field, domId, errors = [] } = props;
  const described = [field.description && `${domId}-hint`, errors.length && `${domId}-wrong`, ...more].filter(Boolean).join(" ");
  return {
    id: domId, disabled: props.disabled, readonly: props.readonly, "aria-required": field.validate?.required ? "true" : undefined,
    "aria-invalid": errors.length ? "true" : undefined, "aria-describedby": described || undefined, onBlur: props.onBlur, onFocus: props.onFocus,
  };
}

const control = (props, name = "form-control") => (props.errors?.length ? `${name} is-invalid` : name);
const star = (props) => props.field.validate?.required && h("span", { class: "required-star", "aria-hidden": "true" }, "*");

/** What the form puts before and after a field: €, days. */
function adorned({ field }, element) {
  const { prefixAdorner: before, suffixAdorner: after } = field.appearance ?? {};
  if (!before && !after) return element;
  const sign = (text) => text && h("span", { class: "input-group-text" }, text);
  return h("div", { class: "input-group" }, sign(before), element, sign(after));
}

function labelled(props, element) {
  const label = h("label", { class: "form-label", for: props.domId }, props.field.label, star(props));
  return h("div", { class: "mb-3" }, label, element, about(props));
}

function grouped(props, role, rows) {
  const { required, ...rest } = basics(props);
  const { id, disabled, readonly, onBlur, onFocus, ...told } = rest;
  const leave = (event) => event.currentTarget.contains(event.relatedTarget) || props.onBlur();
  const legend = h("legend", { class: "form-label", id: `${props.domId}-label` }, props.field.label, star(props));
  if (role === "group") delete told["aria-required"], delete told["aria-invalid"];
  return h("fieldset", { class: "mb-3 choices", id: props.domId, tabindex: -1, role, "aria-labelledby": `${props.domId}-label`, ...told, onFocusOut: leave }, legend, rows, about(props));
}

function tick(props, index, option, input) {
  const fixed = props.disabled || props.readonly;
  return h("label", { class: "form-check", key: option.key }, h("input", { ...input, id: `${props.domId}-${index}`, name: props.domId, disabled: fixed, class: "form-check-input" }), h("span", { class: "form-check-label" }, option.label));
}

/** A hint, and what is wrong. */
function about({ field, domId, errors = [] }) {
  return [
    errors.length > 0 && h("div", { id: `${domId}-wrong`, class: "field-errors" }, errors.map((text) => h("div", { class: "field-error" }, text))),
    field.description && h("div", { id: `${domId}-hint`, class: "form-hint" }, field.description),
  ];
}
