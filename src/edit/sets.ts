// Puts bindings into sets and takes them out, in the layout that the set has.

import type { ConcreteNode, ConcreteTree } from "../syntax/concrete.ts";
import { Kind } from "../syntax/flat-tree.ts";
import { insideOf, isBlankLine, itemsOf, ownsComments, type Range, startWithComments } from "./bindings.ts";
import type { Edit } from "./edit.ts";
import {
  endOfLines,
  endsLine,
  endWithTrailingComments,
  indentAt,
  indentUnit,
  isOnOneLine,
  lineEnd,
  lineStart,
  startsLine,
} from "./layout.ts";
import { moveText, placeText } from "./reindent.ts";

/** Beside which item of the set; null: wherever there is none yet. */
export interface Anchor {
  readonly item: ConcreteNode;
  readonly side: "before" | "after";
  /** Blank lines to add on either side; judged by the neighbours when nobody says. */
  readonly blanks?: Blanks;
}

export interface Blanks {
  readonly before: boolean;
  readonly after: boolean;
}

/** `text` is the whole binding, written from the first column. Without an anchor it becomes the last one. */
export function insertBinding(tree: ConcreteTree, set: ConcreteNode, text: string, anchor?: Anchor): Edit[] {
  const last = itemsOf(set).at(-1);
  const beside = anchor ?? (last && ({ item: last, side: "after" } as const));
  if (beside === undefined) return fillSet(tree, set, text);
  if (isInLines(tree, set)) return [insertLine(tree, set, text, beside)];
  const stays = itemsOf(set).length > 1 && !text.includes("\n");
  return stays ? [insertInline(tree, text, beside)] : [spreadSet(tree, set, text, beside)];
}

/** Whether the items stand on lines of their own. */
function isInLines(tree: ConcreteTree, set: ConcreteNode): boolean {
  const { text } = tree.source;
  return (
    itemsOf(set).every((item) => startsLine(text, item.start) && endsAtLine(tree, item)) &&
    startsLine(text, set.end - 1)
  );
}

function endsAtLine(tree: ConcreteTree, item: Range): boolean {
  return endsLine(tree.source.text, endWithTrailingComments(tree, item.end));
}

function innerDepth(tree: ConcreteTree, set: ConcreteNode) {
  const unit = indentUnit(tree);
  const endOfLine = endOfLines(tree);
  const outer = indentAt(tree.source.text, set.start);
  return { outer, indent: outer + unit, unit, endOfLine };
}

/** A set without items, perhaps with comments. */
function fillSet(tree: ConcreteTree, set: ConcreteNode, text: string): Edit[] {
  const file = tree.source.path;
  const { start, end } = insideOf(tree, set);
  const { outer, endOfLine, ...depth } = innerDepth(tree, set);
  if (staysOnLine(tree, set, text)) return [{ span: { file, start, end }, text: ` ${text} ` }];
  const placed = depth.indent + placeText(text, { ...depth, endOfLine });
  const hasComments = tree.source.text.slice(start, end).trim() !== "";
  if (!hasComments) return [{ span: { file, start, end }, text: `${endOfLine}${placed}${endOfLine}${outer}` }];
  const closes = startsLine(tree.source.text, end);
  const at = closes ? lineStart(tree.source.text, end) : end;
  const before = closes ? "" : endOfLine;
  return [{ span: { file, start: at, end: at }, text: `${before}${placed}${endOfLine}${closes ? "" : outer}` }];
}

const lineWidth = 100;

/** nixfmt leaves one item on the line of the braces, but not in the value of a binding. */
function staysOnLine(tree: ConcreteTree, set: ConcreteNode, text: string): boolean {
  const { text: whole } = tree.source;
  const isValue = set.parent === null || set.parent.kind === Kind.binding || set.parent.kind === Kind.source;
  const isBody = set.parent?.kind !== Kind.list && startsLine(whole, set.start);
  if (isValue || isBody || text.includes("\n") || !isOnOneLine(whole, set)) return false;
  const line = whole.slice(lineStart(whole, set.start), lineEnd(whole, set.end));
  return line.length + text.length + 1 <= lineWidth;
}

function insertInline(tree: ConcreteTree, text: string, { item, side }: Anchor): Edit {
  const at = side === "after" ? item.end : item.start;
  return { span: { file: tree.source.path, start: at, end: at }, text: side === "after" ? ` ${text}` : `${text} ` };
}

/** `{ a = 1; }` becomes one item a line: nixfmt leaves no more than one on the line of the braces. */
function spreadSet(tree: ConcreteTree, set: ConcreteNode, text: string, { item, side }: Anchor): Edit {
  const { path: file, text: whole } = tree.source;
  const { start, end } = insideOf(tree, set);
  const { outer, endOfLine, ...depth } = innerDepth(tree, set);
  const placed = placeText(text, { ...depth, endOfLine });
  const lines = itemsOf(set).flatMap((one) => {
    const own = whole.slice(startWithComments(tree, one, start), endWithTrailingComments(tree, one.end));
    const moved = moveText(own, indentAt(whole, one.start), depth.indent);
    if (one !== item) return [moved];
    return side === "after" ? [moved, placed] : [placed, moved];
  });
  const body = lines.map((line) => `${endOfLine}${depth.indent}${line}`).join("");
  return { span: { file, start, end }, text: `${body}${endOfLine}${outer}` };
}

