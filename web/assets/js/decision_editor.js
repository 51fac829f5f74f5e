// The editor of decisions. What draws is large: it is loaded by itself, and only on this page.
import { attachTo } from "./_page.js";

attachTo("[data-decision-editor]", async (root) => {
  const { Deciding } = await import("./_decision_editor/deciding.js");
  root.editor = new Deciding(root); // at hand for whoever looks from outside
  await root.editor.begin();
});
