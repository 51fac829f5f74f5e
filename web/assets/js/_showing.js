// A form-js form in a place of the page: our fields, texts that stay texts, and errors told when it is time.
import { Form, MarkdownRenderer } from "@bpmn-io/form-js-viewer";
import { fieldsModule } from "./_fields.js";

/** Shows a form. Gives it, with what one asks and tells it. */
export async function showForm(container, { schema, values, words }) {
  const texts = [...componentsOf(schema)].filter((part) => part.key && !part.readonly && !part.disabled);
  const form = new Form({
    container,
    additionalModules: [inertModule(words), calmModule(words), fieldsModule(words, values)],
    properties: { ariaLabel: words.form },
  });
  await form.importSchema(schema, values);
  return {
    form,
    /** The fields that carry a value, in order. */
    fields: texts,
    /** What has been filled in, hidden fields too: to begin with again. */
    content: () => pick(form._getState().data, texts),
    /** What is to be sent: what is shown and carries a value. */
    data: () => pick(form._getSubmitData(), texts),
    /** Checks everything, and says what is wrong: {key: [texts]}. */
    check: () => byKey(form.validate(), texts),
    /** Shows what the server finds wrong, for as long as a field keeps that value. */
    refuse: (errors) => {
      form.get("calm").refuse(errors);
      form.validate();
    },
    /** Begins anew with other values. */
    begin: (content) => form.importSchema(schema, { ...values, ...content }),
    /** What to give the focus to, to mend a field. */
    element: (key) => {
      const id = texts.find((part) => part.key === key)?.id;
      const found = id && document.getElementById(`fjs-form-${form._id}-${id}`);
      return found?.matches("fieldset") ? found.querySelector("input") : found;
    },
  };
}

/** The components of a form, those of groups among them. Each has an id. */
function* componentsOf(schema) {
  for (const part of schema.components ?? []) {
    part.id ??= `Part_${part.key ?? Math.random().toString(36).slice(2)}`;
    yield part;
    yield* componentsOf(part);
  }
}

const pick = (data, fields) =>
  Object.fromEntries(fields.filter(({ key }) => data[key] !== undefined).map(({ key }) => [key, data[key]]));

function byKey(errors, fields) {
  return Object.fromEntries(fields.filter(({ id }) => errors[id]?.length).map(({ id, key }) => [key, errors[id]]));
}

/** Labels and texts are what they are: nothing in them is evaluated, no tag in them counts. */
export function inertModule(words) {
  class Inert extends MarkdownRenderer {
    render(text) {
      return super.render(text.replaceAll("<", "&lt;"));
    }
  }
  Inert.$inject = [];
  const plain = { isTemplate: () => false, evaluate: (text) => text, getVariableNames: () => [] };
  const translate = (text, values = {}) =>
    (words.messages[text] ?? text).replace(/{([^}]+)}/g, (whole, name) => values[name] ?? whole);
  return { markdownRenderer: ["type", Inert], templating: ["value", plain], translate: ["value", translate] };
}

const isEmpty = (value) => value === null || value === undefined || value === "" || value?.length === 0;

/** What was typed as a number or day, and is none. */
function misread(field, value, words) {
  if (typeof value !== "string" || !value) return null;
  if (field.type === "number") return [words.messages.number];
  return field.type === "datetime" && !/^\d{4}-\d\d-\d\d$/.test(value) ? [words.messages.day] : null;
}

/** A field is judged when it was left or the form was sent, not at its first letter. */
function calmModule(words) {
  class Calm {
    constructor(validator, eventBus, form, formFieldRegistry, formFieldInstanceRegistry, viewerCommands) {
      const left = new Set();
      const judge = validator.validateFieldInstance.bind(validator);
      this.refused = new Map();
      this.registry = formFieldRegistry;
      validator.validateFieldInstance = (instance, value) => {
        if (!this.all && (isEmpty(value) || !left.has(instance.id))) return [];
        const own = misread(formFieldRegistry.get(instance.id), value, words) ?? judge(instance, value);
        const refused = this.refused.get(instance.id);
        return refused && refused.value === JSON.stringify(value ?? null)
          ? [...new Set([...refused.texts, ...own])]
          : own;
      };
      eventBus.on("formField.blur", ({ formField }) => {
        left.add(formField.id);
        for (const instance of formFieldInstanceRegistry.getAll())
          if (instance.id === formField.id)
            viewerCommands.updateFieldInstanceValidation(instance, form._getState().data[formField.key]);
      });
      const validate = form.validate.bind(form);
      form.validate = () => {
        this.all = true;
        return validate();
      };
      eventBus.on("import.done", () => {
        this.all = false;
        left.clear();
      });
      this.value = (key) => JSON.stringify(form._getState().data[key] ?? null);
    }
    refuse(errors) {
      this.refused.clear();
      for (const field of this.registry.getAll())
        if (errors[field.key]) this.refused.set(field.id, { value: this.value(field.key), texts: errors[field.key] });
    }
  }
  Calm.$inject = ["validator", "eventBus", "form", "formFieldRegistry", "formFieldInstanceRegistry", "viewerCommands"];
  return { __init__: ["calm"], calm: ["type", Calm] };
}
