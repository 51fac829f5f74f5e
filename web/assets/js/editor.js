// Rich text: an editor over every <textarea data-editor>. The textarea stays the field: its value is the Markdown, always.
//
// Whatever else reads or sets the textarea (drafts, submitting, the server's answer) needs to know nothing of it.
import { history } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { EditorState, Plugin } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { keys, linkAt, rules, setLink, tools } from "./_editor/commands.js";
import { isAddress, parse, write } from "./_editor/markdown.js";
import { attachTo } from "./_page.js";

attachTo("textarea[data-editor]", edit);

function edit(textarea) {
  const toolbar = document.getElementById("editor-tools").content.firstElementChild.cloneNode(true);
  const frame = document.createElement("div");
  frame.className = `editor${textarea.classList.contains("is-invalid") ? " is-invalid" : ""}`;
  const place = document.createElement("div");
  frame.append(toolbar, place);
  textarea.before(frame);

  let written = textarea.value;
  const view = new EditorView({ mount: place }, {
    state: EditorState.create({ doc: parse(written), plugins: plugins(textarea, toolbar) }),
    attributes: (state) => attributes(textarea, state),
    // what a foreign page would run is never run here; without it the browser needn't say so
    transformPastedHTML: (page) => page.replace(/\son\w+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, ""),
    dispatchTransaction(transaction) {
      this.updateState(this.state.apply(transaction));
      if (transaction.docChanged) {
        written = textarea.value = write(this.state.doc);
        textarea.dispatchEvent(new Event("input", { bubbles: true }));
      }
      show(toolbar, this.state);
    },
  });
  const takeOver = () => {
    if (textarea.value === written) return;
    written = textarea.value;
    view.updateState(EditorState.create({ doc: parse(written), plugins: view.state.plugins }));
  };
  textarea.addEventListener("input", takeOver);
  textarea.addEventListener("change", takeOver);
  textarea.form?.addEventListener("reset", () => setTimeout(takeOver));
  replace(textarea, view);
  furnish(toolbar, view);
  show(toolbar, view.state);
}

function plugins(textarea, toolbar) {
  const send = () => {
    textarea.form?.requestSubmit();
    return true;
  };
  const link = () => {
    toolbar.querySelector("[data-tool=link]").click();
    return true;
  };
  return [rules, ...keys(send, link).map(keymap), history(), emptiness(textarea)];
}

/** An empty editor shows the textarea's placeholder. */
function emptiness(textarea) {
  const isEmpty = (state) => state.doc.childCount === 1 && state.doc.firstChild.isTextblock && !state.doc.firstChild.content.size;
  return new Plugin({ props: { attributes: (state) => ({ class: isEmpty(state) ? "is-empty" : "", "data-placeholder": textarea.placeholder }) } });
}

function attributes(textarea) {
  const told = { role: "textbox", "aria-multiline": "true", class: "editor-text rich", dir: "auto", spellcheck: "true" };
  for (const name of ["aria-describedby", "aria-invalid", "aria-label", "aria-labelledby"]) {
    const value = textarea.getAttribute(name);
    if (value) told[name] = value;
  }
  if (textarea.required || textarea.dataset.required) told["aria-required"] = "true";
  return told;
}

/** The editor stands where the textarea stood: for its label, for links to the field, for the keyboard. */
function replace(textarea, view) {
  const label = textarea.labels?.[0];
  if (label) {
    label.id ||= `label-${textarea.id}`;
    textarea.setAttribute("aria-labelledby", label.id);
    label.addEventListener("click", () => view.focus());
  }
  if (textarea.required) {
    textarea.dataset.required = "yes"; // what is hidden can't be asked for by the browser: the server does
    textarea.required = false;
  }
  view.dom.id = textarea.id;
  textarea.removeAttribute("id");
  view.setProps({ attributes: (state) => attributes(textarea, state) });
  const focused = document.activeElement === textarea || textarea.autofocus;
  textarea.hidden = true;
  if (focused) view.focus();
  textarea.focus = () => view.focus();
}

/** Buttons, and the line that asks for an address. One of the buttons is in the order of Tab, arrows lead to the others. */
function furnish(toolbar, view) {
  const buttons = [...toolbar.querySelectorAll("[data-tool]")];
  buttons.forEach((button, index) => {
    button.tabIndex = index ? -1 : 0;
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
    button.addEventListener("click", () => {
      if (button.dataset.tool === "link") return askForLink(toolbar, view);
      tools[button.dataset.tool].run(view.state, view.dispatch, view);
      view.focus();
    });
  });
  toolbar.setAttribute("aria-controls", view.dom.id);
  toolbar.addEventListener("keydown", (event) => {
    const here = buttons.indexOf(event.target);
    const next = here < 0 ? undefined : buttons[targetOf(event.key, here, buttons.length)];
    if (!next) return;
    event.preventDefault();
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  });
}

function targetOf(key, here, count) {
  const forth = document.documentElement.dir === "rtl" ? -1 : 1;
  const step = { ArrowRight: forth, ArrowLeft: -forth }[key];
  return step ? (here + step + count) % count : { Home: 0, End: count - 1 }[key];
}

function show(toolbar, state) {
  for (const button of toolbar.querySelectorAll("[data-tool]")) {
    const tool = tools[button.dataset.tool];
    button.setAttribute("aria-pressed", String(tool.isOn(state)));
    button.disabled = Boolean(tool.run && !tool.run(state));
  }
}

/** The line below the buttons; Enter takes the address, Escape leaves all as it was. */
function askForLink(toolbar, view) {
  const line = toolbar.querySelector("[data-link]");
  const field = line.querySelector("input");
  const close = () => {
    line.hidden = true;
    view.focus();
  };
  if (!line.hidden) return close();
  line.hidden = false;
  field.value = linkAt(view.state);
  field.removeAttribute("aria-invalid");
  field.focus();
  field.select();
  const take = (href) => {
    setLink(view.state, view.dispatch, href);
    close();
  };
  const apply = () => {
    const typed = field.value.trim();
    const href = typed && !isAddress(typed) && /^[\w-]+(\.[\w-]+)+([/?#]\S*)?$/.test(typed) ? `https://${typed}` : typed;
    if (href && !isAddress(href)) return field.setAttribute("aria-invalid", "true");
    take(href);
  };
  line.querySelector("[data-link-apply]").onclick = apply;
  line.querySelector("[data-link-remove]").onclick = () => take("");
  field.onkeydown = (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter") apply();
    else close();
  };
}
