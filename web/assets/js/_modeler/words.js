// What the modeler says, in the owner's language: common words from the field's own translation, the others are ours.
import common from "bpmn-js-i18n/translations/it.js";
import { italian } from "./italian.js";

const WORDS = { it: { ...common, ...italian } };

/** The module that has the modeler speak a language; English where there is none. */
export function translationModule(language) {
  const words = WORDS[language.split("-")[0]] ?? {};
  const anyCase = new Map(Object.entries(words).map(([text, said]) => [text.toLowerCase(), said]));
  const translate = (template, values = {}) =>
    (words[template] ?? anyCase.get(template.toLowerCase()) ?? template).replace(/{([^}]+)}/g, (_, key) => values[key] ?? `{${key}}`);
  return { translate: ["value", translate] };
}
