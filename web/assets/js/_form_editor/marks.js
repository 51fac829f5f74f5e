// What is wrong, at the fields where it is wrong; the list below leads to them.
import { Problems } from "../_problems.js";

export class Marks {
  constructor({ root, editor }) {
    this.root = root;
    this.editor = editor;
    // a sheet of its own: the editor writes the classes of what it draws anew
    this.sheet = new CSSStyleSheet();
    document.adoptedStyleSheets.push(this.sheet);
    this.problems = new Problems(root, {
      reaches: (problem) => Boolean(this.field(problem)),
      goTo: (problem) => this.goTo(this.field(problem)),
    });
  }

  /** Shows all problems of the draft in place of those that were shown; `offers`: what can be picked now. */
  show({ problems, offers }) {
    this.offers = offers;
    this.problems.show(problems);
    const own = problems.filter((problem) => problem.file === this.root.dataset.path);
    const fields = new Set(own.map((problem) => this.field(problem)?.id).filter(Boolean));
    const marked = [...fields].map((id) => `.form-canvas [data-id="${CSS.escape(id)}"] { box-shadow: inset 3px 0 0 #b3261e; }`);
    this.sheet.replaceSync(marked.join("\n"));
  }

  /** The component that the server calls by its key, its id or, where it has none, its type. */
  field({ element }) {
    if (!element) return null;
    const all = this.editor.get("formFieldRegistry").getAll();
    return all.find((field) => field.key === element) ?? all.find((field) => field.id === element || field.type === element) ?? null;
  }

  goTo(field) {
    const selection = this.editor.get("selection");
    selection.set(null);
    selection.set(field);
    const place = this.root.querySelector(`.form-canvas [data-id="${CSS.escape(field.id)}"]`);
    place?.scrollIntoView({ block: "center" });
    place?.focus({ preventScroll: true });
  }
}
