// The answers that a field offers: what is read, and the value that stands for it.

/** @param {{value: object[], words: object, label: string, set: (values: object[], how?: object) => void}} about */
export function answers({ value = [], words, label, set }) {
  const place = Object.assign(document.createElement("fieldset"), { className: "form-answers" });
  const name = Object.assign(document.createElement("legend"), { className: "form-label", textContent: label });
  let kept = value;
  const give = (values, how) => set((kept = values), how);
  const rows = value.map((_, at) => row(at));
  const add = button(words.add, "plus", () => give([...kept, { label: words.new_answer, value: fresh(kept) }], { anew: true }));
  add.append(words.add);
  add.classList.add("btn-sm");
  add.removeAttribute("aria-label");
  place.append(name, ...rows, add);
  return place;

  function row(at) {
    const made = Object.assign(document.createElement("div"), { className: "form-answer" });
    const change = (changes) => give(kept.map((one, index) => (index === at ? { ...one, ...changes } : one)), { later: true });
    const read = (text) => (typeof value[at].value === "number" && text.trim() && Number.isFinite(Number(text)) ? Number(text) : text);
    const of = `${words.answer} ${at + 1}: `;
    const swap = button(of + words.up, "arrow-up", () => give(kept.with(at - 1, kept[at]).with(at, kept[at - 1]), { anew: true }));
    swap.disabled = at === 0;
    made.append(
      input(`${words.answer} ${at + 1}`, value[at].label ?? "", (text) => change({ label: text })),
      input(`${words.value} ${at + 1}`, value[at].value ?? "", (text) => change({ value: read(text) })),
      swap,
      button(of + words.remove, "x", () => give(kept.toSpliced(at, 1), { anew: true })),
    );
    return made;
  }
}

function input(label, value, changed) {
  const made = Object.assign(document.createElement("input"), { className: "form-control", value: String(value), autocomplete: "off" });
  made.setAttribute("aria-label", label);
  made.id = `answer-${label.replaceAll(" ", "-")}`;
  made.addEventListener("input", () => changed(made.value));
  return made;
}

function button(label, sign, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-icon", title: label });
  made.setAttribute("aria-label", label);
  made.append(document.querySelector(`[data-form-sign="${sign}"]`).content.cloneNode(true));
  made.addEventListener("click", act);
  return made;
}

/** A value that no other answer has. */
function fresh(values) {
  let at = values.length + 1;
  while (values.some(({ value }) => value === `answer${at}`)) at += 1;
  return `answer${at}`;
}
