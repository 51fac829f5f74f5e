// Sends JSON to pages of ours, and copes with what may have happened to the session since the page was loaded.
import { csrf } from "./_page.js";
import { signInAgain } from "./_again.js";

/** The server can't be reached, or doesn't work just now: the same may succeed later. */
export class Unreachable extends Error {}

/** Whose page this is. */
export const account = () => document.querySelector('meta[name="account"]')?.content ?? "";

/**
 * Posts a value; gives the response. Where the session is over, whoever it was signs in again and it is sent anew.
 * Throws `Unreachable`. `quietly`: nobody is asked anything; the response may be a 401.
 */
export async function send(address, value, { headers = {}, keepalive = false, quietly = false } = {}) {
  for (;;) {
    const response = await attempt(address, value, headers, keepalive);
    if (quietly || (response.status !== 401 && !(response.status === 403 && (await outOfDate())))) return response;
    if (response.status === 401 || (await whoIsSignedIn())?.account !== account()) await signInAgain();
  }
}

/** Who is signed in now: {account, name, csrf}; null for nobody. Throws `Unreachable`. */
export async function whoIsSignedIn() {
  const response = await attempt("/session.json");
  if (response.status === 401) return null;
  const found = await response.json();
  return { ...found, account: String(found.account) };
}

/** Takes over the token of the session that there is now, if it is the same person's: for scripts and for forms. */
export async function takeUpSession() {
  const found = await whoIsSignedIn();
  if (found?.account === account()) {
    document.querySelector('meta[name="csrf"]').content = found.csrf;
    for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = found.csrf;
  }
  return found;
}

/** Ends once the person whose page it is is signed in: at once, or when they have signed in again. Throws `Unreachable`. */
export async function staySignedIn() {
  if ((await takeUpSession())?.account !== account()) await signInAgain();
}

/** Whether a request was refused because somebody has signed in anew since the page was loaded. */
async function outOfDate() {
  const before = csrf();
  const found = await takeUpSession();
  return found?.account !== account() || csrf() !== before;
}

async function attempt(address, value, headers = {}, keepalive = false) {
  const body = value === undefined ? {} : { method: "POST", body: JSON.stringify(value) };
  const sent = { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": csrf(), ...headers };
  let response;
  try {
    response = await fetch(address, { ...body, headers: sent, keepalive, redirect: "error" });
  } catch (error) {
    throw new Unreachable(address, { cause: error });
  }
  if (response.status >= 500 || response.status === 429) throw new Unreachable(`${address}: ${response.status}`);
  return response;
}
