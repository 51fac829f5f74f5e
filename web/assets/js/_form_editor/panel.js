// What can be said of the selected component, each with a field of its own.
import { control } from "./controls.js";
import { changesOf, propertiesOf, readProperty } from "./properties.js";

/** Milliseconds after the last letter. */
const SOON = 300;

export class Panel {
  constructor(building) {
    Object.assign(this, { building, editor: building.editor, words: building.words, place: building.part("panel") });
    this.head = building.part("head");
    this.editor.on("selection.changed", () => this.show());
    this.editor.on("commandStack.changed", () => this.refresh());
    building.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-form-move]");
      if (button) this.move(button.dataset.formMove, button);
    });
    this.show();
  }

  /** The selected component, as it stands in the form now. */
  get field() {
    const selected = this.editor.get("selection").get();
    return selected && selected.type !== "default" ? this.editor.get("formFieldRegistry").get(selected.id) : null;
  }

  show() {
    this.flush?.();
    this.shown = this.field;
    this.head.hidden = !this.shown;
    if (!this.shown) return this.place.replaceChildren(hint(this.words.of_form));
    this.head.querySelector("[data-form-type]").textContent = this.words.types[this.shown.type].name;
    this.place.replaceChildren(...propertiesOf(this.shown, this.words).map(([id, properties]) => this.group(id, properties)));
    this.stand();
  }

  /** Something was changed: what was changed here stands here already. */
  refresh() {
    if (this.setting) this.stand();
    else this.show();
  }

  group(id, properties) {
    const group = Object.assign(document.createElement("fieldset"), { className: "form-panel-group" });
    const title = Object.assign(document.createElement("legend"), { textContent: this.words.groups[id] });
    group.append(title, ...properties.map((property) => this.entry(property)));
    return group;
  }

  entry(property) {
    const field = this.shown;
    const entry = control(property, {
      value: readProperty(field, property), words: this.words, picks: this.picks(property, field),
      check: (text) => property.check?.(text, field, this.editor.get("formFieldRegistry"), this.words) ?? "",
      set: (value, { later = false, anew = false } = {}) => this.set(field, property, value, later, anew),
    });
    return entry;
  }

  picks(property, field) {
    if (property.of === "values") return [this.words.picks.defaultValue[0], ...(field.values ?? []).map(({ label, value }) => ({ value: String(value), name: label }))];
    if (property.of) return this.building.marks?.offers?.picks[property.of] ?? [];
    return this.words.picks[property.name] ?? [];
  }

  /** Changes the form: soon, while somebody writes, so that a word is one step to undo. */
  set(field, property, value, later, anew) {
    if (this.written !== property.name) this.flush?.();
    clearTimeout(this.timer);
    this.written = property.name;
    this.flush = () => {
      clearTimeout(this.timer);
      this.flush = null;
      this.change(field, property, value);
      if (anew || property.name === "account" || property.name === "readonly") this.again(property);
    };
    if (later) this.timer = setTimeout(() => this.flush?.(), SOON);
    else this.flush();
  }

  change(field, property, value) {
    if (JSON.stringify(readProperty(field, property)) === JSON.stringify(value)) return;
    if (this.editor.get("formFieldRegistry").get(field.id) !== field) return;
    this.setting = true;
    this.editor.get("modeling").editFormField(field, changesOf(field, property, value));
    this.setting = false;
  }

  /** Shows the panel anew, with the focus where it was. */
  again(property) {
    const id = document.activeElement?.id;
    this.show();
    (document.getElementById(id) ?? this.place.querySelector(`[data-property="${property.name}"] :is(input, button)`))?.focus();
  }

  move(how, button) {
    this.flush?.();
    const field = this.field;
    const parent = this.editor.get("formFieldRegistry").get(field._parent);
    const at = parent.components.indexOf(field);
    const modeling = this.editor.get("modeling");
    if (how === "remove") return modeling.removeFormField(field, parent, at);
    modeling.moveFormField(field, parent, parent, at, how === "up" ? at - 1 : at + 2, null, null);
    this.editor.get("selection").set(field);
    this.show();
    button.focus();
  }

  /** What can't be done here. */
  stand() {
    const siblings = this.editor.get("formFieldRegistry").get(this.shown._parent)?.components ?? [];
    this.head.querySelector('[data-form-move="up"]').disabled = siblings[0] === this.shown;
    this.head.querySelector('[data-form-move="down"]').disabled = siblings.at(-1) === this.shown;
  }
}

function hint(textContent) {
  return Object.assign(document.createElement("p"), { className: "text-secondary form-panel-hint", textContent });
}
