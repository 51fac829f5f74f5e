// What is written on a diagram, in the reader's language: before it is drawn.

/** Width of a letter of a label, about, in the drawing's units; and what stands around a text. */
const LETTER = 6;
const AROUND = 8;

/** Replaces names and notes by what `words` has for them; labels get the room that their new words need. */
export function translate(elementsById, words) {
  const told = (text) => words[text.replace(/\s+/g, " ").trim()] ?? text;
  const elements = Object.values(elementsById);
  for (const element of elements) {
    if (typeof element.name === "string") element.name = told(element.name);
    if (element.$type === "bpmn:TextAnnotation" && element.text) element.text = told(element.text);
  }
  if (!Object.keys(words).length) return;
  for (const { label, bpmnElement } of elements) if (label?.bounds && bpmnElement?.name) widen(label.bounds, bpmnElement.name);
}

/** No word may be broken: labels were drawn as wide as their first words wanted. */
function widen(bounds, text) {
  const longest = Math.max(...text.split(/\s+/).map((word) => word.length));
  const width = Math.max(bounds.width, longest * LETTER + AROUND);
  bounds.x -= (width - bounds.width) / 2;
  bounds.width = width;
}
