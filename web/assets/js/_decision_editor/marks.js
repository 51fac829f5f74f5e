// What is wrong, at the rules where it is wrong; the list below leads to them.
import { Problems } from "../_problems.js";

export class Marks {
  constructor({ root, dmn }) {
    this.root = root;
    this.dmn = dmn;
    // a sheet of its own: the table writes the classes of what it shows anew
    this.sheet = new CSSStyleSheet();
    document.adoptedStyleSheets.push(this.sheet);
    this.problems = new Problems(root, {
      reaches: (problem) => Boolean(this.view(problem)),
      goTo: (problem) => this.goTo(problem),
    });
  }

  /** Shows all problems of the draft in place of those that were shown. */
  show(problems) {
    this.problems.show(problems);
    const own = problems.filter((problem) => problem.file === this.root.dataset.path && problem.element);
    const places = own.map(({ element }) => cells(element)).join(", ");
    this.sheet.replaceSync(places && `${places} { box-shadow: inset 0 0 0 1px #b3261e; }`);
  }

  /** The decision that holds the problem's element. */
  view({ element }) {
    if (!element) return null;
    return this.dmn.getViews().find((view) => view.type !== "drd" && holds(view.element, element)) ?? this.dmn.getViews().find((view) => view.id === element) ?? null;
  }

  async goTo(problem) {
    await this.dmn.open(this.view(problem));
    const places = [...this.root.querySelectorAll(cells(problem.element))];
    places[0]?.scrollIntoView({ block: "center" });
    places.map((place) => place.querySelector("[contenteditable]")).find(Boolean)?.focus({ preventScroll: true });
  }
}

/** The cells of a rule, of a column, or of one entry. */
function cells(id) {
  return ["row", "col", "element"].map((kind) => `.decision-canvas [data-${kind}-id="${CSS.escape(id)}"]`).join(", ");
}

/** Whether an element, or something in it, has the id. */
function holds(element, id) {
  if (element.id === id) return true;
  const parts = (element.$descriptor?.properties ?? []).filter((one) => !one.isReference && !one.isAttr).flatMap((one) => element[one.name.split(":").pop()] ?? []);
  return parts.some((part) => part?.$descriptor && holds(part, id));
}
