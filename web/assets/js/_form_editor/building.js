// A form of a draft, being built: fields by drag and drop, what can be said of each, every change kept.
import { FormEditor } from "@bpmn-io/form-js-editor";
import { DraftFile } from "../_draft_file.js";
import { inertModule, showForm } from "../_showing.js";
import { Marks } from "./marks.js";
import { Panel } from "./panel.js";
import { typesModule } from "./types.js";
import { idsIn, write } from "./writing.js";

export class Building {
  /** @param {HTMLElement} root what processes/form_editor.html makes */
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-form-${name}]`);
    this.words = JSON.parse(this.part("words").textContent);
    this.original = JSON.parse(JSON.parse(this.part("source").textContent));
  }

  async begin() {
    this.editor = new FormEditor({
      container: this.part("canvas"),
      additionalModules: [inertModule(this.words.form), plainModule(), typesModule(this.words)],
      // both are ours: form-js's own speak English alone, and offer what the server doesn't check
      palette: { parent: document.createElement("div") },
      propertiesPanel: { parent: document.createElement("div") },
    });
    if (!(await this.open())) return;
    // words that form-js has in English alone, put in by the styles
    this.root.style.setProperty("--form-choose", JSON.stringify(this.words.form.choose));
    this.root.style.setProperty("--form-empty-group", JSON.stringify(this.words.empty_group));
    this.panel = new Panel(this);
    this.marks = new Marks(this);
    this.file = new DraftFile(this.root, { read: () => this.write(), looked: (found) => this.marks.show(found) });
    this.editor.on("commandStack.changed", () => this.changed());
    this.root.addEventListener("click", (event) => this.clicked(event.target));
    this.part("look-place").addEventListener("submit", (event) => event.preventDefault(), true);
    await this.file.begin();
    this.stand();
    this.root.dataset.ready = "yes";
  }

  /** Shows the form; one that can't be shown (two fields of one name) is opened as its text, which says why. */
  async open() {
    try {
      await this.editor.importSchema(this.original);
      const there = new Set(idsIn(this.original));
      this.made = new Set([...idsIn(this.schema)].filter((id) => !there.has(id)));
      return true;
    } catch {
      location.replace("?as=broken");
      return false;
    }
  }

  get schema() {
    return this.editor.getSchema();
  }

  /** The form as a file. */
  write() {
    return write(this.schema, this.original, this.made);
  }

  changed() {
    this.stand();
    this.file.changed();
    setTimeout(() => this.holdFocus());
  }

  /** What had the focus may be gone: keys still reach the editor. */
  holdFocus() {
    if (document.activeElement === document.body) this.part("canvas").firstElementChild.focus({ preventScroll: true });
  }

  stand() {
    const stack = this.editor.get("commandStack");
    this.root.querySelector('[data-form-do="undo"]').disabled = !stack.canUndo();
    this.root.querySelector('[data-form-do="redo"]').disabled = !stack.canRedo();
    this.part("empty").hidden = this.schema.components.length > 0;
  }

  clicked(target) {
    if (target.closest("button")) this.panel.flush?.(); // what is being written comes before what a button does
    const part = target.closest("[data-form-part]");
    if (part) this.add(part.dataset.fieldType);
    const button = target.closest("[data-form-do]");
    if (button?.dataset.formDo === "look") this.look(button);
    else if (button) this.editor.get("commandStack")[button.dataset.formDo]();
  }

  /** Puts a new field below the one that is selected, or at the end. */
  add(type) {
    const registry = this.editor.get("formFieldRegistry");
    const selected = this.editor.get("selection").get();
    const isField = selected && selected.type !== "default" && registry.get(selected.id);
    const parent = isField ? registry.get(selected._parent) : this.editor._getState().schema;
    const at = isField ? parent.components.indexOf(selected) + 1 : parent.components.length;
    const layout = { row: this.editor.get("formLayouter").nextRowId(), columns: null };
    this.editor.get("modeling").addFormField({ type, _parent: parent.id, layout }, parent, at);
  }

  /** The form as those see it who fill it in, or the workbench again. */
  async look(button) {
    const looking = this.root.classList.toggle("is-looking");
    button.setAttribute("aria-pressed", String(looking));
    this.part("look").hidden = !looking;
    this.shown?.destroy();
    this.shown = looking ? await this.preview() : null;
  }

  async preview() {
    const about = { schema: structuredClone(this.schema), values: {}, words: this.words.form };
    const { form } = await showForm(this.part("look-place"), about);
    form._container.classList.remove("fjs-container"); // under which the canvas has form-js's own styles
    return form;
  }
}

/** Texts are what they are, and nothing is changed but what was asked for. */
function plainModule() {
  const texts = { isExpression: () => false, evaluate: (text) => text, evaluateUnaryTest: () => false, getVariableNames: () => [] };
  const none = ["value", { registerProvider: () => {}, attachTo: () => {} }];
  return {
    expressionLanguage: ["value", texts],
    propertiesPanel: none,
    validateBehavior: none, // takes lengths away where a text is written as a mail address
  };
}
