// The modeler. What draws is large: it is loaded by itself, and only on this page.
import { attachTo } from "./_page.js";

attachTo("[data-modeler]", async (root) => {
  const { Modeling } = await import("./_modeler/modeling.js");
  await new Modeling(root).begin();
});
