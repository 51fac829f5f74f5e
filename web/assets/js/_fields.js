// The fields of forms, in the manner of all other fields of Iter: form-js brings the rest (schema, conditions, values).
//
// Its own fields have no names for screen readers (groups of boxes, choices) and know no other language's dates.
import {
  Checkbox,
  Checklist,
  Datetime,
  Numberfield,
  Radio,
  Select,
  Taglist,
  Textarea,
  Textfield,
} from "@bpmn-io/form-js-viewer";
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { dayField } from "./_day_field.js";
import { about, adorned, basics, control, grouped, labelled, signs, star, tick } from "./_field_parts.js";
import { readNumber, writeNumber } from "./_reading.js";

/** Puts our fields in the place of form-js's. `words`: texts in the reader's language; `values`: what the form began with. */
export function fieldsModule(words, values) {
  Object.assign(signs, words.icons);
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
    labelled(
      props,
      adorned(
        props,
        h("input", {
          ...basics(props),
          type,
          class: control(props),
          value: props.value ?? "",
          onInput: (event) => props.onChange({ value: event.target.value }),
        }),
      ),
    );
  const textfield = (props) =>
    typed({ email: "email", phone: "tel" }[props.field.validate?.validationType] ?? "text")(props);
  return {
    textfield: [textfield, Textfield],
    textarea: [area, Textarea],
    number: [NumberField, Numberfield, { sanitizeValue: ({ value }) => value ?? null }],
    checkbox: [box, Checkbox],
  };
}

/** Fields in which something is chosen. */
function chosen(choices, words) {
  const options = (props) =>
    choices(props.field).map(({ label, value }) => ({ label, value, key: JSON.stringify(value) }));
  const select = (props) => {
    const found = options(props);
    const pick = (event) => props.onChange({ value: found[event.target.selectedIndex - 1]?.value ?? null });
    const rows = found.map((option) =>
      h("option", { value: option.key, selected: option.value === props.value }, option.label),
    );
    const none = h("option", { value: "", selected: props.value === null || props.value === undefined }, words.choose);
    return labelled(
      props,
      h("select", { ...basics(props), class: control(props, "form-select"), onChange: pick }, none, rows),
    );
  };
  const radio = (props) =>
    grouped(
      props,
      "radiogroup",
      options(props).map((option, index) =>
        tick(props, index, option, {
          type: "radio",
          checked: option.value === props.value,
          onChange: () => props.onChange({ value: option.value }),
        }),
      ),
    );
  const checklist = (props) => {
    const values = props.value ?? [];
    const toggle = (value) =>
      props.onChange({
        value: values.includes(value) ? values.filter((other) => other !== value) : [...values, value],
      });
    return grouped(
      props,
      "group",
      options(props).map((option, index) =>
        tick(props, index, option, {
          type: "checkbox",
          checked: values.includes(option.value),
          onChange: () => toggle(option.value),
        }),
      ),
    );
  };
  // form-js makes the values of lists that aren't offered empty by itself; ours leave them, and the server tells
  const keeping = { sanitizeValue: ({ value }) => value ?? null };
  const list = { sanitizeValue: ({ value }) => (Array.isArray(value) ? value : []) };
  return {
    select: [select, Select, keeping],
    radio: [radio, Radio, keeping],
    checklist: [checklist, Checklist, list],
    taglist: [(props) => checklist(props), Taglist, list],
  };
}

function area(props) {
  const ref = useRef();
  useEffect(() => grow(ref.current), [props.value]);
  return labelled(
    props,
    h("textarea", {
      ...basics(props),
      ref,
      class: control(props),
      rows: 4,
      value: props.value ?? "",
      onInput: (event) => props.onChange({ value: event.target.value }),
    }),
  );
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
  const field = h("input", {
    ...basics(props),
    type: "text",
    inputmode: "decimal",
    class: control(props),
    value: shown,
    onInput: input,
    onBlur: leave,
  });
  return labelled(props, adorned(props, field));
}

function box(props) {
  const ticked = {
    type: "checkbox",
    checked: props.value === true,
    onChange: (event) => props.onChange({ value: event.target.checked }),
  };
  return h(
    "div",
    { class: "mb-3" },
    h(
      "label",
      { class: "form-check" },
      h("input", { ...basics(props), ...ticked, class: "form-check-input" }),
      h("span", { class: "form-check-label" }, props.field.label, star(props)),
    ),
    about(props),
  );
}
