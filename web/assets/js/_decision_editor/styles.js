// The editor of expressions (CodeMirror) writes <style> elements, which pages don't allow. A sheet of ours takes them.
import { StyleModule } from "style-mod";

const sheet = new CSSStyleSheet();
const mounted = [];

/** Has every editor of the page put its styles into that sheet. */
export function adoptEditorStyles() {
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
  StyleModule.mount = (_root, modules) => {
    const added = [modules].flat().filter((module) => !mounted.includes(module));
    if (!added.length) return;
    mounted.push(...added);
    sheet.replaceSync(mounted.map((module) => module.getRules()).join("\n"));
  };
}
