// Forms of user tasks and actions: shown by form-js, kept while typing, sent as JSON.
//
// <div data-form data-action="/user-tasks/12/complete" data-draft="user-task:12"> holds a JSON block with the schema,
// the values, the draft and our words (templates/components/user_task_form.html).
import { attachTo } from "./_page.js";
import { Keeper } from "./_keeping.js";
import { send, Unreachable } from "./_sending.js";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
  const root = event.target.closest("[data-form]") ?? document.querySelector("[data-form][data-main]");
  if (!root || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  root.querySelector("[data-form-send]")?.click();
});

class SentForm {
  constructor(root) {
    this.root = root;
    Object.assign(this, JSON.parse(root.querySelector("[data-form-json]").textContent));
    this.part = (name) => root.querySelector(`[data-form-${name}]`);
  }

  async begin() {
    this.part("send").addEventListener("click", () => this.submit());
    if (!this.schema) return;
    const { showForm } = await import("./_showing.js");
    this.shown = await showForm(this.part("place"), this);
    this.part("place").addEventListener("keydown", keepEnter);
    this.part("place").addEventListener("submit", (event) => event.preventDefault(), true);
    this.keep();
    this.shown.form.on("changed", ({ errors }) => {
      this.keeper?.changed();
      this.forgetMended(errors);
    });
    this.root.dataset.ready = "yes";
  }

  keep() {
    const { place, draft, words } = { place: this.root.dataset.draft, draft: this.draft, words: this.words.drafts };
    if (!place) return;
    const write = (content) => this.shown.begin(content);
    const read = () => this.shown.content();
    this.keeper = new Keeper({ place, read, write, status: this.part("status"), notes: this.part("notes"), words });
    this.keeper.begin(draft);
  }

  async submit() {
    if (this.busy || (this.schema && !this.shown)) return; // what nobody has seen yet, nobody sends
    this.clear();
    const data = this.shown?.data() ?? {};
    const errors = this.shown?.check() ?? {};
    if (Object.keys(errors).length) return this.showErrors(errors);
    this.setBusy(true);
    try {
      if (this.keeper) {
        this.keeper.sending = true; // a draft must not come after what it was a draft of
        await this.keeper.saving;
      }
      await this.answered(await this.post(data));
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      this.showProblem(this.words.unreachable);
    } finally {
      this.setBusy(false);
      if (this.keeper && !this.left) {
        this.keeper.sending = false;
        this.keeper.changed();
      }
    }
  }

  /** The same data go under the same key: sent twice, they count once, and the answer is the same. */
  async post(data) {
    const body = JSON.stringify(data);
    if (body !== this.body) [this.body, this.key] = [body, crypto.randomUUID()];
    return send(this.root.dataset.action, { data }, { headers: { "Idempotency-Key": this.key } });
  }

  async answered(response) {
    const told = await response.json().catch(() => ({}));
    if (response.ok) return this.goOn(told);
    this.body = null; // nothing was done: the next attempt is a new one
    if (response.status === 422 && told.errors) this.showErrors(told.errors, told.detail);
    else if (response.status === 409) this.showConflict(told);
    else this.showProblem(told.detail ?? this.words.failed);
  }

  goOn({ next }) {
    this.keeper?.end();
    this.left = true;
    window.location.assign(next);
  }

  /** At the fields, and above them as links. */
  showErrors(errors, title) {
    this.shown?.refuse(errors);
    const labels = Object.fromEntries(
      (this.shown?.fields ?? []).map((field) => [field.key, field.label ?? field.dateLabel]),
    );
    const box = alertBox("danger", this.words.refused);
    const list = document.createElement("ul");
    for (const [key, texts] of Object.entries(errors))
      for (const text of texts) list.append(this.errorLine(key, told(labels[key], text)));
    if (!list.children.length && title)
      list.append(Object.assign(document.createElement("li"), { textContent: title }));
    box.append(list);
    this.show(box);
  }

  errorLine(key, text) {
    const line = Object.assign(document.createElement("li"), { className: "form-error" });
    line.dataset.key = key;
    const field = this.shown?.element(key);
    if (!field) return Object.assign(line, { textContent: text });
    const link = Object.assign(document.createElement("a"), { href: `#${field.id}`, textContent: text });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      field.focus();
    });
    line.append(link);
    return line;
  }

  /** Somebody else was quicker: who, with what; and what was typed is still there, to be copied. */
  showConflict({ detail, told, values = [], next }) {
    const box = alertBox("warning", told ?? detail);
    if (values.length) {
      const list = document.createElement("dl");
      for (const [label, value] of values)
        list.append(
          Object.assign(document.createElement("dt"), { textContent: label }),
          Object.assign(document.createElement("dd"), { textContent: value }),
        );
      box.append(list);
    }
    if (this.shown) box.append(Object.assign(document.createElement("p"), { textContent: this.words.kept }));
    if (next)
      box.append(
        Object.assign(document.createElement("a"), { className: "btn", href: next, textContent: this.words.next }),
      );
    this.show(box);
  }

  /** What has been mended leaves the summary. */
  forgetMended(errors) {
    const wrong = new Set(this.shown.fields.filter(({ id }) => errors[id]?.length).map(({ key }) => key));
    const lines = [...this.part("summary").querySelectorAll(".form-error")];
    const mended = lines.filter((line) => !wrong.has(line.dataset.key));
    for (const line of mended) line.remove();
    if (lines.length && mended.length === lines.length) this.clear();
  }

  showProblem(text) {
    this.show(alertBox("danger", text));
  }

  show(box) {
    this.part("summary").replaceChildren(box);
    box.focus();
    box.scrollIntoView({ block: "nearest" });
  }

  clear() {
    this.part("summary").replaceChildren();
  }

  setBusy(busy) {
    this.busy = busy || this.left;
    this.part("send").setAttribute("aria-disabled", String(Boolean(this.busy)));
    this.root.classList.toggle("is-busy", Boolean(this.busy));
  }
}

/** A field's label with what is wrong: a question needs no colon. */
function told(label, text) {
  if (!label) return text;
  return /[?!.:]$/.test(label) ? `${label} ${text}` : `${label}: ${text}`;
}

function alertBox(kind, title) {
  const box = Object.assign(document.createElement("div"), {
    className: `alert alert-${kind} form-summary`,
    tabIndex: -1,
  });
  box.setAttribute("role", "alert");
  box.append(Object.assign(document.createElement("p"), { className: "alert-title", textContent: title }));
  return box;
}

/** Enter in a field sends nothing: one means the next line, or nothing. */
function keepEnter(event) {
  if (
    event.key === "Enter" &&
    event.target.matches("input:not([type=checkbox], [type=radio])") &&
    !event.ctrlKey &&
    !event.metaKey
  )
    event.preventDefault();
}

attachTo("[data-form]", (root) => new SentForm(root).begin());
