// From the editor's form to the file's.

/**
 * The file's text: all that stood there, in its order, and nothing that concerns the editor alone.
 *
 * @param {object} schema the editor's form
 * @param {object} original what stood in the file
 * @param {Set<string>} made ids that the editor gave to what had none
 */
export function write(schema, original, made) {
  const { schemaVersion: _, ...form } = schema;
  const order = Object.keys(original).filter((key) => key in schema);
  const kept = Object.fromEntries(order.map((key) => [key, key === "schemaVersion" ? original[key] : schema[key]]));
  const given = (key, value) => (key === "id" && made.has(value) ? undefined : value);
  return `${JSON.stringify({ ...kept, ...form }, given, 2)}\n`;
}

/** The ids in a form, its own among them. */
export function* idsIn(part) {
  if (part.id) yield part.id;
  for (const inner of part.components ?? []) yield* idsIn(inner);
}
