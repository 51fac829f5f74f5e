// What fields of forms are made of: a label, the control with its attributes, a hint, and what is wrong.
import { h } from "preact";

/** Addresses of icons, put in when a form is shown. */
export const signs = {};

/** Attributes that every control has. */
export function basics(props, more = []) {
  const { field, domId, errors = [] } = props;
  const described = [field.description && `${domId}-hint`, errors.length && `${domId}-wrong`, ...more]
    .filter(Boolean)
    .join(" ");
  return {
    id: domId,
    disabled: props.disabled,
    readonly: props.readonly,
    "aria-required": field.validate?.required ? "true" : undefined,
    "aria-invalid": errors.length ? "true" : undefined,
    "aria-describedby": described || undefined,
    onBlur: props.onBlur,
    onFocus: props.onFocus,
  };
}

export const icon = (address, more = "") =>
  h("svg", { class: `icon ${more}`, "aria-hidden": "true" }, h("use", { href: address }));
export const control = (props, name = "form-control") => (props.errors?.length ? `${name} is-invalid` : name);
export const star = (props) =>
  props.field.validate?.required && h("span", { class: "required-star", "aria-hidden": "true" }, "*");

/** What the form puts before and after a field: €, days. */
export function adorned({ field }, element) {
  const { prefixAdorner: before, suffixAdorner: after } = field.appearance ?? {};
  if (!before && !after) return element;
  const sign = (text) => text && h("span", { class: "input-group-text" }, text);
  return h("div", { class: "input-group" }, sign(before), element, sign(after));
}

export function labelled(props, element) {
  const label = h("label", { class: "form-label", for: props.domId }, props.field.label, star(props));
  return h("div", { class: "mb-3" }, label, element, about(props));
}

export function grouped(props, role, rows) {
  const { required, ...rest } = basics(props);
  const { id, disabled, readonly, onBlur, onFocus, ...told } = rest;
  const leave = (event) => event.currentTarget.contains(event.relatedTarget) || props.onBlur();
  const legend = h("legend", { class: "form-label", id: `${props.domId}-label` }, props.field.label, star(props));
  if (role === "group") (delete told["aria-required"], delete told["aria-invalid"]);
  return h(
    "fieldset",
    {
      class: "mb-3 choices",
      id: props.domId,
      tabindex: -1,
      role,
      "aria-labelledby": `${props.domId}-label`,
      ...told,
      onFocusOut: leave,
    },
    legend,
    rows,
    about(props),
  );
}

export function tick(props, index, option, input) {
  const fixed = props.disabled || props.readonly;
  return h(
    "label",
    { class: "form-check", key: option.key },
    h("input", {
      ...input,
      id: `${props.domId}-${index}`,
      name: props.domId,
      disabled: fixed,
      class: "form-check-input",
    }),
    h("span", { class: "form-check-label" }, option.label),
  );
}

/** A hint, and what is wrong. */
export function about({ field, domId, errors = [] }) {
  return [
    errors.length > 0 &&
      h(
        "div",
        { id: `${domId}-wrong`, class: "field-errors" },
        errors.map((text) => h("div", { class: "field-error" }, icon(signs.wrong), text)),
      ),
    field.description && h("div", { id: `${domId}-hint`, class: "form-hint" }, field.description),
  ];
}
