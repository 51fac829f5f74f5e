// Decisions of a draft, being changed: tables, expressions and how they need each other; every change kept.
import Modeler from "dmn-js/lib/Modeler";
import Viewer from "dmn-js/lib/NavigatedViewer";
import { DraftFile, remarksIn } from "../_draft_file.js";
import { Marks } from "./marks.js";
import { adoptEditorStyles } from "./styles.js";
import { offeredModule } from "./offered.js";
import { translationModule } from "./words.js";

const EDITORS = ["drd", "decisionTable", "literalExpression", "boxedExpression"];
/** Pixels that the palette takes, and the diagram's name. */
const BESIDE = 90;
const BELOW = 110;
/** Types that Iter's answers have (docs/reference/decisions.md). */
const TYPES = ["string", "boolean", "number", "date", "time", "dateTime", "dayTimeDuration", "yearMonthDuration", "Any"];

export class Deciding {
  /** @param {HTMLElement} root what processes/decision_editor.html makes */
  constructor(root) {
    this.root = root;
    this.part = (name) => root.querySelector(`[data-decision-${name}]`);
    this.isShown = root.dataset.shown === "yes";
  }

  async begin() {
    adoptEditorStyles();
    const modules = [translationModule(document.documentElement.lang)];
    const options = Object.fromEntries(EDITORS.map((editor) => [editor, { additionalModules: modules }]));
    if (!this.isShown) options.drd.additionalModules = [...modules, offeredModule];
    options.drd.textRenderer = { defaultStyle: { fontFamily: getComputedStyle(document.body).fontFamily } };
    const container = this.part("canvas");
    const dmn = (this.dmn = new (this.isShown ? Viewer : Modeler)({ container, common: { dataTypes: TYPES }, ...options }));
    dmn.on("views.changed", () => this.showViews());
    dmn.on("import.render.complete", ({ view }) => (view?.type === "drd" ? this.fit() : this.name()));
    dmn.on("viewer.created", ({ viewer }) => viewer.on("commandStack.changed", () => this.changed()));
    this.root.addEventListener("click", (event) => this.clicked(event.target));
    if (!(await this.open(JSON.parse(this.part("source").textContent)))) return;
    await this.follow();
    this.root.dataset.ready = "yes";
  }

  /** Shows the file; one that can't be read is opened as its text, which says why. */
  async open(text) {
    try {
      const { warnings } = await this.dmn.importXML(text);
      const lost = [...warnings, ...remarksIn(text)];
      if (lost.length && !this.isShown) this.lock(lost);
    } catch {
      if (!this.isShown) location.replace("?as=broken");
      return false;
    }
    const tables = this.dmn.getViews().filter((view) => view.type !== "drd");
    if (tables.length === 1) await this.dmn.open(tables[0]);
    this.opened = true;
    this.stand();
    return true;
  }

  async follow() {
    this.marks = new Marks(this);
    if (this.isShown) return;
    this.file = new DraftFile(this.root, { read: () => this.write(), looked: ({ problems }) => this.marks.show(problems), mayKeep: () => !this.locked });
    await this.file.begin();
  }

  /** What couldn't be read would be lost by saving: then it is only shown, until its owner says otherwise. */
  lock(warnings) {
    this.locked = true;
    const told = this.part("unread");
    told.hidden = false;
    told.querySelector("[data-decision-lines]").textContent = warnings.slice(0, 5).map(({ message }) => message).join(" · ");
    told.querySelector("button").addEventListener("click", () => {
      this.locked = false;
      told.hidden = true;
      this.changed();
    });
  }

  /** The decisions as a file. */
  async write() {
    return (await this.dmn.saveXML({ format: true })).xml;
  }

  changed() {
    if (!this.opened) return;
    this.stand();
    if (this.file && !this.locked) this.file.changed();
  }

  /** The whole diagram, never larger than it was drawn, beside the palette and below its name. */
  fit() {
    const canvas = this.dmn.getActiveViewer().get("canvas");
    const { inner, outer } = canvas.viewbox();
    const scale = Math.min(1, (outer.width - 2 * BESIDE) / inner.width, (outer.height - 2 * BELOW) / inner.height);
    const [width, height] = [outer.width / scale, outer.height / scale];
    canvas.viewbox({ x: inner.x - BESIDE / scale, y: inner.y - BELOW / scale, width, height });
  }

  /** Gives a name to the column that dmn-js leaves nameless, and has keys scroll the table. */
  name() {
    const column = this.part("canvas").querySelector("th.index-column");
    if (column && !column.textContent) column.append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: this.root.dataset.rule }));
    const table = this.part("canvas").querySelector(".tjs-table-container");
    if (table && this.isShown) table.tabIndex = 0;
  }

  get stack() {
    return this.isShown ? null : this.dmn.getActiveViewer()?.get("commandStack", false);
  }

  stand() {
    for (const [action, can] of [["undo", this.stack?.canUndo()], ["redo", this.stack?.canRedo()]]) {
      const button = this.root.querySelector(`[data-decision-do="${action}"]`);
      if (button) button.disabled = !can;
    }
  }

  clicked(target) {
    const action = target.closest("[data-decision-do]")?.dataset.decisionDo;
    if (action) this.stack?.[action]();
    const view = target.closest("[data-decision-view]")?.dataset.decisionView;
    if (view) this.dmn.open(this.dmn.getViews()[Number(view)]);
  }

  /** The decisions of the file, each a click away. */
  showViews() {
    const active = this.dmn.getActiveView()?.element;
    const tabs = this.dmn.getViews().map((view, index) => this.tab(view, index, view.element === active));
    this.part("views").replaceChildren(...tabs);
    if (this.opened) this.stand();
  }

  tab(view, index, isActive) {
    const tab = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm" });
    tab.dataset.decisionView = String(index);
    tab.textContent = view.type === "drd" ? this.root.dataset.diagram : view.name || view.id;
    tab.setAttribute("aria-pressed", String(isActive));
    return tab;
  }
}
