// The components of forms: those that the server checks, called as it calls them, begun so that it accepts them.

/** The module that has the editor know these and no others. */
export function typesModule(words) {
  class Types {
    constructor(formFields, formFieldContextActions) {
      for (const [type, stock] of Object.entries(formFields._formFields))
        if (words.types[type]) formFields.register(type, named(stock, looks(type, stock, formFields), type, words));
        else if (type !== "default") delete formFields._formFields[type];
      formFieldContextActions.registerProvider(100, {
        getContextPadEntries: () => (entries) =>
          entries.delete ? { ...entries, delete: { ...entries.delete, title: words.remove } } : entries,
      });
    }
  }
  Types.$inject = ["formFields", "formFieldContextActions"];
  return { __init__: ["iterTypes"], iterTypes: ["type", Types] };
}

/** How it looks in the canvas: a day is a line, form-js's own is a calendar that nobody gets to see. */
function looks(type, stock, formFields) {
  if (type !== "datetime") return stock;
  const line = formFields.get("textfield");
  return (props) => line({ ...props, field: { ...props.field, label: props.field.dateLabel ?? props.field.label } });
}

/** What is read from a file stays as it is: only a new component is filled in. */
function named(stock, look, type, words) {
  const { name } = words.types[type];
  const shown = (props) => look(props);
  shown.config = { ...stock.config, name, create: (given, isNew = true) => (isNew ? { ...begun(type, name, words), ...given } : given) };
  return shown;
}

function begun(type, name, words) {
  if (["radio", "select", "checklist", "taglist"].includes(type))
    return { label: name, values: [{ label: words.new_answer, value: "answer1" }] };
  if (type === "datetime") return { subtype: "date", dateLabel: name };
  if (type === "group") return { label: name, components: [], showOutline: true };
  if (type === "text") return { text: name };
  if (type === "spacer") return { height: 60 };
  return type === "separator" ? {} : { label: name };
}
