// Files in forms: sent as soon as they are chosen, dropped or pasted, with progress; the form waits for the last one.
import { attachTo, csrf } from "./_page.js";

const SELECTOR = "[data-uploads]";
/** Forms → what they wait for: files under way, and who wanted to send them meanwhile. */
const waiting = new WeakMap();

attachTo(SELECTOR, (box) => (box.dataset.ready = "yes"));
document.addEventListener("change", (event) => {
  const input = event.target.closest(`${SELECTOR} input[type=file]`);
  if (!input) return;
  take(input.closest(SELECTOR), input.files);
  input.value = "";
});
document.addEventListener("paste", (event) => {
  const files = event.clipboardData?.files;
  const box = event.target.closest?.("form")?.querySelector(SELECTOR);
  if (!box || !files?.length) return;
  event.preventDefault();
  take(box, files);
});
document.addEventListener("dragover", (event) => {
  const form = boxOf(event) && event.target.closest("form");
  if (!form) return;
  event.preventDefault();
  form.classList.add("is-dropping");
});
for (const over of ["dragleave", "drop", "dragend"])
  document.addEventListener(over, (event) => event.target.closest?.("form.is-dropping")?.classList.remove("is-dropping"));
document.addEventListener("drop", (event) => {
  const box = boxOf(event);
  if (!box) return;
  event.preventDefault();
  take(box, event.dataTransfer.files);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest(`${SELECTOR} [data-discard]`);
  if (!button) return;
  event.preventDefault();
  const line = button.closest("[data-upload]");
  const box = line.closest(SELECTOR);
  line.upload?.abort();
  if (button.value) fetch(`/uploads/${button.value}/discard`, { method: "POST", headers: { "X-CSRF-Token": csrf() } });
  line.remove();
  box.querySelector("input[type=file]").focus();
});
// before anything else hears of it: what is under way goes first
document.addEventListener(
  "submit",
  (event) => {
    const state = waiting.get(event.target);
    if (!state?.under) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    state.submitter = event.submitter ?? undefined;
    state.wanted = true;
    tell(state.box, state.box.dataset.sending, true);
  },
  true,
);

function boxOf(event) {
  if (!event.dataTransfer?.types.includes("Files")) return null;
  return event.target.closest?.("form")?.querySelector(SELECTOR);
}

/** Sends files one after the other; each has its line at once. */
function take(box, files) {
  const form = box.closest("form");
  const state = waiting.get(form) ?? { box, under: 0, last: Promise.resolve() };
  waiting.set(form, state);
  for (const file of [...files]) {
    const line = lineOf(box, file.name);
    box.querySelector("[data-upload-list]").append(line);
    if (file.size > Number(box.dataset.largest)) {
      refuse(line, box.dataset.tooLarge.replace("{name}", () => file.name));
      continue;
    }
    state.under += 1;
    state.last = state.last.then(() => send(box, line, file)).finally(() => finish(state, form));
  }
}

function finish(state, form) {
  state.under -= 1;
  if (state.under || !state.wanted) return;
  state.wanted = false;
  tell(state.box, "");
  if (!state.box.querySelector(".upload.is-wrong")) form.requestSubmit(state.submitter);
}

function send(box, line, file) {
  return new Promise((done) => {
    if (!line.isConnected) return done();
    const request = (line.upload = new XMLHttpRequest());
    request.open("POST", `${box.dataset.uploads}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("X-CSRF-Token", csrf());
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => {
      const progress = line.querySelector("progress");
      if (event.lengthComputable) progress.value = event.loaded / event.total;
    };
    request.onload = () => {
      if (/^text\/html/.test(request.getResponseHeader("Content-Type")) && [201, 422].includes(request.status)) {
        const made = document.createRange().createContextualFragment(request.responseText).querySelector("li");
        line.replaceWith(made);
        tell(box, request.status === 201 ? box.dataset.done.replace("{name}", () => file.name) : made.textContent);
      } else refuse(line, detailOf(request) || box.dataset.failed.replace("{name}", () => file.name));
      done();
    };
    request.onerror = () => (refuse(line, box.dataset.failed.replace("{name}", () => file.name)), done());
    request.onabort = done;
    request.send(file);
  });
}

function detailOf(request) {
  try {
    return JSON.parse(request.responseText).detail;
  } catch {
    return "";
  }
}

function lineOf(box, name) {
  const line = document.createElement("li");
  line.className = "upload";
  line.dataset.upload = "";
  const label = document.createElement("span");
  label.className = "cut";
  label.textContent = label.title = name;
  const progress = document.createElement("progress");
  progress.max = 1;
  progress.setAttribute("aria-label", name);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn-close";
  button.dataset.discard = "";
  button.setAttribute("aria-label", box.dataset.cancel.replace("{name}", () => name));
  line.append(label, progress, button);
  return line;
}

function refuse(line, text) {
  line.classList.add("is-wrong");
  line.querySelector("progress")?.remove();
  const label = line.querySelector(".cut");
  label.className = "upload-problem";
  label.textContent = text;
  tell(line.closest(SELECTOR), text);
}

/** For screen readers; what everybody has to know (`shown`) is seen as well. */
function tell(box, text, shown = false) {
  const status = box.querySelector("[data-upload-status]");
  status.classList.toggle("visually-hidden", !shown);
  status.textContent = text;
}
