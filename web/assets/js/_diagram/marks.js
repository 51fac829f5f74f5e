// Marks on a diagram: the way that was gone, where it stands, what is stuck, and the doors to called processes.

/** Marks a drawn sheet, and tells of an element when it is pointed at. */
export function mark(drawn, viewer, sheet) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const overlays = viewer.get("overlays");
  const told = new Map();
  const put = (id, at, node) => registry.get(id) && overlays.add(id, { position: at, html: node, scale: { min: 1, max: 1.25 } });
  const add = (place) => {
    const known = told.get(place.element) ?? { label: place.label, lines: [] };
    told.set(place.element, { label: known.label, lines: [...known.lines, ...place.lines] });
  };

  for (const [id, passed] of Object.entries(sheet.passed ?? {})) {
    const shape = registry.get(id);
    if (shape) canvas.addMarker(id, "is-passed");
    const corner = shape?.width < 60 ? { bottom: 16, right: 8 } : { bottom: 10, right: 26 }; // not on an event's name
    if (passed.count > 1) put(id, corner, sign("span", "times", `×${passed.count}`));
  }
  for (const id of sheet.covered ?? []) if (registry.get(id)) canvas.addMarker(id, "is-passed");
  for (const id of sheet.missing ?? []) if (registry.get(id)) canvas.addMarker(id, "is-missed");
  for (const id of Object.keys(sheet.flows ?? {})) if (registry.get(id)) canvas.addMarker(id, "is-passed");
  for (const [id, stands] of grouped(sheet.stands ?? [])) {
    const inside = stands.every((stand) => stand.inside);
    if (registry.get(id)) canvas.addMarker(id, inside ? "is-inside" : "is-standing");
    stands.forEach(add);
    if (inside && registry.get(id)?.children?.length) continue; // what stands inside is drawn there
    const words = drawn.section.dataset.stands.replace("{name}", stands[0].label);
    put(id, { top: -14, left: -10 }, sign("span", "stands", stands.length > 1 ? `${stands.length}` : "", template(drawn, "stands"), words));
  }
  for (const stuck of sheet.stuck ?? []) {
    if (registry.get(stuck.element)) canvas.addMarker(stuck.element, "is-stuck");
    const words = drawn.section.dataset.stuck.replace("{name}", stuck.label);
    const made = sign(stuck.address ? "a" : "span", "stuck", "", template(drawn, "stuck"), words);
    if (stuck.address) made.href = stuck.address;
    put(stuck.element, { top: -14, right: 14 }, made);
    add(stuck);
  }
  for (const [id, key] of Object.entries(sheet.calls)) {
    const name = registry.get(id)?.businessObject.name ?? id;
    const door = sign("button", "inside", "", template(drawn, "inside"), drawn.section.dataset.inside.replace("{name}", name));
    door.type = "button";
    door.addEventListener("click", () => drawn.show(key));
    const stuck = sheet.stuck?.some((place) => place.element === id);
    put(id, { top: -12, right: stuck ? 42 : 14 }, door); // beside its name, and beside what is stuck
  }
  for (const [id, passed] of Object.entries(sheet.passed ?? {})) add({ element: id, label: passed.label, lines: passed.lines });

  for (const [id, about] of Object.entries(sheet.about ?? {})) add({ element: id, ...about });

  const tell = ({ element }) => drawn.say(told.get(element.id) ?? null);
  viewer.on("element.hover", tell);
  viewer.on("element.click", tell);
  viewer.on("element.out", () => drawn.say(null));
}

function grouped(places) {
  const groups = new Map();
  for (const place of places) groups.set(place.element, [...(groups.get(place.element) ?? []), place]);
  return groups;
}

/** A sign on a shape: an icon, a text or both; `words` are for screen readers and for the mouse. */
function sign(tag, kind, text, icon = null, words = "") {
  const made = document.createElement(tag);
  made.className = `sign sign-${kind}`;
  if (icon) made.append(icon);
  if (text) made.append(text);
  if (words) {
    made.title = words;
    made.setAttribute("aria-label", words);
    if (tag === "span") made.setAttribute("role", "img");
  }
  return made;
}

function template(drawn, name) {
  return drawn.frame.querySelector(`[data-diagram-sign="${name}"]`).content.cloneNode(true);
}
