// The page of a ticket: dialogs of actions, fields that are edited in their place, keys of the composer.
import { isTyping } from "./_keys.js";
import { attachTo } from "./_page.js";

const dialog = document.getElementById("dialog");
if (dialog) {
  document.addEventListener("htmx:afterSwap", (event) => event.detail.target.id === "dialog-body" && dialog.showModal());
  dialog.querySelector("[data-dialog-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => document.getElementById("dialog-body").replaceChildren());
}

// A field's form has the focus as soon as it is there; Escape leaves it.
attachTo("[data-edit]", (form) => {
  const field = form.querySelector("[name=value]");
  setTimeout(() => (field.hidden ? form.querySelector(".editor-text") : field)?.focus());
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    form.querySelector("[data-edit-cancel]").click();
  });
});

// The composer: r leads to it, Ctrl+Enter sends it from any of its fields.
attachTo("[data-composer]", (form) => {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    event.preventDefault();
    form.requestSubmit();
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "r" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target) || dialog?.open) return;
  const form = document.querySelector("[data-composer]");
  if (!form) return;
  event.preventDefault();
  form.scrollIntoView({ block: "nearest" });
  (form.querySelector(".editor-text") ?? form.querySelector("textarea")).focus();
});

// After a note was written the page leads to it; without one, to the newest.
if (location.hash.startsWith("#note-")) document.querySelector(location.hash)?.scrollIntoView({ block: "center" });
