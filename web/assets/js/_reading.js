// Numbers and days as people of a language write and read them. What Iter keeps: 1234.5 and "2026-03-27".

/** The language that the page is in. */
export const language = () => document.documentElement.lang || "en";

/** English is written in many ways; days come before months here, as in the rest of Europe. */
const written = () => (language() === "en" ? "en-GB" : language());

/** A number as it is typed: without groups, with the language's decimal sign. */
export function writeNumber(number) {
  if (typeof number !== "number") return number ?? "";
  return new Intl.NumberFormat(written(), { useGrouping: false, maximumFractionDigits: 20 }).format(number);
}

/** The number that was typed; null for nothing; the text itself where it is none: the server says what is wrong. */
export function readNumber(text) {
  const typed = latin(text).replace(/[\s\u00a0\u202f'’]/g, "");
  if (!typed) return null;
  const comma = decimalSign() === ",";
  const [group, decimal] = comma ? [".", ","] : [",", "."];
  let plain = typed;
  if (new RegExp(`^[+-]?\\d{1,3}(\\${group}\\d{3})+(\\${decimal}\\d*)?$`).test(typed))
    plain = typed.replaceAll(group, "");
  plain = plain.replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : text;
}

/** A day as it is written with digits: 27/03/2026. */
export function writeDay(iso) {
  const day = dayOf(iso);
  if (!day) return iso ?? "";
  return new Intl.DateTimeFormat(written(), { ...DIGITS, timeZone: "UTC" }).format(day);
}

/** A day in words, for whoever wants to be sure: venerdì 27 marzo 2026. */
export function sayDay(iso) {
  const day = dayOf(iso);
  if (!day) return "";
  return new Intl.DateTimeFormat(written(), { dateStyle: "full", timeZone: "UTC" }).format(day);
}

/** The day that was typed, as ISO text; null for nothing; the text itself where it is none. */
export function readDay(text) {
  const typed = latin(text).trim();
  if (!typed) return null;
  if (dayOf(typed)) return typed;
  const numbers = typed.split(/[^\d]+/).filter(Boolean);
  if (numbers.length !== 3 || !/^[\d\s./-]+$/.test(typed)) return text;
  const found = Object.fromEntries(order().map((part, index) => [part, numbers[index]]));
  if (found.year.length === 2) found.year = `20${found.year}`;
  const iso = `${found.year.padStart(4, "0")}-${found.month.padStart(2, "0")}-${found.day.padStart(2, "0")}`;
  return dayOf(iso) ? iso : text;
}

/** How a day is typed: the words for day, month and year in the language's order: gg/mm/aaaa. */
export function dayPattern(words) {
  const sample = new Intl.DateTimeFormat(written(), DIGITS).formatToParts(new Date(2026, 2, 27));
  return sample.map((part) => words[part.type] ?? part.value).join("");
}

/** The time of an instant in a zone: 12:03. */
export function sayTime(iso, zone) {
  return new Intl.DateTimeFormat(written(), { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(
    new Date(iso),
  );
}

/** The day and time of an instant in a zone. */
export function sayInstant(iso, zone) {
  return new Intl.DateTimeFormat(written(), { dateStyle: "medium", timeStyle: "short", timeZone: zone }).format(
    new Date(iso),
  );
}

const DIGITS = { day: "2-digit", month: "2-digit", year: "numeric", calendar: "gregory", numberingSystem: "latn" };

/** Persian and Arabic digits and signs as the Latin ones. */
function latin(text) {
  const digits = text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => digit.charCodeAt(0) & 15);
  return digits.replaceAll("\u066b", ".").replaceAll("\u066c", ",");
}

function decimalSign() {
  return new Intl.NumberFormat(written()).formatToParts(1.5).find((part) => part.type === "decimal").value;
}

function order() {
  const parts = new Intl.DateTimeFormat(written(), DIGITS).formatToParts(new Date(2026, 2, 27));
  return parts.map((part) => part.type).filter((type) => ["day", "month", "year"].includes(type));
}

/** The day of ISO text, at midnight UTC; null where there is no such day. */
function dayOf(iso) {
  if (!/^\d{4}-\d\d-\d\d$/.test(iso ?? "")) return null;
  const day = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(iso) ? day : null;
}
