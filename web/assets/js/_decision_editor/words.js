// What the editor of decisions says, in the owner's language.
import { italian } from "./italian.js";

const WORDS = { it: italian };

/** The module that has the editor speak a language; English where there is none. */
export function translationModule(language) {
  const words = WORDS[language.split("-")[0]] ?? {};
  const translate = (template, values = {}) =>
    (words[template] ?? template).replace(/{ ?([^} ]+) ?}/g, (_, key) => values[key] ?? `{${key}}`);
  return { translate: ["value", translate] };
}
