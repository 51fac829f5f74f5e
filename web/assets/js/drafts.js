// Keeps every <form data-draft="note:5"> on the server while somebody writes in it; passwords and files never.
import { attachTo } from "./_page.js";
import { signingIn } from "./_again.js";
import { Keeper, leaveAll, readDraft } from "./_keeping.js";
import { staySignedIn } from "./_sending.js";

/** milliseconds that a form waits for its draft, beside what somebody needs to sign in again */
const PATIENCE = 2000;

document.addEventListener("htmx:beforeSwap", (event) => event.detail.shouldSwap && leaveAll(event.detail.target));

async function begin(form) {
  const place = form.dataset.draft;
  const words = JSON.parse(document.getElementById("draft-words").textContent);
  const keeper = new Keeper({
    place,
    read: () => read(form),
    write: (content) => write(form, content),
    ...places(form),
    words,
  });
  form.addEventListener("input", () => {
    keeper.sending = false; // it was stopped: the page would be gone
    keeper.changed();
  });
  form.addEventListener("change", () => keeper.changed());
  // The last words are kept before the form goes, for it may not arrive. The server drops the draft once it has taken
  // the form, and only then: so no draft may come after it.
  let state = "";
  form.addEventListener("submit", async (event) => {
    if (event.defaultPrevented || state === "goes") return;
    event.preventDefault();
    if (state === "waits") return;
    state = "waits";
    await beforeSending(keeper);
    state = "goes";
    keeper.sending = !keeper.isUnkept();
    clearTimeout(keeper.timer);
    form.requestSubmit(event.submitter ?? undefined);
    state = "";
  });
  if (isRefused(form)) {
    keeper.kept = ""; // what the form shows is the latest, and is to be kept
    keeper.save();
  } else keeper.begin(await readDraft(place));
}

/** Until the draft is kept and its writer signed in. A server may be too slow for that; nobody is hurried who signs in. */
async function beforeSending(keeper) {
  const done = Promise.allSettled([keeper.save(), staySignedIn()]);
  const patience = () => Promise.race([done, new Promise((end) => setTimeout(end, PATIENCE))]);
  await patience();
  while (signingIn()) await signingIn().then(patience);
}

/** It was sent and came back with errors. */
const isRefused = (form) => form.querySelector(".is-invalid, [aria-invalid=true], .alert-danger") !== null;

/** Where the form says that it was saved, and what was found again: made where the form has no such places. */
function places(form) {
  const place = (name, put) => {
    const found = form.querySelector(`[data-draft-${name}]`);
    if (found) return found;
    const made = document.createElement("div");
    made.className = `draft-${name}`;
    put(made);
    return made;
  };
  return { status: place("status", (made) => form.append(made)), notes: place("notes", (made) => form.prepend(made)) };
}

const fields = (form) =>
  [...form.elements].filter(
    (field) =>
      field.name &&
      field.name !== "csrf" &&
      !/^(password|file|submit|button|hidden|reset)$/.test(field.type) &&
      field.type !== "fieldset" &&
      !field.matches("[autocomplete=one-time-code]"),
  );

/** {name: value}; of several with one name a list. */
function read(form) {
  const content = {};
  for (const field of fields(form)) {
    if (/^(checkbox|radio)$/.test(field.type) && !field.checked) continue;
    const value =
      field.type === "select-multiple" ? [...field.selectedOptions].map((option) => option.value) : field.value;
    content[field.name] = field.name in content ? [content[field.name], value].flat() : value;
  }
  return content;
}

/** Fills the form in; whatever shows a field in another way hears of it by `input` and `change`. */
function write(form, content) {
  for (const field of fields(form)) {
    const values = [content[field.name] ?? []].flat().map(String);
    if (/^(checkbox|radio)$/.test(field.type)) field.checked = values.includes(field.value);
    else if (field.type === "select-multiple")
      for (const option of field.options) option.selected = values.includes(option.value);
    else field.value = values[0] ?? "";
    field.dispatchEvent(new CustomEvent("iter:restored", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

attachTo("form[data-draft]", (form) => begin(form));
