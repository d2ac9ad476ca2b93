// Removes each binding of a file and inserts it again: formatted code must come back byte for byte.

import { applyEdits } from "../../src/edit/apply.ts";
import { insideOf, itemsOf, ownsComments, startWithComments } from "../../src/edit/bindings.ts";
import { endWithTrailingComments, indentAt, startsLine } from "../../src/edit/layout.ts";
import { moveText } from "../../src/edit/reindent.ts";
import { type Anchor, insertBinding, removeItem } from "../../src/edit/sets.ts";
import { type ConcreteNode, type ConcreteTree, concreteTree, isSet } from "../../src/syntax/concrete.ts";

export interface RoundTrips {
  readonly total: number;
  /** What came back otherwise: the line of the binding, and the text. */
  readonly different: readonly { readonly line: number; readonly text: string }[];
}

/** `told`: with the blank lines that were around it; else the layout of its neighbours has to do. */
export function roundTrips(path: string, text: string, told: boolean): RoundTrips | null {
  const tree = concreteTree({ path, text });
  if (tree === null) return null;
  const different: { line: number; text: string }[] = [];
  let total = 0;
  const visit = (node: ConcreteNode, place: readonly number[]): void => {
    if (isSet(node)) {
      for (const item of itemsOf(node)) {
        total += 1;
        const result = roundTrip(tree, { set: node, place, item, told });
        if (result !== text) different.push({ line: text.slice(0, item.start).split("\n").length, text: result });
      }
    }
    for (const [index, child] of node.children.entries()) visit(child, [...place, index]);
  };
  visit(tree.root, []);
  return { total, different };
}

interface Removal {
  readonly set: ConcreteNode;
  /** The set's place in the tree, by child. */
  readonly place: readonly number[];
  readonly item: ConcreteNode;
  readonly told: boolean;
}

function roundTrip(tree: ConcreteTree, { set, place, item, told }: Removal): string {
  const { path, text } = tree.source;
  const written = writtenText(tree, set, item);
  const removed = concreteTree({ path, text: applyEdits(text, [removeItem(tree, set, item)]) });
  if (removed === null) return "does not parse without it";
  const now = place.reduce<ConcreteNode>((node, index) => node.children[index] ?? node, removed.root);
  const anchor = anchorFor(tree, set, item);
  const items = itemsOf(now);
  const beside = anchor && items[anchor.index];
  const blanks =
    told && anchor ? { blanks: blanksFor(tree, set, { item, written, side: anchor.side, left: removed }) } : {};
  const edits = insertBinding(removed, now, written, beside && { item: beside, side: anchor.side, ...blanks });
  return applyEdits(removed.source.text, edits);
}

/** As a rule would write it: from the first column, with the comments that went with it. */
function writtenText(tree: ConcreteTree, set: ConcreteNode, item: ConcreteNode): string {
  const { text } = tree.source;
  const inside = insideOf(tree, set);
  const end = endWithTrailingComments(tree, item.end);
  const owns = ownsComments(tree, { start: item.start, end }, inside.end);
  const start = owns ? startWithComments(tree, item, inside.start) : item.start;
  return moveText(text.slice(start, end), indentAt(text, start), "");
}

/** Where whoever inserts it wants it: in the group of lines that it was in. */
function anchorFor(
  tree: ConcreteTree,
  set: ConcreteNode,
  item: ConcreteNode,
): { readonly index: number; readonly side: Anchor["side"] } | undefined {
  const items = itemsOf(set);
  const index = items.indexOf(item);
  if (items.length === 1) return undefined;
  const { text } = tree.source;
  const previous = items[index - 1];
  const joinsNext = index < items.length - 1 && (previous === undefined || hasBlankBefore(text, tree, set, item));
  const nextIsApart = index < items.length - 1 && hasBlankBefore(text, tree, set, items[index + 1]!);
  if (previous !== undefined && (!joinsNext || nextIsApart)) return { index: index - 1, side: "after" };
  return { index, side: "before" };
}

function hasBlankBefore(text: string, tree: ConcreteTree, set: ConcreteNode, item: ConcreteNode): boolean {
  const start = startWithComments(tree, item, insideOf(tree, set).start);
  return startsLine(text, start) && /\n[ \t]*\r?\n[ \t]*$/.test(text.slice(0, start));
}

interface Inserting {
  readonly item: ConcreteNode;
  readonly side: Anchor["side"];
  readonly written: string;
  /** What is left without the item. */
  readonly left: ConcreteTree;
}

/** The blank line towards the anchor as it was; the other one only when removing the item took it away. */
function blanksFor(tree: ConcreteTree, set: ConcreteNode, { item, written, side, left }: Inserting) {
  const { text } = tree.source;
  const next = itemsOf(set)[itemsOf(set).indexOf(item) + 1];
  const before = hasBlankBefore(text, tree, set, item);
  const after = next !== undefined && hasBlankBefore(text, tree, set, next);
  const lines = (of: string) => of.split("\n").filter((line) => line.trim() === "").length;
  const own = lines(written);
  const lost = lines(text) - own - lines(left.source.text);
  const isLast = next === undefined;
  if (side === "after") return { before, after: after && !isLast && lost > Number(before) };
  return { before: before && lost > Number(after), after };
}
