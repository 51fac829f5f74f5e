// Keeps what is being typed on the server: soon after it was typed, and again and again where that fails.
import { sayInstant, sayTime } from "./_reading.js";
import { account, send, Unreachable } from "./_sending.js";

const SOON = 1000;
const LONGEST_PAUSE = 30000;
/** a browser takes no more along when a page is left */
const KEEPALIVE = 60000;

const tabs = "BroadcastChannel" in window ? new BroadcastChannel("iter-drafts") : null;
const keepers = new Set();

/** Keeps one form. `place`: which; `read`: gives its content; `write`: fills it in; `status`, `notes`: where to tell. */
export class Keeper {
  constructor({ place, read, write, status, notes, words }) {
    Object.assign(this, { place, read, write, status, notes, words });
    this.failures = 0;
    this.initial = this.kept = JSON.stringify(read());
    this.keptAt = "";
    keepers.add(this);
  }

  /** Begins with what was kept: a draft of the server's, and what this tab couldn't hand over. */
  async begin(found) {
    let [draft, stranded] = [found, takeStranded(this.place)];
    if (stranded && !stranded.content) {
      // the page may have been made while its predecessor's last words were on their way
      if (stranded.base !== draft?.kept_at) draft = await readDraft(this.place);
      stranded = null;
    }
    if (JSON.stringify(this.read()) !== this.initial) return this.meet([stranded, draft]);
    this.keptAt = draft?.kept_at ?? "";
    if (draft?.content) this.take(draft.content, this.keptAt);
    const own = stranded && JSON.stringify(stranded.content) !== JSON.stringify(draft?.content) ? stranded : null;
    if (own && own.base === this.keptAt) {
      this.write(own.content);
      this.changed();
    }
    if (JSON.stringify(this.read()) === this.initial) return this.tell("");
    this.note("restored", this.keptAt && sayInstant(this.keptAt, this.words.zone), { discard: () => this.discard() });
    if (own && own.base !== this.keptAt) this.offer(own.content, sayInstant(own.at, this.words.zone));
  }

  /** Something was typed before what was kept came: that takes nothing away, it is offered. */
  meet(drafts) {
    const here = [JSON.parse(this.initial), this.read()].map(sorted);
    const other = drafts.find((draft) => draft?.content && !here.includes(sorted(draft.content)));
    if (other) this.offer(other.content, sayInstant(other.at ?? other.kept_at, this.words.zone));
    this.changed();
  }

