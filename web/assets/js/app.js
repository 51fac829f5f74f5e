// What every page does: parts that come from the server, menus, messages, the keyboard.
import "@tabler/core/dist/js/tabler.esm.min.js";
import htmx from "htmx.org";
import { installKeys } from "./_keys.js";
import { csrf, say } from "./_page.js";

window.htmx = htmx;

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = csrf();
});
document.addEventListener("htmx:responseError", (event) => {
  const answer = event.detail.xhr;
  if (answer.status === 401) return; // it redirects by itself
  say(answer.getResponseHeader("Content-Type")?.startsWith("text/plain") ? answer.responseText : words("failed"));
});
document.addEventListener("htmx:sendError", () => say(words("failed")));

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-message-close]");
  if (close) close.closest("[data-message]").remove();
  followRow(event);
});
document.addEventListener("change", (event) => {
  // a filter that applies itself: <form data-apply>
  const form = event.target.closest("form[data-apply]");
  if (form) form.requestSubmit();
});
document.addEventListener("submit", askFirst);
document.addEventListener("input", (event) => delete event.target.form?.dataset.sent); // sending was stopped
for (const message of document.querySelectorAll("#messages [data-message]")) setTimeout(() => message.remove(), 8000);
document.querySelector("[data-autofocus]")?.focus();
installKeys();

/** A row of a list opens on click anywhere: it holds one link marked data-row-link. */
function followRow(event) {
  if (event.defaultPrevented || event.button !== 0 || event.target.closest("a, button, input, select, label, summary")) return;
  const row = event.target.closest("[data-row]");
  if (!row || String(window.getSelection())) return;
  const link = row.querySelector("[data-row-link]");
  if (link) event.ctrlKey || event.metaKey ? window.open(link.href) : link.click();
}

/** A form that can't be taken back asks with the name of the thing: <form data-ask="Cancel …?">. Nothing is sent twice. */
function askFirst(event) {
  const form = event.target;
  const question = event.submitter?.dataset.ask ?? form.dataset.ask;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  if (form.method === "post" && !form.hasAttribute("hx-post") && !event.defaultPrevented) {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    window.addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
  }
}

function words(name) {
  return document.getElementById("app-words").dataset[name];
}
