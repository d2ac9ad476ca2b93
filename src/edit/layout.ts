// How a file is laid out: its line ends, how deep a line is indented, what one level of indentation is, and what of the
// text around a node is blank or comment.

import type { Comment } from "../syntax/ast.ts";
import { type ConcreteNode, type ConcreteTree, isSet } from "../syntax/concrete.ts";
import { Kind } from "../syntax/flat-tree.ts";

export function endOfLines({ source }: ConcreteTree): string {
  return source.text.includes("\r\n") ? "\r\n" : "\n";
}

/** Where the line of the offset starts. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Where the line of the offset ends, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  if (end === -1) return text.length;
  return text[end - 1] === "\r" && end > offset ? end - 1 : end;
}

/** The blanks that the line of the offset starts with. */
export function indentAt(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return /^[ \t]*/.exec(text.slice(start, lineEnd(text, start)))?.[0] ?? "";
}

/** Whether only blanks stand before the offset on its line. */
export function startsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === "";
}

export function endsLine(text: string, offset: number): boolean {
  return text.slice(offset, lineEnd(text, offset)).trim() === "";
}

export function isOnOneLine(text: string, { start, end }: { readonly start: number; readonly end: number }): boolean {
  return !text.slice(start, end).includes("\n");
}

const units = new WeakMap<ConcreteTree, string>();

/** One level of indentation, as most sets and lists of the file have it; two blanks where none shows one. */
export function indentUnit(tree: ConcreteTree): string {
  const known = units.get(tree);
  if (known !== undefined) return known;
  const counts = new Map<string, number>();
  countUnits(tree, counts);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  const unit = most?.[0] ?? "  ";
  units.set(tree, unit);
  return unit;
}

function countUnits({ source: { text }, root }: ConcreteTree, counts: Map<string, number>): void {
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const child of node.children) waiting.push(child);
    const [first] = node.children;
    if (first === undefined || !(isSet(node) || node.kind === Kind.list) || !startsLine(text, first.start)) continue;
    const outer = indentAt(text, node.end);
    const inner = indentAt(text, first.start);
    if (!inner.startsWith(outer) || inner === outer) continue;
    const unit = inner.slice(outer.length);
    counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
}

/** The offset after blanks and comments from there on. */
export function skipTrivia(tree: ConcreteTree, from: number): number {
  const { text } = tree.source;
  let offset = from;
  for (;;) {
    while (/\s/.test(text[offset] ?? "")) offset += 1;
    const comment = commentStartingAt(tree, offset);
    if (comment === undefined) return offset;
    offset = comment.end;
  }
}

/** The offset before blanks and comments that end there. */
export function skipTriviaBack(tree: ConcreteTree, to: number): number {
  const { text } = tree.source;
  let offset = to;
  for (;;) {
    while (offset > 0 && /\s/.test(text[offset - 1] ?? "")) offset -= 1;
    const comment = tree.comments.find(({ end }) => end === offset);
    if (comment === undefined) return offset;
    offset = comment.start;
  }
}

export function commentStartingAt({ comments }: ConcreteTree, offset: number): Comment | undefined {
  return comments.find(({ start }) => start === offset);
}

/** The end of the line's code and of the comments behind it: where the next line's text may go. */
export function endWithTrailingComments(tree: ConcreteTree, from: number): number {
  const { text } = tree.source;
  let end = from;
  for (;;) {
    let next = end;
    while (text[next] === " " || text[next] === "\t") next += 1;
    const comment = commentStartingAt(tree, next);
    if (comment === undefined || !isOnOneLine(text, comment)) return end;
    end = comment.end;
  }
}

/** The node with the parentheses around it, which are no nodes; within `outer`. */
export function withParentheses(
  tree: ConcreteTree,
  node: ConcreteNode,
): { readonly start: number; readonly end: number } {
  const { text } = tree.source;
  let { start, end } = node;
  for (;;) {
    const before = skipTriviaBack(tree, start) - 1;
    const after = skipTrivia(tree, end);
    if (text[before] !== "(" || text[after] !== ")" || (node.parent !== null && before < node.parent.start)) break;
    start = before;
    end = after + 1;
  }
  return { start, end };
}
