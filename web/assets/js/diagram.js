// Diagrams of running processes. What draws them is large, and loaded when one comes into sight.
import { attachTo } from "./_page.js";

attachTo("[data-diagram]", (section) => {
  const seen = new IntersectionObserver(async (entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    try {
      const { Drawn } = await import("./_diagram/drawn.js");
      await new Drawn(section).begin();
    } catch (error) {
      section.querySelector("[data-diagram-message]")?.replaceChildren(section.dataset.failed);
      if (!(error instanceof TypeError)) throw error; // a TypeError of fetch: the server can't be reached
    }
  });
  seen.observe(section);
});
