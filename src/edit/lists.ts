// Puts elements into lists and takes them out, in the layout that the list has.

import type { ConcreteNode, ConcreteTree } from "../syntax/concrete.ts";
import { Kind } from "../syntax/flat-tree.ts";
import type { Range } from "./bindings.ts";
import type { Edit } from "./edit.ts";
import {
  endOfLines,
  endsLine,
  endWithTrailingComments,
  indentAt,
  indentUnit,
  isOnOneLine,
  startsLine,
  withParentheses,
} from "./layout.ts";
import { placeText } from "./reindent.ts";
import { linesOf } from "./sets.ts";

/** `text` is one element; it becomes the last one, or comes before `next`. */
export function insertElement(tree: ConcreteTree, list: ConcreteNode, text: string, next?: ConcreteNode): Edit[] {
  const { path: file, text: whole } = tree.source;
  const elements = list.children.map((element) => withParentheses(tree, element));
  const [first] = elements;
  if (first === undefined) return [fillList(tree, list, text)];
  const before = next === undefined ? undefined : withParentheses(tree, next);
  const isSpread = elements.every((element) => startsLine(whole, element.start)) && !isOnOneLine(whole, list);
  if (isSpread) {
    const depth = { indent: indentAt(whole, first.start), unit: indentUnit(tree), endOfLine: endOfLines(tree) };
    const placed = placeText(text, depth);
    if (before) return [insertion(file, before.start, `${placed}${depth.endOfLine}${depth.indent}`)];
    const at = endWithTrailingComments(tree, elements.at(-1)?.end ?? first.end);
    return [insertion(file, at, `${depth.endOfLine}${depth.indent}${placed}`)];
  }
  const stays = (elements.length > 1 || list.parent?.kind === Kind.apply) && !text.includes("\n");
  if (stays) {
    return [
      before ? insertion(file, before.start, `${text} `) : insertion(file, elements.at(-1)?.end ?? 0, ` ${text}`),
    ];
  }
  return spreadList(tree, list, { elements, text, before });
}

function insertion(file: string, at: number, text: string): Edit {
  return { span: { file, start: at, end: at }, text };
}

function fillList(tree: ConcreteTree, list: ConcreteNode, text: string): Edit {
  const { path: file, text: whole } = tree.source;
  const inside = { start: list.start + 1, end: list.end - 1 };
  if (whole.slice(inside.start, inside.end).trim() !== "" && startsLine(whole, inside.end)) {
    const outer = indentAt(whole, list.end);
    const depth = { indent: outer + indentUnit(tree), unit: indentUnit(tree), endOfLine: endOfLines(tree) };
    const at = inside.end - outer.length;
    return insertion(file, at, `${depth.indent}${placeText(text, depth)}${depth.endOfLine}`);
  }
  const depth = { indent: indentAt(whole, list.start), unit: indentUnit(tree), endOfLine: endOfLines(tree) };
  return { span: { file, ...inside }, text: ` ${placeText(text, depth)} ` };
}

interface Spread {
  readonly elements: readonly Range[];
  readonly text: string;
  readonly before: Range | undefined;
}

/** `[ a ]` becomes one element a line, as nixfmt has lists of more than one. */
function spreadList(tree: ConcreteTree, list: ConcreteNode, { elements, text, before }: Spread): Edit[] {
  const { path: file, text: whole } = tree.source;
  const outer = indentAt(whole, list.start);
  const depth = { indent: outer + indentUnit(tree), unit: indentUnit(tree), endOfLine: endOfLines(tree) };
  const placed = placeText(text, depth);
  const own = elements.map(({ start, end }) => ({ start, text: whole.slice(start, end) }));
  const index = before === undefined ? own.length : own.findIndex(({ start }) => start === before.start);
  const lines = [...own.slice(0, index).map((one) => one.text), placed, ...own.slice(index).map((one) => one.text)];
  const body = lines.map((line) => `${depth.endOfLine}${depth.indent}${line}`).join("");
  const inside = { start: list.start + 1, end: list.end - 1 };
  return [{ span: { file, ...inside }, text: `${body}${depth.endOfLine}${outer}` }];
}

export function removeElement(tree: ConcreteTree, list: ConcreteNode, element: ConcreteNode): Edit {
  const { path: file, text } = tree.source;
  const own = withParentheses(tree, element);
  const inside = { start: list.start + 1, end: list.end - 1 };
  const end = endWithTrailingComments(tree, own.end);
  const isAlone = text.slice(inside.start, own.start).trim() === "" && text.slice(end, inside.end).trim() === "";
  if (isAlone) return { span: { file, ...inside }, text: " " };
  if (startsLine(text, own.start) && endsLine(text, end)) {
    return { span: { file, ...linesOf(text, { start: own.start, end }, inside) }, text: "" };
  }
  const from = own.start - (/\s*$/.exec(text.slice(inside.start, own.start))?.[0].length ?? 0);
  return { span: { file, start: from, end: own.end }, text: "" };
}
