// The keyboard: single keys where nobody is typing. What they do is told on /shortcuts.

const places = { i: "/inbox", t: "/tickets" }; // those of them that the page leads to
let waiting = false; // for the second key after g

export function installKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const key = event.key;
    if (waiting) {
      waiting = false;
      go(document.querySelector(`a[href="${places[key]}"]`)?.getAttribute("href"), event);
      return;
    }
    if (key === "g") waiting = true;
    else if (key === "?") go("/shortcuts", event);
    else if (key === "n") go(document.querySelector('a[href="/tickets/new"]')?.getAttribute("href"), event);
    else if (key === "/") focus(document.querySelector("[data-search]"), event);
  });
}

/** Whether a key belongs to what has the focus. */
export function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function go(address, event) {
  if (!address || !document.querySelector('meta[name="csrf"]').content) return;
  event.preventDefault();
  window.location.assign(address);
}

function focus(field, event) {
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
}
