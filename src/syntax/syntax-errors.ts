// What a syntax error says: the token the parser could not use, and what it waited for when that is unambiguous.

import type { SourceFile } from "../source/source-file.ts";
import type { SyntaxProblem } from "./ast.ts";
import type { FlatTree } from "./flat-tree.ts";
import { acceptsToken } from "./parser-module.ts";

// Tokens that close or continue something: the only ones whose absence is worth naming.
const awaited = [";", "=", "in", "then", "else", ":", ")", "]", "}", '"', "''"];
const token = /[A-Za-z_][\w'-]*|\d+|\.\.\.|->|\|>|<\||\/\/|\+\+|==|!=|<=|>=|&&|\|\||''|\$\{|./suy;
const blank = /[ \t\r\n]*/y;

/** One problem per token that does not fit, in order; the parser recovers after each. */
export function syntaxProblems(source: SourceFile, tree: FlatTree): SyntaxProblem[] {
  const problems = new Map<number, SyntaxProblem>();
  for (let index = 0; index < tree.errors.length; index += 2) {
    const start = skipBlanks(source.text, tree.errors[index] ?? 0);
    if (!problems.has(start)) problems.set(start, problemAt(source, start, tree.errors[index + 1] ?? 0));
  }
  return [...problems.values()].sort((first, second) => first.start - second.start);
}

/** A file without an expression: Nix calls that an unexpected end. */
export function unexpectedEnd(source: SourceFile): SyntaxProblem {
  const { path: file, text } = source;
  return { file, start: Math.max(text.length - 1, 0), end: text.length, message: "unexpected end of file" };
}

function problemAt(source: SourceFile, start: number, state: number): SyntaxProblem {
  const { path: file, text } = source;
  const expected = awaited.filter((sign) => acceptsToken(state, sign));
  const suffix = expected.length === 1 ? `, expected \`${expected[0]}\`` : "";
  if (start >= text.length) {
    const end = unexpectedEnd(source);
    return { ...end, message: end.message + suffix };
  }
  token.lastIndex = start;
  const found = token.exec(text)?.[0] ?? "";
  return { file, start, end: start + found.length, message: `unexpected \`${found}\`${suffix}` };
}

function skipBlanks(text: string, offset: number): number {
  blank.lastIndex = offset;
  return offset + (blank.exec(text)?.[0].length ?? 0);
}
