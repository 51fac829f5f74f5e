// What is wrong, on the shapes where it is wrong; the list below leads to them, and they lead to it.
import { Problems } from "../_problems.js";

export class Marks {
  constructor(modeling) {
    this.modeler = modeling.modeler;
    this.problems = new Problems(modeling.root, {
      reaches: (problem) => Boolean(this.shape(problem)),
      goTo: (problem) => this.goTo(this.shape(problem)),
    });
  }

  /** Shows all problems of the draft in place of those that were shown. */
  show(problems) {
    this.problems.show(problems);
    this.modeler.get("overlays").remove({ type: "iter-problem" });
    const own = problems.filter((problem) => problem.file === this.problems.path);
    for (const [shape, found] of Map.groupBy(own, (problem) => this.shape(problem))) if (shape) this.mark(shape, found);
  }

  mark(shape, found) {
    const worst = found.find((problem) => problem.severity === "error") ?? found[0];
    const sign = document.createElement("button");
    sign.type = "button";
    sign.className = `sign sign-${worst.severity}`;
    sign.title = found.map((problem) => `${problem.problem} ${problem.remedy}`).join("\n");
    sign.setAttribute("aria-label", sign.title);
    sign.append(this.problems.icon(worst), found.length > 1 ? String(found.length) : "");
    sign.addEventListener("click", () => this.problems.open(worst));
    const position = shape.waypoints ? { top: 0, left: 0 } : { top: -13, left: -13 };
    this.modeler.get("overlays").add(shape, "iter-problem", { position, html: sign, scale: { min: 1, max: 1.25 } });
  }

  /** The shape of a problem's element; of one that has none (a timer's definition), what it stands in; else null. */
  shape({ element }) {
    const registry = this.modeler.get("elementRegistry");
    return (element && (registry.get(element) ?? registry.find((shape) => isInside(shape.businessObject, element)))) || null;
  }

  goTo(shape) {
    const canvas = this.modeler.get("canvas");
    canvas.setRootElement(canvas.findRoot(shape));
    canvas.scrollToElement(shape, 80);
    this.modeler.get("selection").select(shape);
  }
}

function isInside(bo, id) {
  return bo?.eventDefinitions?.some((one) => one.id === id) || bo?.loopCharacteristics?.id === id || bo?.processRef?.id === id;
}
