// What a syntax error says: the token the parser could not use, and what it waited for when that is unambiguous.

import type { SourceFile } from "../source/source-file.ts";
import type { SyntaxProblem } from "./ast.ts";
import type { FirstError, FlatTree } from "./flat-tree.ts";

const token = /[A-Za-z_][\w'-]*|\d+|\.\.\.|->|\|>|<\||\/\/|\+\+|==|!=|<=|>=|&&|\|\||''|\$\{|./suy;
const endings: ReadonlySet<string> = new Set(["", ";", ")", "]", "}", "in", "then", "else"]);
const blanks = /[ \t\r\n]*/y;

/** Where Nix stops reading: the first token that does not fit. What comes after it cannot be told reliably. */
export function firstSyntaxError(source: SourceFile, { firstError }: FlatTree): SyntaxProblem {
  const { path: file, text } = source;
  const start = skipBlanks(text, firstError?.offset ?? 0);
  token.lastIndex = start;
  const found = token.exec(text)?.[0] ?? "";
  const missing = firstError && missingToken(firstError, found);
  const suffix = missing ? `, expected \`${missing}\`` : "";
  if (found === "") {
    const end = unexpectedEnd(source);
    return { ...end, message: end.message + suffix };
  }
  return { file, start, end: start + found.length, message: `unexpected \`${found}\`${suffix}` };
}

/** What was forgotten, when only one thing can have been. */
function missingToken({ expected, endExpected, nameExpected }: FirstError, found: string): string | null {
  if (endExpected) return null;
  // Before something that ends nothing, as in `{ if = 1; }`, the name is as likely to be wrong as the bracket to be missing.
  const isBracketMissing = !nameExpected || endings.has(found);
  const missing = expected.filter((sign) => isBracketMissing || (sign !== "}" && sign !== "]"));
  return missing.length === 1 ? (missing[0] as string) : null;
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
