// What isn't the same in two versions: each diagram is drawn when it comes into sight.
import { attachTo } from "./_page.js";

attachTo("[data-drawings]", (data) => {
  const drawings = JSON.parse(data.textContent);
  const seen = new IntersectionObserver(async (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      const { Difference } = await import("./_diagram/difference.js");
      await new Difference(target, drawings[target.dataset.differenceDrawing]).begin();
    }
  });
  for (const place of document.querySelectorAll("[data-difference-drawing]")) seen.observe(place);
});
