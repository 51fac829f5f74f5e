// What Iter's elements understand, in the properties panel: each with a field, and what can be picked with a list.
// Everything else of the Camunda profile that Iter doesn't read is left out of the panel, and stays in the file.
import { SelectEntry, TextAreaEntry, TextFieldEntry, isSelectEntryEdited, isTextAreaEntryEdited, isTextFieldEntryEdited } from "@bpmn-io/properties-panel";
import { h } from "@bpmn-io/properties-panel/preact";
import { isAny, is } from "bpmn-js/lib/util/ModelUtil";
import { useService } from "bpmn-js-properties-panel";
import { readProperty, writeProperty } from "./properties.js";

/** Later than all providers that bring groups. */
const LAST = 100;
/** Groups of the profile that say something to Iter; the others are left out. */
const KEPT = new Set([
  "general", "documentation", "multiInstance", "message", "signal", "error", "escalation", "timer", "link", "condition",
  "CamundaPlatform__Condition", "CamundaPlatform__Script", "CamundaPlatform__CallActivity", "CamundaPlatform__InMapping",
  "CamundaPlatform__InMappingPropagation", "CamundaPlatform__OutMapping", "CamundaPlatform__OutMappingPropagation",
  "CamundaPlatform__Input", "CamundaPlatform__Output", "CamundaPlatform__ExtensionProperties", "compensation",
]);

const NODES = ["bpmn:Activity", "bpmn:Event", "bpmn:Gateway"];
const PAUSES = ["bpmn:UserTask", "bpmn:ReceiveTask", "bpmn:ServiceTask", "bpmn:CallActivity", "bpmn:SubProcess", "bpmn:IntermediateCatchEvent"];

/** The groups of the panel: where they are shown, and the properties in them. `of`: what can be picked. */
const GROUPS = [
  { id: "iter-who", on: ["bpmn:UserTask"], properties: [
    { id: "form", attribute: "camunda:formRef", of: "form" },
    { id: "groups", attribute: "camunda:candidateGroups" },
    { id: "assignee", attribute: "camunda:assignee" },
    { id: "goal", of: "goal" },
  ] },
  { id: "iter-call", on: ["bpmn:CallActivity"], properties: [{ id: "calledElement", attribute: "calledElement", of: "process" }] },
  { id: "iter-decision", on: ["bpmn:BusinessRuleTask"], properties: [
    { id: "decision", attribute: "camunda:decisionRef", of: "decision" },
    { id: "resultVariable", attribute: "camunda:resultVariable" },
  ] },
  { id: "iter-job", on: ["bpmn:ServiceTask"], properties: [
    { id: "job", attribute: "camunda:topic", of: "job", also: { attribute: "camunda:type", value: "external" } },
    { id: "resultVariable", attribute: "camunda:resultVariable" },
  ] },
  { id: "iter-ticket", on: NODES, properties: [
    { id: "status", of: "status" },
    { id: "requestType", of: "requestType" },
    { id: "step", of: "step" },
    { id: "correlationKey", on: ["bpmn:ReceiveTask", "bpmn:SendTask", "bpmn:StartEvent", "bpmn:CatchEvent", "bpmn:ThrowEvent"], where: messages },
    { id: "note", on: PAUSES, long: true },
    { id: "noteExpects", on: PAUSES, of: "expects" },
  ] },
  { id: "iter-clocks", on: NODES, properties: [{ id: "clockStart" }, { id: "clockMeet" }, { id: "clockStop" }] },
  { id: "iter-mail", on: NODES, properties: [{ id: "mail", of: "mail" }, { id: "mailTo" }] },
];

class Activities {
  constructor(propertiesPanel, eventBus, iter) {
    this.iter = iter;
    propertiesPanel.registerProvider(LAST, this);
    eventBus.on("iter.offered", () => eventBus.fire("propertiesPanel.providersChanged"));
  }

  getGroups(element) {
    return (groups) => {
      const kept = groups.filter((group) => KEPT.has(group.id));
      const own = GROUPS.filter((group) => fits(group, element)).map((group) => this.made(group, element));
      const at = kept.findIndex((group) => group.id === "documentation");
      return [...kept.slice(0, Math.max(at, 0)), ...own.filter((group) => group.entries.length), ...kept.slice(Math.max(at, 0))];
    };
  }

  made({ id, properties }, element) {
    const entries = properties.filter((property) => fits(property, element)).map((property) => entry(property, this.iter));
    return { id, label: this.iter.words.groups[id], entries, shouldOpen: id !== "iter-clocks" && id !== "iter-mail" };
  }
}
Activities.$inject = ["propertiesPanel", "eventBus", "iter"];

export const ActivitiesModule = { __init__: ["iterActivities"], iterActivities: ["type", Activities] };

function fits({ on, where }, element) {
  if (element.type === "label" || !element.businessObject) return false;
  return (!on || isAny(element, on)) && (!where || where(element));
}

function messages(element) {
  const defined = element.businessObject.eventDefinitions;
  return !is(element, "bpmn:Event") || Boolean(defined?.some((one) => is(one, "bpmn:MessageEventDefinition")));
}

/** One entry of a group. Its component is always the same one: another would take the field away from under the keys. */
function entry(property, iter) {
  const [input, isEdited] = property.of
    ? [SelectEntry, isSelectEntryEdited]
    : property.long ? [TextAreaEntry, isTextAreaEntryEdited] : [TextFieldEntry, isTextFieldEntryEdited];
  return { id: `iter-${property.id}`, component: Field, isEdited, input, property, iter };
}

function Field({ element, id, input, property, iter }) {
  const debounce = useService("debounceInput");
  const injector = useService("injector");
  const words = iter.words.properties[property.id];
  return h(input, {
    element, id, debounce,
    label: words.label,
    description: words.hint || undefined,
    getValue: () => readProperty(element, property),
    setValue: (value) => writeProperty(injector, element, property, value),
    getOptions: () => options(iter, property.of, readProperty(element, property)),
  });
}

/** What can be picked; what stands there stays among it, also where nobody knows it. */
function options(iter, of, value) {
  const known = iter.words.picks[of] ?? iter.offers.picks[of] ?? [];
  const found = known.map((pick) => ({ value: pick.value, label: pick.name === pick.value ? pick.value : `${pick.name} (${pick.value})` }));
  if (value && !known.some((pick) => pick.value === value)) found.push({ value, label: value });
  return [{ value: "", label: iter.words.nothing }, ...found];
}
