// What scripts share about the page that they are on.

/** The token that an unsafe request must bring. */
export function csrf() {
  return document.querySelector('meta[name="csrf"]').content;
}

/** Shows a message for a while; screen readers say it. */
export function say(text) {
  const made = document.getElementById("message-template").content.cloneNode(true);
  const message = made.querySelector("[data-message]");
  message.querySelector("[data-message-text]").textContent = text;
  document.getElementById("messages").append(message);
  setTimeout(() => message.remove(), 8000);
}

/** Calls `attach` for every element that fits, now and whenever htmx brings new ones. */
export function attachTo(selector, attach) {
  const attached = new WeakSet(); // of this behaviour: an element may have several
  const look = (root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.unshift(root);
    for (const element of found)
      if (!attached.has(element)) {
        attached.add(element);
        attach(element);
      }
  };
  look(document);
  document.addEventListener("htmx:load", (event) => look(event.detail.elt));
}
