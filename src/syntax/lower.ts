// The flat tree -> Expr, in one pass. Never throws: what Nix refuses becomes a hole and a problem, and the rest of the
// file is lowered as if nothing were there.

import { lineStarts, positionAt } from "../source/source-file.ts";
import type { AssertExpr, Expr, IfExpr, ListExpr, SelectExpr, WithExpr } from "./ast.ts";
import { afterNode, endOf, Kind, kindAt, nodeWords, startOf } from "./flat-tree.ts";
import {
  lowerFloat,
  lowerIndentedString,
  lowerInt,
  lowerPath,
  lowerSearchPath,
  lowerString,
  lowerUri,
} from "./literals.ts";
import { lowerLambda } from "./lower-lambda.ts";
import {
  lowerApply,
  lowerBinary,
  lowerHasAttr,
  lowerJuxtaposed,
  lowerPipeFrom,
  lowerPipeInto,
  lowerUnary,
} from "./lower-operators.ts";
import { lowerAttrPath, lowerAttrs, lowerLet, lowerLetAttrs } from "./lower-sets.ts";
import { hole, isBroken, type Lowering, tooDeep, variableNameAt } from "./lowering.ts";
import { openWithFrame, resolveName, type Scope } from "./scope.ts";

export function lowerExpr(state: Lowering, node: number, scope: Scope): Expr {
  if (state.depth >= state.maxDepth)
    return tooDeep(state, { start: startOf(state.words, node), end: endOf(state.words, node) });
  state.depth++;
  const expr = lowerKind(state, node, scope);
  state.depth--;
  return expr;
}

function lowerKind(state: Lowering, node: number, scope: Scope): Expr {
  const kind = kindAt(state.words, node);
  if (state.hasError && !keepsErrors(kind) && isBroken(state, node)) return hole(state, node, "syntax error");
  switch (kind) {
    case Kind.variable:
      return lowerVariable(state, node, scope);
    case Kind.string:
      return lowerString(state, node, scope);
    case Kind.indentedString:
      return lowerIndentedString(state, node, scope);
    case Kind.select:
      return lowerSelect(state, node, scope);
    case Kind.apply:
      return lowerApply(state, node, scope);
    case Kind.attrs:
    case Kind.recAttrs:
      return lowerAttrs(state, node, scope);
    case Kind.list:
      return lowerList(state, node, scope);
    case Kind.binary:
      return lowerBinary(state, node, scope);
    case Kind.lambda:
      return lowerLambda(state, node, scope);
    case Kind.let:
      return lowerLet(state, node, scope);
    case Kind.if:
      return lowerIf(state, node, scope);
    case Kind.with:
      return lowerWith(state, node, scope);
    case Kind.assert:
      return lowerAssert(state, node, scope);
    case Kind.hasAttr:
      return lowerHasAttr(state, node, scope);
    case Kind.unary:
      return lowerUnary(state, node, scope);
    case Kind.int:
      return lowerInt(state, node);
    case Kind.float:
      return lowerFloat(state, node);
    case Kind.path:
      return lowerPath(state, node, scope);
    case Kind.searchPath:
      return lowerSearchPath(state, node, scope);
    case Kind.uri:
      return lowerUri(state, node);
    case Kind.letAttrs:
      return lowerLetAttrs(state, node, scope);
    case Kind.pipeInto:
      return lowerPipeInto(state, node, scope);
    case Kind.pipeFrom:
      return lowerPipeFrom(state, node, scope);
    default:
      return hole(state, node, "syntax error");
  }
}

/** Kinds whose other children are worth lowering around an error. */
function keepsErrors(kind: number): boolean {
  return (
    kind === Kind.attrs || kind === Kind.recAttrs || kind === Kind.letAttrs || kind === Kind.let || kind === Kind.list
  );
}

function lowerVariable(state: Lowering, node: number, scope: Scope): Expr {
  const name = variableNameAt(state, node);
  return lowerName(state, { name, start: startOf(state.words, node), end: endOf(state.words, node) }, scope);
}

interface NameAt {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What a name stands for; names that nothing binds are a problem, as they are for Nix before it evaluates anything. */
export function lowerName(state: Lowering, { name, start, end }: NameAt, scope: Scope): Expr {
  const { file } = state;
  const resolved = resolveName(scope, name, file, start, end);
  if (resolved !== null) return resolved;
  if (name === "__curPos") return currentPosition(state, start, end);
  const message = `undefined variable \`${name}\``;
  if (!state.hasError) state.problems.push({ file, start, end, message });
  return { file, start, end, kind: "hole", message };
}

function currentPosition(state: Lowering, start: number, end: number): Expr {
  const { file } = state;
  const at = { file, start, end };
  const { line } = positionAt(state.source, start);
  const lineStart = lineStarts(state.source)[line - 1] ?? 0;
  const column = Buffer.byteLength(state.text.slice(lineStart, start)) + 1; // Nix counts bytes
  const attr = (name: string, value: Expr) => ({ ...at, name, value, outer: false });
  const bindings = [
    attr("column", { ...at, kind: "int", value: BigInt(column) }),
    attr("file", { ...at, kind: "string", parts: [file] }),
    attr("line", { ...at, kind: "int", value: BigInt(line) }),
  ];
  return { ...at, kind: "attrs", recursive: false, bindings, dynamic: [], sources: [] };
}

function lowerSelect(state: Lowering, node: number, scope: Scope): SelectExpr {
  const { file, words } = state;
  const base = node + nodeWords;
  const path = afterNode(words, base);
  const fallback = afterNode(words, path);
  return {
    file,
    start: startOf(words, node),
    end: endOf(words, node),
    kind: "select",
    base: lowerExpr(state, base, scope),
    path: lowerAttrPath(state, path, scope),
    fallback: fallback < afterNode(words, node) ? lowerExpr(state, fallback, scope) : null,
  };
}

function lowerList(state: Lowering, node: number, scope: Scope): ListExpr {
  const { file, words } = state;
  const after = afterNode(words, node);
  const children: number[] = [];
  for (let child = node + nodeWords; child < after; child = afterNode(words, child)) children.push(child);
  const elements = lowerJuxtaposed(state, children, scope);
  return { file, start: startOf(words, node), end: endOf(words, node), kind: "list", elements };
}

function lowerIf(state: Lowering, node: number, scope: Scope): IfExpr {
  const { file, words } = state;
  const condition = node + nodeWords;
  const consequent = afterNode(words, condition);
  const alternative = afterNode(words, consequent);
  return {
    file,
    start: startOf(words, node),
    end: endOf(words, node),
    kind: "if",
    condition: lowerExpr(state, condition, scope),
    consequent: lowerExpr(state, consequent, scope),
    alternative: lowerExpr(state, alternative, scope),
  };
}

function lowerAssert(state: Lowering, node: number, scope: Scope): AssertExpr {
  const { file, words } = state;
  const condition = node + nodeWords;
  return {
    file,
    start: startOf(words, node),
    end: endOf(words, node),
    kind: "assert",
    condition: lowerExpr(state, condition, scope),
    body: lowerExpr(state, afterNode(words, condition), scope),
  };
}

function lowerWith(state: Lowering, node: number, scope: Scope): WithExpr {
  const { file, words } = state;
  const set = node + nodeWords;
  return {
    file,
    start: startOf(words, node),
    end: endOf(words, node),
    kind: "with",
    set: lowerExpr(state, set, scope),
    body: lowerExpr(state, afterNode(words, set), openWithFrame(scope)),
  };
}
