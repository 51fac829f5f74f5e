// The session is over while somebody types: they sign in again here, or in another tab, and go on with what they typed.
import { account, takeUpSession } from "./_sending.js";

let asking = null;

/** Asks once, however many wait for it; ends when the person whose page it is has signed in. */
export function signInAgain() {
  asking ??= ask().finally(() => (asking = null));
  return asking;
}

/** What `signInAgain` gave to who waits for it; null where nobody is asked. */
export const signingIn = () => asking;

function ask() {
  const dialog = document.getElementById("again").content.cloneNode(true).querySelector("dialog");
  const before = document.activeElement;
  document.body.append(dialog);
  const form = dialog.querySelector("form");
  const tell = (name) => {
    for (const text of dialog.querySelectorAll("[data-told]")) text.hidden = text.dataset.told !== name;
  };
  return new Promise((resolve) => {
    const look = async (missing = "") => {
      const found = await takeUpSession().catch(() => null);
      if (found?.account === account()) return done();
      tell(found ? "other" : missing);
    };
    const done = () => {
      removeEventListener("focus", looked);
      dialog.close();
      dialog.remove();
      before?.focus?.();
      resolve();
    };
    const looked = () => look();
    addEventListener("focus", looked); // back from the other tab
    dialog.addEventListener("cancel", (event) => event.preventDefault()); // what was typed must not be left behind
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await signIn(form).catch(() => "unreachable");
      if (answer === "code") return askCode(form);
      if (answer !== "in") return tell(answer);
      await look("wrong");
    });
    dialog.showModal();
    tell("");
    form.querySelector("input[type=password]").focus();
  });
}

/** The sign-in page's own way: in, code, wrong, wait. */
async function signIn(form) {
  const first = form.querySelector("[data-second]").hidden;
  const address = first ? "/sign-in" : "/sign-in/code";
  const headers = { Accept: "text/html", "Content-Type": "application/x-www-form-urlencoded" };
  const body = new URLSearchParams(new FormData(form));
  body.set("next", "/session.json");
  const response = await fetch(address, { method: "POST", headers, body });
  form.querySelector("input[type=password]").value = "";
  if (response.status === 429) return "wait";
  if (new URL(response.url).pathname === "/sign-in/code" && first) return "code";
  return response.ok ? "in" : "wrong";
}

function askCode(form) {
  for (const part of form.querySelectorAll("[data-first]")) part.hidden = true;
  for (const part of form.querySelectorAll("[data-second]")) part.hidden = false;
  form.querySelector("input[name=code]").focus();
}
