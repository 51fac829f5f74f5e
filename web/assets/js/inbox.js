// The inbox: moving by keys, and new work that appears by itself. Choosing one is a link that htmx follows.
import { isTyping } from "./_keys.js";
import { leaveAll } from "./_keeping.js";
import { send, Unreachable } from "./_sending.js";
import { say } from "./_page.js";

const inbox = document.querySelector("[data-inbox]");
const EVERY = 15000;
let etag = "";

const list = () => document.getElementById("inbox-list");
const task = () => document.getElementById("task");
const links = () => [...list().querySelectorAll(".inbox-link")];
const rowOf = (element) => element?.closest(".inbox-row");
const chosen = () => task().dataset.id;

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isTyping(event.target)) return event.target.blur();
  const busy = event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey;
  if (busy || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const action = { j: () => move(1), k: () => move(-1), o: open, c: claim }[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

/** To the row before or after the one with the focus, else the chosen one. */
function move(by) {
  const all = links();
  const from = all.indexOf(document.activeElement);
  const here = from >= 0 ? from : all.findIndex((link) => link.hasAttribute("aria-current"));
  const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
  all[next]?.focus();
}

function open() {
  if (document.activeElement.matches?.(".inbox-link")) document.activeElement.click();
}

/** The row with the focus, else the chosen user task. */
async function claim() {
  const row = rowOf(document.activeElement);
  const id = row?.dataset.id ?? chosen();
  const free = row ? "free" in row.dataset : task().querySelector("[data-inbox-claim]");
  if (!id || !free) return;
  try {
    const response = await send(`/user-tasks/${id}/claim${inbox.dataset.query}`, {});
    const told = await response.json();
    if (response.ok) return window.location.assign(told.next);
    say(told.detail);
    refresh();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    say(document.getElementById("app-words").dataset.failed);
  }
}

// Another user task is shown: what was typed into the one that goes is handed over first.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target === task() && event.detail.shouldSwap) leaveAll(task());
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "task" && event.detail.elt?.id !== "task") return;
  mark();
  document.getElementById("task-title")?.focus();
});

function mark() {
  for (const link of links()) {
    if (rowOf(link).dataset.id === chosen()) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

// A filter that isn't used needn't stand in the address.
document.addEventListener("formdata", ({ target, formData }) => {
  if (!target.matches(".inbox-filter-form")) return;
  for (const [name, value] of [...formData]) if (!value) formData.delete(name);
});

// New work appears by itself, while somebody looks.
setInterval(() => document.visibilityState === "visible" && refresh(), Number(inbox.dataset.every) || EVERY);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());

async function refresh() {
  const address = new URL(`/inbox/list${inbox.dataset.query}`, window.location);
  if (chosen()) address.searchParams.set("chosen", chosen());
  // asked by the page, not by anybody: this keeps no session alive
  const headers = {
    Accept: "text/html",
    "HX-Request": "true",
    "X-News": "yes",
    ...(etag && { "If-None-Match": etag }),
  };
  const response = await fetch(address, { headers, redirect: "error" }).catch(() => null);
  if (response?.status !== 200) return; // nothing new, or nobody to ask: the next time will tell
  etag = response.headers.get("ETag") ?? "";
  const made = document.createElement("template");
  made.innerHTML = await response.text();
  const reminder = made.content.querySelector("[data-reminder]");
  if (reminder) document.querySelector("[data-reminder]")?.replaceWith(reminder);
  takeOver(made.content.querySelector("#inbox-list"));
}

/** Puts the new list in the place of the old one; rows that are the same stay, with focus and all. */
function takeOver(fresh) {
  const known = new Map([...list().querySelectorAll(".inbox-row")].map((row) => [row.dataset.id, row]));
  const focused = rowOf(document.activeElement)?.dataset.id;
  const scrolled = list().scrollTop;
  let news = 0;
  for (const row of fresh.querySelectorAll(".inbox-row")) {
    const old = known.get(row.dataset.id);
    if (!old) news += 1;
    else if (old.innerHTML === row.innerHTML) row.replaceWith(old);
  }
  list().replaceWith(fresh);
  window.htmx.process(fresh);
  mark();
  fresh.scrollTop = scrolled;
  if (focused) fresh.querySelector(`[data-id="${focused}"] .inbox-link`)?.focus({ preventScroll: true });
  if (news) document.querySelector("[data-inbox-news]").textContent = newsOf(news);
}

function newsOf(count) {
  const { one, more } = document.querySelector("[data-inbox-news]").dataset;
  return count === 1 ? one : more;
}
