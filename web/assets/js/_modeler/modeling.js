// A diagram of a draft, being changed: draws it, keeps every change, and shows what is wrong with it.
import BpmnModeler from "bpmn-js/lib/Modeler";
import { CreateAppendAnythingModule, CreateAppendElementTemplatesModule } from "bpmn-js-create-append-anything";
import { ElementTemplatesCoreModule } from "bpmn-js-element-templates";
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, CamundaPlatformPropertiesProviderModule } from "bpmn-js-properties-panel";
import TokenSimulationModule from "bpmn-js-token-simulation";
import CamundaBehaviorsModule from "camunda-bpmn-js-behaviors/lib/camunda-platform";
import camunda from "camunda-bpmn-moddle/resources/camunda.json";
import MinimapModule from "diagram-js-minimap";
import { DraftFile, remarksIn } from "../_draft_file.js";
import { installCompletion } from "./completing.js";
import { ActivitiesModule } from "./activities.js";
import { Marks } from "./marks.js";
import { translationModule } from "./words.js";

/** What of the room a whole diagram takes. */
const MARGIN = 0.94;
/** Pixels that the palette takes. */
const PALETTE = 100;

export class Modeling {
  /** @param {HTMLElement} root what processes/modeler.html makes */
  constructor(root) {
    this.root = Object.assign(root, { modeling: this }); // the console, and tests, reach it there
    this.words = JSON.parse(root.querySelector("[data-modeler-words]").textContent);
    this.offers = { picks: {}, names: { variables: {}, own: {}, reserved: [], ticket: [] } };
  }

  async begin() {
    const canvas = this.root.querySelector("[data-modeler-canvas]");
    const modeler = (this.modeler = new BpmnModeler({
      container: canvas,
      propertiesPanel: { parent: this.root.querySelector("[data-modeler-panel]") },
      moddleExtensions: { camunda: withoutDefaults(camunda) },
      elementTemplates: this.words.templates,
      minimap: { open: false },
      bpmnRenderer: {
        defaultFillColor: "var(--drawn-ground)",
        defaultStrokeColor: "var(--drawn-ink)",
        defaultLabelColor: "var(--drawn-ink)",
      },
      textRenderer: { defaultStyle: { fontFamily: getComputedStyle(document.body).fontFamily } },
      additionalModules: [
        BpmnPropertiesPanelModule,
        BpmnPropertiesProviderModule,
        CamundaPlatformPropertiesProviderModule,
        CamundaBehaviorsModule,
        ElementTemplatesCoreModule,
        CreateAppendAnythingModule,
        CreateAppendElementTemplatesModule,
        MinimapModule,
        TokenSimulationModule,
        ActivitiesModule,
        translationModule(document.documentElement.lang),
        { iter: ["value", this] },
      ],
    }));
    this.marks = new Marks(this);
    this.file = new DraftFile(this.root, { read: () => this.write(), looked: (found) => this.looked(found), mayKeep: () => !this.locked });
    installCompletion(this);
    if (!(await this.open(JSON.parse(this.root.querySelector("[data-modeler-diagram]").textContent)))) return;
    modeler.on("commandStack.changed", () => this.changed());
    this.installTools();
    await this.file.begin();
    this.root.dataset.ready = "yes";
  }

  /** Draws it. What couldn't be read would be lost by saving: then it is only shown, until its owner says otherwise. */
  async open(diagram) {
    try {
      const { warnings } = await this.modeler.importXML(diagram);
      const lost = [...warnings, ...remarksIn(diagram)];
      if (lost.length) this.warn(lost);
    } catch (error) {
      this.tell("undrawn", [error.message]);
      return false;
    }
    const canvas = this.modeler.get("canvas");
    canvas.getContainer().querySelector(".djs-container > svg")?.setAttribute("aria-label", this.root.dataset.name);
    this.fit();
    return true;
  }

  warn(warnings) {
    this.locked = true;
    this.tell("unread", warnings.map((warning) => warning.message));
    this.root.querySelector("[data-modeler-unlock]").addEventListener("click", () => {
      this.locked = false;
      this.root.querySelector('[data-modeler-told="unread"]').hidden = true;
      this.changed();
    });
  }

  tell(what, lines) {
    const told = this.root.querySelector(`[data-modeler-told="${what}"]`);
    told.hidden = false;
    told.querySelector("[data-modeler-lines]").textContent = lines.slice(0, 5).join(" · ");
  }

  /** The diagram as a file. */
  async write() {
    return (await this.modeler.saveXML({ format: true })).xml;
  }

  changed() {
    this.root.querySelector('[data-modeler-do="undo"]').disabled = !this.modeler.get("commandStack").canUndo();
    this.root.querySelector('[data-modeler-do="redo"]').disabled = !this.modeler.get("commandStack").canRedo();
    if (!this.locked) this.file.changed();
  }

  /** The server has looked through the draft: what is wrong, and what can be picked now. */
  looked({ problems, offers }) {
    const others = JSON.stringify(offers) !== JSON.stringify(this.offers);
    this.offers = offers;
    if (others) this.modeler.get("eventBus").fire("iter.offered");
    this.marks.show(problems);
  }

  /** The whole diagram, never larger than it was drawn, beside the palette. */
  fit() {
    const canvas = this.modeler.get("canvas");
    canvas.resized();
    canvas.zoom("fit-viewport", "auto");
    const room = canvas.viewbox().outer.width;
    canvas.zoom(Math.min(1, canvas.zoom() * MARGIN * (1 - PALETTE / room)), "auto");
    canvas.scroll({ dx: PALETTE / 2, dy: 0 });
  }

  installTools() {
    this.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-modeler-do]");
      if (button) this.act(button.dataset.modelerDo, button);
    });
    new ResizeObserver(() => this.modeler.get("canvas").resized()).observe(this.root.querySelector("[data-modeler-canvas]"));
  }

  act(what, button) {
    const canvas = this.modeler.get("canvas");
    if (what === "undo") this.modeler.get("commandStack").undo();
    if (what === "redo") this.modeler.get("commandStack").redo();
    if (what === "fit") this.fit();
    if (what === "in") canvas.zoom(Math.min(canvas.zoom() * 1.25, 4), "auto");
    if (what === "out") canvas.zoom(Math.max(canvas.zoom() / 1.25, 0.2), "auto");
    if (what === "search") this.search();
    if (what === "map") this.press(button, this.modeler.get("minimap").toggle());
    if (what === "try") this.modeler.get("toggleMode").toggleMode();
    if (what === "panel") this.press(button, this.root.classList.toggle("is-without-panel"));
  }

  /** Opens the search. Any click closes it, so that the one that asks for it has to be over. */
  search() {
    const pad = this.modeler.get("searchPad");
    if (!pad.isOpen()) setTimeout(() => pad.open());
  }

  press(button) {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  }
}

/** The profile without its default values: what has one is left out when it is written, and isn't the default here. */
function withoutDefaults(profile) {
  const plain = (property) => Object.fromEntries(Object.entries(property).filter(([key]) => key !== "default"));
  return { ...profile, types: profile.types.map((type) => ({ ...type, properties: type.properties?.map(plain) })) };
}
