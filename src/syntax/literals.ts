// Literals of the flat tree -> numbers, strings, paths.

import type { Expr, FloatExpr, HoleExpr, IntExpr, PathExpr, SearchPathExpr, StringExpr } from "./ast.ts";
import { afterNode, endOf, Kind, kindAt, nodeWords, startOf } from "./flat-tree.ts";
import { lowerExpr } from "./lower.ts";
import { hole, type Lowering, refuse, textOf } from "./lowering.ts";
import { resolveName, type Scope } from "./scope.ts";
import {
  type IndentedPart,
  pushText,
  skipOpeningLine,
  splitIndentedText,
  stripIndentation,
  unescapeString,
} from "./strings.ts";

const maxInt = 2n ** 63n - 1n;
const safeDigits = 15; // a number of that many digits is exact

export function lowerInt(state: Lowering, node: number): IntExpr | HoleExpr {
  const digits = textOf(state, node);
  const value = digits.length <= safeDigits ? BigInt(Number(digits)) : BigInt(digits);
  if (value > maxInt) return refuse(state, node, `the integer \`${digits}\` does not fit into 64 bits`);
  return { file: state.file, start: startOf(state.words, node), end: endOf(state.words, node), kind: "int", value };
}

export function lowerFloat(state: Lowering, node: number): FloatExpr | HoleExpr {
  const digits = textOf(state, node);
  const value = Number(digits);
  if (!Number.isFinite(value)) return refuse(state, node, `the float \`${digits}\` is too large`);
  return { file: state.file, start: startOf(state.words, node), end: endOf(state.words, node), kind: "float", value };
}

export function lowerSearchPath(state: Lowering, node: number, scope: Scope): SearchPathExpr {
  const { file, words } = state;
  const path = textOf(state, node).slice(1, -1);
  const at = { file, start: startOf(words, node), end: endOf(words, node) };
  const named = (name: string): Expr =>
    resolveName(scope, name, file, at.start, at.end) ?? { ...at, kind: "hole", message: `nothing finds \`<${path}>\`` };
  return { ...at, kind: "search-path", path, findFile: named("__findFile"), nixPath: named("__nixPath") };
}

/** An unquoted URI is a string. */
export function lowerUri(state: Lowering, node: number): StringExpr {
  return stringExpr(state, node, [textOf(state, node)]);
}

export function lowerString(state: Lowering, node: number, scope: Scope): StringExpr {
  const { words, text } = state;
  const start = startOf(words, node) + 1;
  const end = endOf(words, node) - 1;
  if (afterNode(words, node) === node + nodeWords) {
    const value = unescapeString(text.slice(start, end));
    return stringExpr(state, node, value === "" ? [] : [value]);
  }
  const parts: (string | Expr)[] = [];
  for (const part of splitAtInterpolations(state, node, start, end)) {
    if (typeof part === "string") pushText(parts, unescapeString(part));
    else parts.push(lowerInterpolation(state, part.interpolation, scope));
  }
  return stringExpr(state, node, parts);
}

export function lowerIndentedString(state: Lowering, node: number, scope: Scope): StringExpr {
  const start = startOf(state.words, node) + 2;
  const end = endOf(state.words, node) - 2;
  const parts: IndentedPart<Expr>[] = [];
  splitAtInterpolations(state, node, start, end).forEach((part, index) => {
    if (typeof part !== "string") {
      parts.push({ kind: "hole", hole: lowerInterpolation(state, part.interpolation, scope) });
      return;
    }
    for (const piece of splitIndentedText(index === 0 ? skipOpeningLine(part) : part)) parts.push(piece);
  });
  const lowered: (string | Expr)[] = [];
  for (const part of stripIndentation(parts)) {
    if (typeof part === "string") pushText(lowered, part);
    else lowered.push(part);
  }
  return stringExpr(state, node, lowered);
}

export function lowerPath(state: Lowering, node: number, scope: Scope): PathExpr | HoleExpr {
  const { file, words } = state;
  const start = startOf(words, node);
  const end = endOf(words, node);
  if (state.text[end - 1] === "/") {
    return refuse(state, node, `the path \`${textOf(state, node)}\` has a trailing slash`);
  }
  const parts: (string | Expr)[] = [];
  for (const part of splitAtInterpolations(state, node, start, end)) {
    if (typeof part !== "string") parts.push(lowerInterpolation(state, part.interpolation, scope));
    else if (part !== "") parts.push(part);
  }
  const [only] = parts;
  if (parts.length === 1 && typeof only === "string" && only.includes("//")) {
    return refuse(state, node, `the path \`${only}\` has an empty part between two slashes`);
  }
  return { file, start, end, kind: "path", parts };
}

/** The value of a string without interpolation, however it is written; null for everything else. */
export function plainStringAt(state: Lowering, node: number): string | null {
  const kind = kindAt(state.words, node);
  if (kind === Kind.uri) return textOf(state, node);
  const isString = kind === Kind.string || kind === Kind.indentedString;
  if (!isString || afterNode(state.words, node) !== node + nodeWords) return null;
  if (kind === Kind.string) return unescapeString(textOf(state, node).slice(1, -1));
  const parts = stripIndentation<never>(splitIndentedText(skipOpeningLine(textOf(state, node).slice(2, -2))));
  return parts.join("");
}

type RawPart = string | { readonly interpolation: number };

/** Text as written, the first part always, possibly empty, and between it the interpolations. */
function splitAtInterpolations(state: Lowering, node: number, start: number, end: number): RawPart[] {
  const { words, text } = state;
  const parts: RawPart[] = [];
  const after = afterNode(words, node);
  let from = start;
  for (let child = node + nodeWords; child < after; child = afterNode(words, child)) {
    parts.push(text.slice(from, startOf(words, child)), { interpolation: child });
    from = endOf(words, child);
  }
  parts.push(text.slice(from, end));
  return parts;
}

export function lowerInterpolation(state: Lowering, node: number, scope: Scope): Expr {
  const inner = node + nodeWords;
  if (kindAt(state.words, node) !== Kind.interpolation || inner >= afterNode(state.words, node)) {
    return hole(state, node, "syntax error");
  }
  return lowerExpr(state, inner, scope);
}

function stringExpr(state: Lowering, node: number, parts: readonly (string | Expr)[]): StringExpr {
  const { file, words } = state;
  return { file, start: startOf(words, node), end: endOf(words, node), kind: "string", parts };
}
