// Bindings as they are written: their attrpath by parts, where their value stands, and the comments that belong to them.

import type { ConcreteNode, ConcreteTree } from "../syntax/concrete.ts";
import { isSet } from "../syntax/concrete.ts";
import { Kind } from "../syntax/flat-tree.ts";
import { commentStartingAt, endsLine, lineEnd, lineStart, skipTrivia, skipTriviaBack, startsLine } from "./layout.ts";

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Of an attrpath, null for a name that is computed. */
export type WrittenPath = readonly (string | null)[];

/** `a = 1;` and `inherit x;` of a set or a `let`. */
export function itemsOf(set: ConcreteNode): readonly ConcreteNode[] {
  return set.children.filter(isItem);
}

export function isItem({ kind }: ConcreteNode): boolean {
  return kind === Kind.binding || kind === Kind.inherit || kind === Kind.inheritFrom;
}

export function attrPathOf(tree: ConcreteTree, binding: ConcreteNode): WrittenPath {
  return (binding.children[0]?.children ?? []).map((part) => attrNameOf(tree, part));
}

function attrNameOf(tree: ConcreteTree, part: ConcreteNode): string | null {
  const { text } = tree.source;
  if (part.kind === Kind.identifier) return text.slice(part.start, part.end);
  if (part.kind === Kind.string && part.children.length === 0)
    return unescapeName(text.slice(part.start + 1, part.end - 1));
  const [inner] = part.children;
  return part.kind === Kind.interpolation && inner?.kind === Kind.string ? attrNameOf(tree, inner) : null;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

function unescapeName(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, character: string) => escapes[character] ?? character);
}

/** The expression of a binding, without the parentheses around it. */
export function boundExpr(binding: ConcreteNode): ConcreteNode | null {
  return binding.kind === Kind.binding ? (binding.children[1] ?? null) : null;
}

/** What stands between `=` and `;`. */
export function valueRange(tree: ConcreteTree, binding: ConcreteNode): Range {
  const equals = skipTrivia(tree, binding.children[0]?.end ?? binding.start);
  return { start: skipTrivia(tree, equals + 1), end: skipTriviaBack(tree, binding.end - 1) };
}

/** The braces of a set: the offset behind the one and that of the other. */
export function insideOf(tree: ConcreteTree, set: ConcreteNode): Range {
  const isRecursive = set.kind === Kind.recAttrs;
  const open = isRecursive ? skipTrivia(tree, set.start + "rec".length) : set.start;
  return { start: open + 1, end: isSet(set) ? set.end - 1 : set.end };
}

/** With the comments that stand on lines of their own directly above. */
export function startWithComments(tree: ConcreteTree, item: Range, limit: number): number {
  const { text } = tree.source;
  let start = item.start;
  if (!startsLine(text, start)) return start;
  for (;;) {
    const above = lineStart(text, start) - 1;
    if (above < limit) return start;
    const comment = tree.comments.find(({ end }) => end === lineEnd(text, lineStart(text, above)));
    if (comment === undefined || comment.start < limit || !startsLine(text, comment.start)) return start;
    start = comment.start;
  }
}

export function isBlankLine(text: string, offset: number): boolean {
  const start = lineStart(text, offset);
  return text.slice(start, lineEnd(text, start)).trim() === "";
}

/** Whether the comments above an item speak of it alone: nothing follows directly that they could speak of too. */
export function ownsComments(tree: ConcreteTree, { end }: Range, limit: number): boolean {
  const { text } = tree.source;
  const next = text.indexOf("\n", end) + 1;
  if (next === 0 || next > limit || isBlankLine(text, next)) return true;
  const code = next + (/^[ \t]*/.exec(text.slice(next))?.[0].length ?? 0);
  return code >= limit || commentStartingAt(tree, code) !== undefined || !endsLine(text, end);
}