  /** Something was typed. */
  changed() {
    if (this.ended || this.sending || !this.isUnkept()) return;
    if (this.failures) return strand(this.place, this.read(), this.keptAt); // it is tried again in any case
    this.tell("typing");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SOON);
  }

  isUnkept() {
    return JSON.stringify(this.read()) !== this.kept;
  }

  async save() {
    clearTimeout(this.timer);
    if (this.ended || this.sending || this.saving || !this.isUnkept()) return this.saving;
    this.saving = this.hand().finally(() => (this.saving = null));
    await this.saving;
    if (!this.failures && this.isUnkept()) this.changed();
  }

  async hand() {
    const content = this.read();
    this.tell("saving");
    try {
      const response = await send(`/drafts/${this.place}`, content);
      if (!response.ok) return this.giveUp(response);
      if (this.ended) return;
      this.isKept(content, (await response.json()).kept_at);
      tabs?.postMessage({ place: this.place, account: account(), content, keptAt: this.keptAt });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      this.failures += 1;
      strand(this.place, content, this.keptAt);
      this.tell("unreachable");
      this.timer = setTimeout(() => this.save(), this.pause());
    }
  }

  isKept(content, at) {
    this.kept = JSON.stringify(content);
    this.keptAt = at;
    this.failures = 0;
    strand(this.place, null, at);
    this.tell("saved", sayTime(at, this.words.zone));
  }

  /** It can't be kept as it is (too large, say): the page still holds it. */
  giveUp(response) {
    this.kept = JSON.stringify(this.read());
    this.tell(response.status === 413 ? "large" : "refused");
  }

  pause() {
    return Math.min(SOON * 2 ** this.failures, LONGEST_PAUSE);
  }

  /** The page is left, or the form taken away: what is not kept yet is handed over on the way. */
  leave() {
    if (this.ended || this.sending || !this.isUnkept()) return;
    const content = this.read();
    strand(this.place, content, this.keptAt);
    if (JSON.stringify(content).length > KEEPALIVE) return;
    send(`/drafts/${this.place}`, content, { keepalive: true, quietly: true })
      .then(async (response) => response.ok && this.isKept(content, (await response.json()).kept_at))
      .catch(() => {}); // it stays in this tab
  }

  /** The form was sent and accepted: nothing is kept any more. */
  end() {
    this.ended = true;
    clearTimeout(this.timer);
    keepers.delete(this);
    forgetStranded(this.place);
  }

  async discard() {
    this.write(JSON.parse(this.initial));
    this.kept = JSON.stringify(this.read());
    clearTimeout(this.timer);
    forgetStranded(this.place);
    this.notes.replaceChildren();
    this.tell("");
    await send(`/drafts/${this.place}/drop`, {}).catch(() => {});
  }

  /** Another tab has kept something at the same place. */
  heard({ content, keptAt }) {
    if (JSON.stringify(content) === JSON.stringify(this.read())) return;
    if (!this.isUnkept() && !document.hasFocus()) this.take(content, keptAt);
    else this.offer(content, sayTime(keptAt, this.words.zone));
  }

  /** Goes on with what was kept elsewhere. */
  take(content, at) {
    this.write(content);
    this.kept = JSON.stringify(this.read());
    this.keptAt = at;
    this.notes.replaceChildren();
    this.tell("saved", sayTime(at, this.words.zone));
  }

  /** What was written elsewhere, or what is here: a person chooses. */
  offer(content, time) {
    const mine = () => {
      this.notes.replaceChildren();
      this.kept = "";
      this.save();
    };
    const take = () => {
      this.write(content);
      mine();
    };
    this.note("elsewhere", time, { take, mine });
  }

  tell(state, time = "") {
    if (!this.status) return;
    this.status.dataset.state = state;
    this.status.textContent = this.word(state, time);
    // only what went wrong is said aloud: "saved" after every word would be noise
    if (["unreachable", "large", "refused"].includes(state)) this.status.setAttribute("role", "alert");
    else this.status.removeAttribute("role");
  }

  word(name, time) {
    return (this.words[time ? name : `${name}_untimed`] ?? this.words[name] ?? "").replace("{time}", time);
  }

  note(state, time, actions) {
    const made = document.createElement("div");
    made.className = "draft-note";
    made.setAttribute("role", "status");
    const text = document.createElement("span");
    text.textContent = this.word(state, time);
    made.append(text);
    for (const [name, action] of Object.entries(actions)) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "btn btn-sm", textContent: this.words[name] });
      button.addEventListener("click", action);
      made.append(button);
    }
    this.notes.replaceChildren(made);
  }
}

/** Hands over what isn't kept yet, of all forms or of those inside an element that goes. */
export function leaveAll(inside) {
  for (const keeper of [...keepers])
    if (!inside || inside.contains(keeper.notes)) {
      keeper.leave();
      if (inside) keepers.delete(keeper);
    }
}

addEventListener("pagehide", () => leaveAll());
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leaveAll());
addEventListener("online", () => keepers.forEach((keeper) => keeper.save()));
addEventListener("beforeunload", (event) => {
  if ([...keepers].some((keeper) => keeper.failures && keeper.isUnkept())) event.preventDefault();
});
tabs?.addEventListener("message", ({ data }) => {
  if (data.account === account()) keepers.forEach((keeper) => keeper.place === data.place && keeper.heard(data));
});

/** {content, kept_at} of what the server keeps, both null where it keeps nothing; null where it can't be asked. */
export async function readDraft(place) {
  const response = await fetch(`/drafts/${place}`, { headers: { Accept: "application/json" } }).catch(() => null);
  return response?.ok ? response.json() : null;
}

/** A content as a text, in whatever order its fields came. */
const sorted = (content) => JSON.stringify(Object.entries(content).sort());

// What couldn't be handed over stays in this tab, for this person: a page that is loaded anew begins with it.
const PREFIX = "iter-draft:";
const name = (place) => `${PREFIX}${account()}:${place}`;

function strand(place, content, base) {
  try {
    sessionStorage.setItem(name(place), JSON.stringify({ content, base, at: new Date().toISOString() }));
  } catch {
    // it is full: the page still holds it
  }
}

/** {content: null where all was handed over, base: when the draft that it goes on from was kept, at}; null for nothing. What is somebody else's goes. */
function takeStranded(place) {
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${account()}:`)) sessionStorage.removeItem(key);
  return JSON.parse(sessionStorage.getItem(name(place)) ?? "null");
}

const forgetStranded = (place) => sessionStorage.removeItem(name(place));