function insertLine(tree: ConcreteTree, set: ConcreteNode, text: string, { item, side, blanks }: Anchor): Edit {
  const { path: file, text: whole } = tree.source;
  const depth = { indent: indentAt(whole, item.start), unit: indentUnit(tree), endOfLine: endOfLines(tree) };
  const placed = placeText(text, depth);
  const { start: limit } = insideOf(tree, set);
  const { before, after } = blanks ?? blanksAround(tree, set, text, { item, side });
  const blank = depth.endOfLine;
  if (side === "after") {
    const at = endWithTrailingComments(tree, item.end);
    const lines = `${depth.endOfLine}${before ? blank : ""}${depth.indent}${placed}${after ? blank : ""}`;
    return { span: { file, start: at, end: at }, text: lines };
  }
  const at = lineStart(whole, startWithComments(tree, item, limit));
  const lines = `${before ? blank : ""}${depth.indent}${placed}${depth.endOfLine}${after ? blank : ""}`;
  return { span: { file, start: at, end: at }, text: lines };
}

/** Blank lines that have to be added around a new item so that it stands as its neighbours do. */
function blanksAround(tree: ConcreteTree, set: ConcreteNode, text: string, { item, side }: Anchor): Blanks {
  const items = itemsOf(set);
  const index = items.indexOf(item);
  const isLong = text.includes("\n");
  const beside = wantsBlank(tree, set, isLong || !isOnOneLine(tree.source.text, item));
  const other = items[side === "after" ? index + 1 : index - 1];
  const [first, second] = side === "after" ? [item, other] : [other, item];
  const hasBlank = first !== undefined && second !== undefined && hasBlankBetween(tree, set, first, second);
  // What is there already stays on the other side of the new item.
  const far = other !== undefined && !hasBlank && isLong && wantsBlank(tree, set, true);
  return side === "after" ? { before: beside, after: far } : { before: far, after: beside };
}

function hasBlankBetween(tree: ConcreteTree, set: ConcreteNode, first: ConcreteNode, second: ConcreteNode): boolean {
  const { text } = tree.source;
  const start = startWithComments(tree, second, insideOf(tree, set).start);
  const from = endWithTrailingComments(tree, first.end);
  return /\n[ \t]*\r?\n/.test(text.slice(from, Math.max(from, start)));
}

/** Whether items of this set are kept apart by blank lines: judged by those gaps that are alike. */
function wantsBlank(tree: ConcreteTree, set: ConcreteNode, besideLong: boolean): boolean {
  const items = itemsOf(set);
  const gaps = items.slice(1).map((second, index) => {
    const first = items[index] ?? second;
    const isLong = [first, second].some((item) => !isOnOneLine(tree.source.text, item));
    return { isLong, isBlank: hasBlankBetween(tree, set, first, second) };
  });
  const alike = gaps.filter(({ isLong }) => isLong === besideLong);
  if (alike.length > 0) {
    const blank = alike.filter(({ isBlank }) => isBlank).length * 2;
    return blank > alike.length || (besideLong && blank === alike.length);
  }
  // What modules define stands apart, at the top or in `config`.
  const { text } = tree.source;
  const isModule = indentAt(text, set.start) === "" || /^\s*config = /.test(text.slice(lineStart(text, set.start)));
  if (besideLong) return isModule || gaps.some(({ isBlank }) => isBlank);
  return gaps.length > 0 && gaps.every(({ isBlank }) => isBlank);
}

/** With its comments, and without leaving blank lines where there was only it. */
export function removeItem(tree: ConcreteTree, set: ConcreteNode, item: ConcreteNode): Edit {
  const { path: file, text } = tree.source;
  const inside = insideOf(tree, set);
  const end = endWithTrailingComments(tree, item.end);
  const owns = ownsComments(tree, { start: item.start, end }, inside.end);
  const start = owns ? startWithComments(tree, item, inside.start) : item.start;
  const isAlone = text.slice(inside.start, start).trim() === "" && text.slice(end, inside.end).trim() === "";
  if (isAlone) return { span: { file, ...inside }, text: " " };
  if (startsLine(text, start) && endsLine(text, end))
    return { span: { file, ...linesOf(text, { start, end }, inside) }, text: "" };
  const from = start - (/[ \t]*$/.exec(text.slice(inside.start, start))?.[0].length ?? 0);
  return { span: { file, start: from, end }, text: "" };
}

/** Whole lines, and the blank lines that would be too many without them. */
export function linesOf(text: string, { start, end }: Range, inside: Range): Range {
  let from = lineStart(text, start);
  let to = text.indexOf("\n", end) + 1;
  if (to === 0) to = text.length;
  const isLast = text.slice(to, inside.end).trim() === "";
  const isFirst = text.slice(inside.start, from).trim() === "";
  const blankBelow = to < inside.end && isBlankLine(text, to);
  if (isFirst || isLast || blankBelow) {
    while (!isFirst && from > inside.start && isBlankLine(text, from - 1)) from = lineStart(text, from - 1);
    while (isFirst && to < inside.end && isBlankLine(text, to)) to = text.indexOf("\n", to) + 1;
  }
  return { start: from, end: to };
}
