// What is wrong with a draft, listed with what to do: a click leads to where it is.

export class Problems {
  /**
   * @param {HTMLElement} root the editor: says which file it has open
   * @param {{reaches: (problem: object) => boolean, goTo: (problem: object) => void}} editor
   */
  constructor(root, editor) {
    this.root = root;
    this.editor = editor;
    this.path = root.dataset.path;
    this.strip = root.querySelector("[data-problems]");
    this.list = this.strip.querySelector("[data-problems-list]");
    this.found = [];
    this.list.addEventListener("click", (event) => {
      const place = event.target.closest("[data-problem]");
      if (place) this.editor.goTo(this.found[Number(place.dataset.problem)]);
    });
  }

  /** Shows all problems of the draft in place of those that were shown; those of this file first. */
  show(problems) {
    const isOwn = (problem) => problem.file === this.path;
    this.found = [...problems.filter(isOwn), ...problems.filter((problem) => !isOwn(problem))];
    this.list.replaceChildren(...this.found.map((problem, index) => this.line(problem, index)));
    this.count();
  }

  /** Opens the list at a problem. */
  open(problem) {
    this.strip.open = true;
    const place = this.list.querySelector(`[data-problem="${this.found.indexOf(problem)}"]`);
    place?.closest("li").scrollIntoView({ block: "nearest" });
    place?.focus({ preventScroll: true });
  }

  icon(problem) {
    return this.strip.querySelector(`[data-problem-sign="${problem.severity}"]`).content.cloneNode(true);
  }

  line(problem, index) {
    const item = document.createElement("li");
    item.className = `problem is-${problem.severity}`;
    const what = Object.assign(document.createElement("span"), { textContent: problem.problem });
    const remedy = Object.assign(document.createElement("span"), { textContent: problem.remedy, className: "text-secondary" });
    item.append(this.icon(problem), this.place(problem, index), what, remedy);
    return item;
  }

  place(problem, index) {
    const here = problem.file === this.path;
    const reached = here && this.editor.reaches(problem);
    const place = document.createElement(reached ? "button" : here ? "span" : "a");
    place.className = "problem-place";
    if (reached) {
      place.type = "button";
      place.dataset.problem = String(index);
    }
    if (!here) place.href = `${this.root.dataset.draft}/files/${problem.file}`;
    const named = problem.label || problem.element;
    place.textContent = here ? named || this.path : named ? `${named} (${problem.file})` : problem.file;
    return place;
  }

  count() {
    const errors = this.found.filter((problem) => problem.severity === "error").length;
    this.strip.dataset.problems = String(this.found.length);
    for (const [kind, count] of Object.entries({ errors, warnings: this.found.length - errors })) {
      const place = this.strip.querySelector(`[data-problems-${kind}]`);
      place.hidden = !count;
      place.querySelector("[data-count]").textContent = String(count);
    }
    this.strip.querySelector("[data-problems-none]").hidden = this.found.length > 0;
    if (!this.found.length) this.strip.open = false;
  }
}
