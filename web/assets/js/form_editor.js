// The form editor. What draws is large: it is loaded by itself, and only on this page.
import { attachTo } from "./_page.js";

attachTo("[data-form-editor]", async (root) => {
  const { Building } = await import("./_form_editor/building.js");
  root.editor = new Building(root); // at hand for whoever looks from outside
  await root.editor.begin();
});
