// A file of a package's draft, being changed: kept on the server soon after each change, and looked through there.
import { say } from "./_page.js";
import { Unreachable, send } from "./_sending.js";

/** Milliseconds after the last change; and between two looks at who else is here. */
const SOON = 700;
const NEWS = 15_000;
const LONGEST_PAUSE = 30_000;

/** The editor's state can't be written as a file; says why. */
export class Refused extends Error {}

export class DraftFile {
  /**
   * @param {HTMLElement} root says where the draft is (data-draft), which file (data-path), and its revision
   * @param {{read: () => Promise<string>|string, looked: (found: object) => void, mayKeep?: () => boolean}} editor
   */
  constructor(root, editor) {
    this.root = root;
    this.editor = editor;
    this.draft = root.dataset.draft;
    this.path = root.dataset.path;
    this.revision = Number(root.dataset.revision);
    this.basedOn = Number(root.dataset.basedOn); // the version that an unchanged file was read of
    this.failures = 0;
    this.states = root.querySelector("[data-draft-state]");
    this.kept = null;
  }

  async begin() {
    this.kept = await this.editor.read();
    const answer = await fetch(`${this.draft}/looked.json`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) this.looked(await answer.json());
    this.news();
    setInterval(() => this.news(), NEWS);
    addEventListener("beforeunload", (event) => this.unkept && event.preventDefault());
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        this.keep();
      }
    });
    this.root.addEventListener("click", (event) => {
      if (event.target.closest("[data-draft-mine]")) this.overwrite();
    });
  }

  /** Something was changed: it is kept soon. */
  changed() {
    this.unkept = true;
    this.tell("unkept");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), Math.min(SOON * 2 ** this.failures, LONGEST_PAUSE));
  }

  /** Keeps the latest state. One request at a time: what changes meanwhile is kept after it. */
  async keep() {
    clearTimeout(this.timer);
    this.again = this.keeping;
    if (this.keeping || this.conflict || this.editor.mayKeep?.() === false) return;
    this.keeping = true;
    try {
      const content = await this.editor.read();
      if (content === this.kept) {
        this.unkept = false;
        this.tell("kept");
        return;
      }
      this.tell("keeping");
      const response = await send(`${this.draft}/files/${this.path}`, { content, revision: this.revision, based_on: this.basedOn });
      await this.answered(response, content);
    } catch (error) {
      if (error instanceof Refused) return this.refuse(error.message);
      if (!(error instanceof Unreachable)) throw error;
      this.failures += 1;
      this.tell("unreachable");
      this.timer = setTimeout(() => this.keep(), Math.min(SOON * 2 ** this.failures, LONGEST_PAUSE));
    } finally {
      this.keeping = false;
      if (this.again) this.changed(); // what was changed meanwhile, also where the answer was a refusal
    }
    if (this.unkept && !this.conflict && !this.failures && !this.refused && (await this.editor.read()) !== this.kept) this.changed();
  }

  async answered(response, content) {
    this.failures = 0;
    this.refused = false;
    if (response.status === 409) return this.clash();
    if (!response.ok) return this.refuse((await response.json().catch(() => ({}))).detail);
    this.kept = content;
    const found = await response.json();
    this.revision = found.files[this.path]?.revision ?? 0;
    this.unkept = (await this.editor.read()) !== content;
    if (!this.unkept) this.tell("kept", found.at);
    this.looked(found);
  }

  refuse(reason) {
    this.refused = true;
    this.tell("refused");
    say(reason ?? this.root.dataset.refused);
  }

  looked(found) {
    this.stand(found);
    this.editor.looked(found);
  }

  /** Somebody else has changed the file since it was read here: nothing of ours is kept before its owner has chosen. */
  clash() {
    this.conflict = true;
    this.tell("clash");
    this.root.querySelector("[data-draft-clash]").hidden = false;
  }

  async overwrite() {
    await this.news();
    this.revision = this.theirs ?? this.revision;
    this.basedOn = this.theirBase ?? this.basedOn;
    this.conflict = false;
    this.root.querySelector("[data-draft-clash]").hidden = true;
    this.kept = null;
    await this.keep();
  }

  async news() {
    if (document.hidden) return;
    const response = await send(`${this.draft}/here`, { path: this.path }, { headers: { "X-News": "1" }, quietly: true }).catch(() => null);
    if (response?.ok) this.stand(await response.json());
  }

  /** Who else is here, and whether one of them has changed this very file. */
  stand(found) {
    this.theirs = found.files[this.path]?.revision ?? 0;
    this.theirBase = found.based_on;
    const others = this.root.querySelector("[data-draft-others]");
    others.hidden = !found.others.length;
    const here = found.others.filter((other) => other.path === this.path);
    const told = here.length ? others.dataset.here : others.dataset.elsewhere;
    const names = (here.length ? here : found.others).map((other) => other.name).join(", ");
    others.querySelector("[data-draft-names]").textContent = told.replace("{names}", names);
    others.classList.toggle("is-here", here.length > 0);
    if (this.theirs > this.revision && !this.keeping && !this.conflict) this.clash(); // revisions grow: less is old news
    const link = document.querySelector("[data-draft-deploy]");
    if (link) link.hidden = !Object.keys(found.files).length;
  }

  tell(state, at) {
    this.states.dataset.draftState = state;
    const time = at ? new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }) : "";
    const words = state === "kept" && !time ? this.states.dataset.keptBefore : this.states.dataset[state];
    this.states.querySelector("[data-draft-words]").textContent = words.replace("{time}", time);
  }
}

/** The comments in an XML file, each as it would be said that it can't be read: editors of diagrams don't keep them. */
export function remarksIn(xml) {
  const found = [];
  const remarks = document.createNodeIterator(new DOMParser().parseFromString(xml, "text/xml"), NodeFilter.SHOW_COMMENT);
  for (let remark = remarks.nextNode(); remark; remark = remarks.nextNode()) found.push({ message: `<!--${remark.data}-->` });
  return found;
}
