// Moving about in a diagram: buttons, keys, wheel, fingers. The drawing itself is moved by the mouse (diagram-js).

const FURTHER = 60;
const LARGER = 1.25;

/** Lets one move about in whatever the section shows. */
export function installMoves(drawn) {
  drawn.section.addEventListener("click", (event) => {
    const button = event.target.closest("[data-diagram-do]");
    if (button) act(drawn, button.dataset.diagramDo);
  });
  drawn.canvas.addEventListener("keydown", (event) => press(drawn, event));
  drawn.frame.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drawn.frame.classList.contains("is-full")) act(drawn, "full");
  });
  // The wheel scrolls the page, unless one is in the diagram; with Ctrl it makes the diagram larger or smaller.
  drawn.canvas.addEventListener("wheel", (event) => {
    const inside = drawn.canvas.contains(document.activeElement) || drawn.frame.classList.contains("is-full");
    if (!inside && !event.ctrlKey && !event.metaKey) event.stopPropagation();
  }, { capture: true });
  installFingers(drawn);
  new ResizeObserver(() => drawn.viewer?.get("canvas").resized()).observe(drawn.canvas);
}

function act(drawn, what) {
  if (what === "full") return fill(drawn);
  if (!drawn.viewer) return;
  const canvas = drawn.viewer.get("canvas");
  if (what === "in") canvas.zoom(Math.min(canvas.zoom() * LARGER, 4), "auto");
  if (what === "out") canvas.zoom(Math.max(canvas.zoom() / LARGER, 0.2), "auto");
  if (what === "fit") drawn.fit();
  if (what === "here") drawn.here();
}

function fill(drawn) {
  const full = drawn.frame.classList.toggle("is-full");
  drawn.frame.querySelector('[data-diagram-do="full"]').setAttribute("aria-pressed", String(full));
  document.documentElement.classList.toggle("has-full-diagram", full);
  if (drawn.viewer) drawn.fit();
}

const KEYS = { "+": "in", "=": "in", "-": "out", 0: "fit", " ": "here", f: "full" };
const WAYS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function press(drawn, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(".djs-overlay")) return;
  const way = WAYS[event.key];
  if (way) drawn.viewer?.get("canvas").scroll({ dx: way[0] * FURTHER, dy: way[1] * FURTHER });
  else if (KEYS[event.key]) act(drawn, KEYS[event.key]);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** One finger moves the diagram, two make it larger or smaller. */
function installFingers(drawn) {
  const fingers = new Map();
  const place = (event) => ({ x: event.clientX, y: event.clientY });
  drawn.canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" && !event.target.closest(".djs-overlay")) fingers.set(event.pointerId, place(event));
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"])
    drawn.canvas.addEventListener(name, (event) => fingers.delete(event.pointerId));
  drawn.canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before || !drawn.viewer) return;
    const canvas = drawn.viewer.get("canvas");
    const now = place(event);
    if (fingers.size === 1) canvas.scroll({ dx: now.x - before.x, dy: now.y - before.y });
    else pinch(drawn, canvas, [...fingers].find(([id]) => id !== event.pointerId)[1], before, now);
    fingers.set(event.pointerId, now);
  });
}

function pinch(drawn, canvas, other, before, now) {
  const apart = (one) => Math.hypot(one.x - other.x, one.y - other.y) || 1;
  const frame = drawn.canvas.getBoundingClientRect();
  const middle = { x: (now.x + other.x) / 2 - frame.left, y: (now.y + other.y) / 2 - frame.top };
  canvas.zoom(Math.min(4, Math.max(0.2, (canvas.zoom() * apart(now)) / apart(before))), middle);
}
