// Reads and writes one of Iter's properties of an element: an attribute, or an entry of its property list (in the
// dialect in which it is already there; a new one in Camunda's).
import { getBusinessObject } from "bpmn-js/lib/util/ModelUtil";

/** The value of a property; empty where there is none. */
export function readProperty(element, { id, attribute }) {
  const bo = getBusinessObject(element);
  if (attribute) return bo.get(attribute) ?? "";
  return find(bo, id)?.value ?? "";
}

/** Writes a value, undone by one step; an empty one takes the property away. */
export function writeProperty(injector, element, property, value) {
  const bo = getBusinessObject(element);
  const commands = property.attribute ? [attributes(element, bo, property, value)] : entries(injector, element, bo, property.id, value);
  injector.get("commandStack").execute("properties-panel.multi-command-executor", commands);
}

function attributes(element, bo, { attribute, also }, value) {
  const properties = { [attribute]: value || undefined, ...(also ? { [also.attribute]: value ? also.value : undefined } : {}) };
  return change(element, bo, properties);
}

function entries(injector, element, bo, name, value) {
  const found = find(bo, name);
  if (found && value) return [change(element, found, { value })];
  if (found) return [change(element, found.$parent, { [listOf(found.$parent)]: found.$parent[listOf(found.$parent)].filter((one) => one !== found) })];
  return value ? added(injector.get("bpmnFactory"), element, bo, name, value) : [];
}

function added(factory, element, bo, name, value) {
  const commands = [];
  const make = (type, parent, properties) => Object.assign(factory.create(type, properties), { $parent: parent });
  let extensions = bo.get("extensionElements");
  if (!extensions) {
    extensions = make("bpmn:ExtensionElements", bo, { values: [] });
    commands.push(change(element, bo, { extensionElements: extensions }));
  }
  let list = extensions.get("values").find((one) => one.$type === "camunda:Properties");
  if (!list) {
    list = make("camunda:Properties", extensions, { values: [] });
    commands.push(change(element, extensions, { values: [...extensions.get("values"), list] }));
  }
  commands.push(change(element, list, { values: [...list.get("values"), make("camunda:Property", list, { name, value })] }));
  return commands;
}

const change = (element, moddleElement, properties) => ({ cmd: "element.updateModdleProperties", context: { element, moddleElement, properties } });

/** Camunda's list has a type; SpiffArena's is read as it stands. */
const listOf = (list) => (list.$children ? "$children" : "values");

function find(bo, name) {
  const lists = (bo.get("extensionElements")?.get("values") ?? []).filter((one) => /^(camunda|spiffworkflow):properties$/i.test(one.$type));
  for (const list of lists)
    for (const one of list[listOf(list)] ?? [])
      if (one.name === name) return Object.assign(one, { $parent: one.$parent ?? list });
  return null;
}
