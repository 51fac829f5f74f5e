// Between the editor's document and Markdown, as the server shows it (engine/domain/rich_text.py): the same rules.
import MarkdownIt from "markdown-it";
import { Schema } from "prosemirror-model";
import { MarkdownParser, MarkdownSerializer, MarkdownSerializerState, defaultMarkdownSerializer, schema as stock } from "prosemirror-markdown";

const ADDRESS = /^(https?:\/\/|mailto:)\S/i;

/** Whether a link may lead there. */
export const isAddress = (url) => ADDRESS.test(url);

const block = (tag) => ({ parseDOM: [{ tag }], toDOM: () => [tag, { dir: "auto" }, 0] });
const nodes = stock.spec.nodes
  .remove("heading").remove("horizontal_rule").remove("image")
  .update("paragraph", { ...stock.spec.nodes.get("paragraph"), ...block("p") })
  .update("bullet_list", { ...stock.spec.nodes.get("bullet_list"), attrs: { tight: { default: true, validate: "boolean" } }, parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", { dir: "auto" }, 0] })
  .update("ordered_list", { ...stock.spec.nodes.get("ordered_list"), attrs: { order: { default: 1, validate: "number" }, tight: { default: true, validate: "boolean" } }, parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ order: dom.start || 1 }) }], toDOM: (node) => ["ol", { dir: "auto", start: node.attrs.order === 1 ? null : node.attrs.order }, 0] });
const link = {
  attrs: { href: { validate: "string" } },
  inclusive: false,
  parseDOM: [{ tag: "a[href]", getAttrs: (dom) => isAddress(dom.getAttribute("href")) && { href: dom.getAttribute("href") } }],
  toDOM: (mark) => ["a", { href: mark.attrs.href, rel: "noopener nofollow" }, 0],
};

export const schema = new Schema({ nodes, marks: stock.spec.marks.update("link", link) });

const reader = new MarkdownIt("commonmark", { html: false, breaks: true });
reader.disable(["heading", "lheading", "hr", "code", "html_block", "html_inline", "reference", "image", "entity"]);
reader.validateLink = isAddress;

const listAttributes = (name) => (_token, tokens, index) => ({
  tight: tokens.slice(index).find((token) => token.type === "paragraph_open")?.hidden ?? true,
  ...(name === "ol" ? { order: Number(tokens[index].attrGet("start")) || 1 } : {}),
});
const parser = new MarkdownParser(schema, reader, {
  blockquote: { block: "blockquote" },
  paragraph: { block: "paragraph" },
  list_item: { block: "list_item" },
  bullet_list: { block: "bullet_list", getAttrs: listAttributes("ul") },
  ordered_list: { block: "ordered_list", getAttrs: listAttributes("ol") },
  fence: { block: "code_block", noCloseToken: true },
  hardbreak: { node: "hard_break" },
  softbreak: { node: "hard_break" },
  em: { mark: "em" },
  strong: { mark: "strong" },
  link: { mark: "link", getAttrs: (token) => ({ href: token.attrGet("href") }) },
  code_inline: { mark: "code", noCloseToken: true },
});

/** Escapes as little as can be: in a mail's plain part people read the Markdown itself. */
class Writing extends MarkdownSerializerState {
  esc(text, startOfBlock = false) {
    const line = this.out.slice(this.out.lastIndexOf("\n") + 1);
    let escaped = text
      .replace(/\\(?=[!-/:-@[-`{-~]|$)/g, "\\\\")
      .replace(/`/g, "\\`")
      .replace(/(?<!\s)\*|\*(?!\s)/g, "\\*")
      .replace(/(?<![\p{L}\p{N}])_(?=\S)|(?<=\S)_(?![\p{L}\p{N}])/gu, "\\_")
      .replace(this.inLink ? /[[\]]/g : /\](?=\(|$)/g, "\\$&")
      .replace(/<(?=https?:|mailto:)/gi, "\\<");
    if (startOfBlock) escaped = escaped.trimStart(); // it would indent what follows
    if (startOfBlock || line.trim() === "" || line === this.delim)
      escaped = escaped
        .replace(/^(\s*)([-+*](?=\s|$)|>|~~~|---|___)/, "$1\\$2")
        .replace(/^(\s*)([-_])(?=\s*[-_])/, "$1\\$2")
        .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/, "$1\\$2");
    return escaped;
  }
}

const writers = {
  ...defaultMarkdownSerializer.nodes,
  bullet_list: (state, node, parent, index) => state.renderList(node, "  ", () => (isSecond(node, parent, index) ? "* " : "- ")),
  ordered_list: (state, node, parent, index) => {
    const widest = String(node.attrs.order + node.childCount - 1).length + 2;
    const sign = isSecond(node, parent, index) ? ")" : ".";
    state.renderList(node, " ".repeat(widest), (item) => `${node.attrs.order + item}${sign}`.padEnd(widest));
  },
  hard_break: (state, node, parent, index) => {
    for (let after = index + 1; after < parent.childCount; after++)
      if (parent.child(after).type !== node.type) return state.write("\n");
  },
};
const marks = {
  ...defaultMarkdownSerializer.marks,
  em: { open: "*", close: "*", mixable: true, expelEnclosingWhitespace: true },
  link: {
    open(state, mark, parent, index) {
      state.inLink = !isBare(mark, parent, index);
      return state.inLink ? "[" : "";
    },
    close(state, mark) {
      const bare = !state.inLink;
      state.inLink = false;
      return bare ? "" : `](${mark.attrs.href.replace(/[()\s<>\\]/g, encode)})`;
    },
    mixable: true,
  },
};
const serializer = new MarkdownSerializer(writers, marks);

/** Of lists of a kind that follow one another every second has another sign, or they would be one. */
function isSecond(node, parent, index) {
  let before = 0;
  while (index - before > 0 && parent.child(index - before - 1).type === node.type) before += 1;
  return before % 2 === 1;
}

/** An address that is its own text needs no brackets: the server makes it a link. */
function isBare(mark, parent, index) {
  const node = parent.maybeChild(index);
  return Boolean(node?.isText && node.text === mark.attrs.href && node.marks.length === 1 && /^https?:\/\/[^\s<>"*_`\\)]+$/i.test(node.text) && !/[.,;:!?'\]}~]$/.test(node.text));
}

const encode = (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`;

/** The document that a text in Markdown is. */
export const parse = (text) => parser.parse(text) ?? schema.topNodeType.createAndFill();

/** The Markdown of a document. */
export function write(doc) {
  const state = new Writing(serializer.nodes, serializer.marks, { hardBreakNodeName: "hard_break" });
  state.renderContent(doc);
  return state.out;
}
