// What a syntax error says: the token the parser could not use, and what it waited for when that is unambiguous.

import type { SourceFile } from "../source/source-file.ts";
import type { SyntaxProblem } from "./ast.ts";
import type { FlatTree } from "./flat-tree.ts";
import { acceptsToken } from "./parser-module.ts";

// Tokens that close or continue something: the only ones whose absence is worth naming.
const awaited = [";", "=", "in", "then", "else", ":", ")"];
const token = /[A-Za-z_][\w'-]*|\d+|\.\.\.|->|\|>|<\||\/\/|\+\+|==|!=|<=|>=|&&|\|\||''|\$\{|./suy;
const blanks = /[ \t\r\n]*/y;

/** Where Nix stops reading: the first token that does not fit. What comes after it cannot be told reliably. */
export function firstSyntaxError(source: SourceFile, { firstError }: FlatTree): SyntaxProblem {
  const { path: file, text } = source;
  const [offset = 0, state = 0] = firstError;
  const start = skipBlanks(text, offset);
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

/** A file without an expression: Nix calls that an unexpected end. */
export function unexpectedEnd(source: SourceFile): SyntaxProblem {
  const { path: file, text } = source;
  return { file, start: Math.max(text.length - 1, 0), end: text.length, message: "unexpected end of file" };
}

function skipBlanks(text: string, offset: number): number {
  blanks.lastIndex = offset;
  return offset + (blanks.exec(text)?.[0].length ?? 0);
}
