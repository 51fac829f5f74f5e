// Rows of one list: added, moved, removed; and what they say.

/** The cells of a row, without those of rows inside it. */
export const cellsOf = (row) => [...row.querySelectorAll("[data-cell]")].filter((cell) => cell.parentElement.closest("[data-row]") === row);

export const nameOf = (cell) => cell.dataset.cell;

/** The key that a row has. */
const keyOf = (row) => row.querySelector(":scope > [data-cell=key] input").value;

const rowsIn = (place) => [...place.querySelector("[data-rows]").children];

export class Rows {
  /** @param {HTMLElement} place has the rows, a template of a new one, and the button that adds it */
  constructor(place, { key }) {
    this.place = place;
    this.key = new RegExp(`^(?:${key})$`);
    this.name = place.dataset.list;
    this.look = place.dataset.look;
    for (const row of place.querySelectorAll("[data-row]")) this.refresh(row);
    this.first = new Map(rowsIn(place).map((row) => [row, this.written(row)]));
    place.addEventListener("click", (event) => this.clicked(event.target));
    place.addEventListener("input", ({ target }) => this.typed(target.closest("[data-row]"), target));
  }

  get rows() {
    return rowsIn(this.place);
  }

  /** Of each row where it was, and what was changed; of a new one everything. */
  read() {
    return this.rows.map((row) => {
      const now = this.values(row);
      const before = this.first.get(row);
      if (!before) return now;
      const changed = Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]));
      return { was: Number(row.dataset.was), ...Object.fromEntries(changed) };
    });
  }

  /** What the file says of a row that it has. */
  written(row) {
    const found = this.values(row);
    for (const cell of cellsOf(row)) if (cell.querySelector("[data-missing]")) delete found[nameOf(cell)];
    return found;
  }

  /** All that a row says, by the names of its cells. */
  values(row) {
    const found = {};
    for (const cell of cellsOf(row)) {
      const name = nameOf(cell);
      if (cell.dataset.kind === "label") found[name] = { ...found[name], ...this.text(cell) };
      else if (!cell.hidden) found[name] = this.value(cell);
      else found[name] = [];
    }
    return found;
  }

  text(cell) {
    const text = cell.querySelector("input").value.trim();
    return text ? { [cell.dataset.language]: text } : {};
  }

  value(cell) {
    if (cell.dataset.kind === "many") return [...cell.querySelectorAll("input:checked")].map((box) => box.value);
    if (cell.dataset.kind === "rows") return rowsIn(cell).map((row) => this.values(row));
    return cell.querySelector("input, select").value.trim();
  }

  clicked(target) {
    const button = target.closest("button");
    const row = button?.closest("[data-row]");
    if (!button) return;
    if ("add" in button.dataset) return this.add(button.closest("[data-cell=choices]") ?? this.place);
    if ("remove" in button.dataset) {
      const place = row.parentElement.parentElement;
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      (next?.querySelector("input") ?? place.querySelector(":scope > [data-add]")).focus();
      return this.changed();
    }
    if (button.dataset.move === "up") row.previousElementSibling?.before(row);
    else if (button.dataset.move === "down") row.nextElementSibling?.after(row);
    else return;
    button.focus();
    this.changed();
  }

  add(place) {
    const row = place.querySelector(":scope > template").content.firstElementChild.cloneNode(true);
    place.querySelector("[data-rows]").append(row);
    this.refresh(row);
    row.querySelector("input").focus();
    this.changed();
  }

  /** A new row gets its key from its name, until somebody writes another. */
  typed(row, field) {
    if (!row) return;
    const key = row.querySelector(":scope > [data-cell=key] input");
    if (field === key) row.dataset.keyed = "yes";
    const name = row.querySelector(":scope > [data-cell=label] input");
    if (field === name && !("was" in row.dataset) && !row.dataset.keyed) key.value = this.keyFor(field.value, row);
    this.refresh(row);
  }

  keyFor(name, row) {
    const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const key = plain.replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "").slice(0, 60);
    const others = [...row.parentElement.children].filter((one) => one !== row).map(keyOf);
    if (!key || !others.includes(key)) return key;
    return `${key}_${[...Array(99).keys()].map((at) => at + 2).find((at) => !others.includes(`${key}_${at}`))}`;
  }

  /** What follows from what is chosen: the words of ticked boxes, answers only where there is a list. */
  refresh(row) {
    for (const cell of cellsOf(row)) {
      if (cell.dataset.kind === "many") {
        const chosen = [...cell.querySelectorAll("input:checked")].map((box) => box.nextElementSibling.textContent);
        cell.querySelector("[data-chosen]").textContent = chosen.join(", ") || "–";
      }
      if (cell.dataset.kind === "rows") cell.hidden = cellsOf(row).find((one) => nameOf(one) === "type").querySelector("select").value !== "choice";
      if (cell.dataset.kind === "key") cell.querySelector("input").setAttribute("aria-invalid", String(!this.key.test(keyOf(row))));
    }
    const name = row.querySelector(":scope > [data-cell=label] input").value || keyOf(row);
    for (const button of row.querySelectorAll(":scope > .setting-deeds > button")) button.setAttribute("aria-label", `${button.title}: ${name}`);
  }

  changed() {
    this.place.querySelector(":scope > [data-none]").hidden = this.rows.length > 0;
    this.place.dispatchEvent(new CustomEvent("rows", { bubbles: true }));
  }
}
