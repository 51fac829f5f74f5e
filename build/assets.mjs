// Bundles what pages load (web/assets → web/static): scripts, styles, fonts and one sprite with the icons in use.
//
//   node build/assets.mjs
//
// Names carry a hash of the content, so that browsers may keep them for ever; manifest.json tells which is which.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";

const ASSETS = "web/assets";
const OUT = "web/static";
const MADE = `${OUT}.new`;

// One entry per file directly under js/ and css/; what they share becomes a chunk of its own.
const entries = [];
for (const folder of ["js", "css"])
  for (const name of await readdir(join(ASSETS, folder)))
    if (/\.(js|css)$/.test(name) && !name.startsWith("_")) entries.push(join(ASSETS, folder, name));

// Markup of dmn-js brings styles along, which pages don't allow (web/http/security_headers.py): css/decision_editor.css has them.
const withoutStyles = {
  name: "without-styles",
  setup: ({ onLoad }) =>
    onLoad({ filter: /dmn-js-[a-z-]+\/lib\/.*\/(PoweredByUtil|DragAndDrop)\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll('style="', 'data-style="'),
    })),
};

await rm(MADE, { recursive: true, force: true });
await mkdir(MADE, { recursive: true });
const bundled = await build({
  entryPoints: entries,
  outdir: MADE,
  bundle: true,
  minify: true,
  format: "esm",
  splitting: true,
  target: ["chrome120", "firefox121", "safari17"],
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file", ".woff": "file", ".svg": "file", ".png": "file", ".ttf": "file", ".eot": "file" },
  metafile: true,
  legalComments: "linked",
  plugins: [withoutStyles],
  logLevel: "warning",
});

const manifest = {};
for (const [path, made] of Object.entries(bundled.metafile.outputs))
  if (made.entryPoint) manifest[basename(made.entryPoint)] = basename(path);

const sprite = await spriteOf(await iconsInUse());
manifest["icons.svg"] = await write("icons.svg", sprite);
manifest["icon.svg"] = await copy(join(ASSETS, "icon.svg"));
await writeFile(join(MADE, "manifest.json"), JSON.stringify(manifest, null, 1));
await rm(OUT, { recursive: true, force: true });
await rename(MADE, OUT);

/** Names in icon("…") in templates, scripts and Python. */
async function iconsInUse() {
  const names = new Set();
  for (const root of ["web/templates", "web/pages", join(ASSETS, "js")])
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(html|py|js)$/.test(entry.name)) continue;
      const text = await readFile(join(entry.parentPath, entry.name), "utf8");
      for (const found of text.matchAll(/\bicon(?:=|\()["']([a-z0-9-]+)["']/g)) names.add(found[1]);
    }
  return [...names].sort();
}

async function spriteOf(names) {
  const symbols = await Promise.all(
    names.map(async (name) => {
      const filled = name.endsWith("-filled");
      const path = filled ? `filled/${name.slice(0, -"-filled".length)}` : `outline/${name}`;
      const svg = await readFile(`node_modules/@tabler/icons/icons/${path}.svg`, "utf8").catch(() => {
        throw new Error(`There is no Tabler icon “${name}” (https://tabler.io/icons).`);
      });
      const body = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
      const shapes = body.replace(/\s+/g, " ").trim();
      const drawn = filled ? `<g fill="currentColor" stroke="none">${shapes}</g>` : shapes;
      return `<symbol id="${name}" viewBox="0 0 24 24">${drawn}</symbol>`;
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

/** Writes a file under a name with a hash of its content; gives that name. */
async function write(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const [stem, ending] = name.split(".");
  await writeFile(join(MADE, `${stem}-${hash}.${ending}`), content);
  return `${stem}-${hash}.${ending}`;
}

async function copy(path) {
  return write(basename(path), await readFile(path));
}
