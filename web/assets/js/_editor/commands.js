// What the editor's keys and buttons do. Each command says whether it can be done, and does it where it is told to.
import { baseKeymap, chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { schema } from "./markdown.js";

const { nodes, marks } = schema;

/** The buttons' commands by name, each with whether it is on at the selection. */
export const tools = {
  bold: { run: toggleMark(marks.strong), isOn: (state) => hasMark(state, marks.strong) },
  italic: { run: toggleMark(marks.em), isOn: (state) => hasMark(state, marks.em) },
  code: { run: code, isOn: (state) => hasMark(state, marks.code) || isIn(state, nodes.code_block) },
  list: { run: list(nodes.bullet_list), isOn: (state) => isIn(state, nodes.bullet_list) },
  numbered: { run: list(nodes.ordered_list), isOn: (state) => isIn(state, nodes.ordered_list) },
  quote: { run: quote, isOn: (state) => isIn(state, nodes.blockquote) },
  link: { isOn: (state) => hasMark(state, marks.link) },
};

/** The keys; `send`: what Ctrl+Enter does, `link`: what asks for an address. Tab goes on to the next field. */
export function keys(send, link) {
  const hardBreak = chainCommands(exitCode, (state, dispatch) => {
    dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
    return true;
  });
  return [
    {
      "Mod-Enter": send, "Mod-k": link, "Mod-b": tools.bold.run, "Mod-i": tools.italic.run, "Mod-e": tools.code.run,
      "Mod-Shift-8": tools.list.run, "Mod-Shift-7": tools.numbered.run, "Mod-Shift-9": quote,
      "Mod-z": undo, "Mod-y": redo, "Shift-Mod-z": redo, "Shift-Enter": hardBreak,
      Enter: splitListItem(nodes.list_item), "Mod-]": sinkListItem(nodes.list_item), "Mod-[": liftListItem(nodes.list_item),
    },
    baseKeymap,
  ];
}

/** Signs at the beginning of a line that become what they mean. */
export const rules = inputRules({
  rules: [
    wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
    wrappingInputRule(/^\s*([-+*])\s$/, nodes.bullet_list),
    wrappingInputRule(/^(\d{1,9})[.)]\s$/, nodes.ordered_list, (match) => ({ order: Number(match[1]) })),
    textblockTypeInputRule(/^```$/, nodes.code_block),
  ],
});

/** Gives the selection a link, or takes it away where the address is empty. */
export function setLink(state, dispatch, href) {
  const { from, to, empty } = linkAround(state) ?? state.selection;
  const tr = state.tr.removeMark(from, to, marks.link);
  if (href && empty) tr.insertText(href, from);
  if (href) tr.addMark(from, empty ? from + href.length : to, marks.link.create({ href }));
  dispatch(tr.removeStoredMark(marks.link).scrollIntoView());
}

/** The address of the link that the cursor is in, or empty. */
export function linkAt(state) {
  const { from, $from, to, empty } = state.selection;
  if (empty) return marks.link.isInSet($from.marks())?.attrs.href ?? "";
  let found = "";
  state.doc.nodesBetween(from, to, (node) => {
    found ||= marks.link.isInSet(node.marks)?.attrs.href ?? "";
  });
  return found;
}

/** The whole link that an empty selection stands in. */
function linkAround(state) {
  const { $from, empty } = state.selection;
  const link = empty && marks.link.isInSet($from.marks());
  if (!link) return null;
  let [from, to] = [$from.pos - $from.textOffset, $from.pos];
  const { parent } = $from;
  let index = $from.index();
  while (index > 0 && link.isInSet(parent.child(index - 1).marks)) from -= parent.child(--index).nodeSize;
  index = $from.index();
  to = $from.pos - $from.textOffset;
  while (index < parent.childCount && link.isInSet(parent.child(index).marks)) to += parent.child(index++).nodeSize;
  return { from, to, empty: false };
}

function hasMark(state, type) {
  const { from, $from, to, empty } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, type);
}

function isIn(state, type) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) if ($from.node(depth).type === type) return true;
  return false;
}

/** Into a list of the kind, out of it, or from one kind to the other. */
function list(type) {
  return (state, dispatch) => {
    const { $from } = state.selection;
    for (let depth = $from.depth; depth > 0; depth--) {
      const node = $from.node(depth);
      if (node.type === type) return liftListItem(nodes.list_item)(state, dispatch);
      if (node.type === nodes.bullet_list || node.type === nodes.ordered_list) {
        dispatch?.(state.tr.setNodeMarkup($from.before(depth), type, { tight: node.attrs.tight }));
        return true;
      }
    }
    return wrapInList(type)(state, dispatch);
  };
}

function quote(state, dispatch) {
  return isIn(state, nodes.blockquote) ? lift(state, dispatch) : wrapIn(nodes.blockquote)(state, dispatch);
}

/** A few words become code; whole lines, or a line with nothing chosen in it, a block of it. */
function code(state, dispatch) {
  if (isIn(state, nodes.code_block)) return setBlockType(nodes.paragraph)(state, dispatch);
  const { $from, $to, empty } = state.selection;
  const block = $from.parent !== $to.parent || (empty && !$from.parent.content.size);
  return block ? setBlockType(nodes.code_block)(state, dispatch) : toggleMark(marks.code)(state, dispatch);
}
