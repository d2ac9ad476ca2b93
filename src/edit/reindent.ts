// Moves lines of Nix to another depth without changing what they say: the text of strings stays as it is.

import { type ConcreteNode, concreteTree } from "../syntax/concrete.ts";
import { Kind } from "../syntax/flat-tree.ts";

export interface Depth {
  /** What every line but the first starts with. */
  readonly indent: string;
  /** One level. */
  readonly unit: string;
  readonly endOfLine: string;
}

/** How rules and scaffolds write: from the first column, two blanks for a level, `\n`. */
const ownUnit = "  ";

/** Text written from the first column, put at a depth. It is an expression or a binding. */
export function placeText(text: string, { indent, unit, endOfLine }: Depth): string {
  const strings = stringLines(text);
  return mapLines(text, (line, number) => {
    if (number === 0 || strings.quoted.has(number)) return line;
    if (line.trim() === "") return "";
    if (strings.indented.has(number)) return indent + line;
    const levels = Math.floor((line.length - line.trimStart().length) / ownUnit.length);
    return indent + unit.repeat(levels) + line.trimStart();
  }).replaceAll("\n", endOfLine);
}

/** Text of a file whose lines (but the first) start with `from`, moved so that they start with `to`. */
export function moveText(text: string, from: string, to: string): string {
  const strings = stringLines(text);
  return mapLines(text, (line, number) => {
    if (number === 0 || strings.quoted.has(number) || line.trim() === "") return line;
    return line.startsWith(from) ? to + line.slice(from.length) : line;
  });
}

function mapLines(text: string, change: (line: string, number: number) => string): string {
  return text.split("\n").map(change).join("\n");
}

interface StringLines {
  /** Lines that start inside of a quoted string: every blank is part of the text. */
  readonly quoted: ReadonlySet<number>;
  /** Lines that start inside of an indented string: moving all of them by as much changes nothing. */
  readonly indented: ReadonlySet<number>;
}

function stringLines(text: string): StringLines {
  const quoted = new Set<number>();
  const indented = new Set<number>();
  if (!text.includes("\n")) return { quoted, indented };
  const asValue = concreteTree({ path: "", text });
  const opening = "{";
  const tree = asValue ?? concreteTree({ path: "", text: `${opening}${text}\n}` });
  const shift = asValue === null ? opening.length : 0;
  const visit = (node: ConcreteNode): void => {
    const lines = node.kind === Kind.string ? quoted : node.kind === Kind.indentedString ? indented : null;
    if (lines !== null) addLines(text, { start: node.start - shift, end: node.end - shift }, lines);
    node.children.forEach(visit);
  };
  if (tree !== null) visit(tree.root);
  return { quoted, indented };
}

function addLines(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  to: Set<number>,
): void {
  const first = text.slice(0, start).split("\n").length - 1;
  const count = text.slice(start, end).split("\n").length - 1;
  for (let line = first + 1; line <= first + count; line++) to.add(line);
}
