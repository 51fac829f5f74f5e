// What can be put into a diagram of decisions: not what Iter refuses to run.

class Offered {
  constructor(palette, contextPad) {
    palette.registerProvider(100, { getPaletteEntries: () => without("create.business-knowledge-model") });
    contextPad.registerProvider(100, { getContextPadEntries: () => without("append.business-knowledge-model") });
  }
}
Offered.$inject = ["palette", "contextPad"];

export const offeredModule = { __init__: ["iterOffered"], iterOffered: ["type", Offered] };

const without = (name) => (entries) => {
  const { [name]: _, ...others } = entries;
  return others;
};
