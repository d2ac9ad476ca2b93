// Application, operators and pipes. Chains are lowered in loops, however long: a list of a thousand `++` is not deep.

import type { ApplyExpr, BinaryExpr, BinaryOperator, Expr, HasAttrExpr, UnaryExpr } from "./ast.ts";
import { afterNode, endOf, Kind, kindAt, nodeWords, startOf } from "./flat-tree.ts";
import { lowerExpr, lowerName } from "./lower.ts";
import { lowerAttrPath } from "./lower-sets.ts";
import { addProblem, hole, isBroken, type Lowering, textOf } from "./lowering.ts";
import type { Scope } from "./scope.ts";

export function lowerApply(state: Lowering, node: number, scope: Scope): ApplyExpr {
  const { file, words } = state;
  const argNodes: number[] = [];
  const fn = spineOf(state, node, Kind.apply, (apply) => argNodes.push(afterNode(words, apply + nodeWords)));
  const [lowered, ...args] = lowerJuxtaposed(state, [fn, ...argNodes.reverse()], scope);
  const fnExpr = lowered ?? hole(state, fn, "syntax error");
  // `f or` alone is already an application.
  if (args.length === 0 && fnExpr.kind === "apply") return fnExpr;
  return { file, start: startOf(words, node), end: endOf(words, node), kind: "apply", fn: fnExpr, args };
}

/** Arguments or list elements. `x or` among them applies `x` to a variable `or`: Nix still reads code that old. */
export function lowerJuxtaposed(state: Lowering, nodes: readonly number[], scope: Scope): Expr[] {
  const lowered: Expr[] = [];
  for (const node of nodes) {
    const before = lowered.at(-1);
    const applied = before && isOr(state, node) ? applyToOr(state, before, node, scope) : null;
    if (applied) lowered[lowered.length - 1] = applied;
    else {
      lowered.push(lowerExpr(state, node, scope));
    }
  }
  return lowered;
}

/** `x or`; in `x.a or y or` it is the `y` that is applied. Null for `x.a or`, which lacks its other half. */
function applyToOr(state: Lowering, fn: Expr, node: number, scope: Scope): Expr | null {
  const { file, start } = fn;
  const end = endOf(state.words, node);
  if (fn.kind !== "select") {
    const or = lowerName(state, { name: "or", start: startOf(state.words, node), end }, scope);
    return { file, start, end, kind: "apply", fn, args: [or] };
  }
  const fallback = fn.fallback && applyToOr(state, fn.fallback, node, scope);
  return fallback && { ...fn, end, fallback };
}

function isOr(state: Lowering, node: number): boolean {
  const { words, text } = state;
  const start = startOf(words, node);
  return endOf(words, node) - start === 2 && kindAt(words, node) === Kind.variable && text.startsWith("or", start);
}

/** `x |> f |> g` is `g (f x)`. */
export function lowerPipeInto(state: Lowering, node: number, scope: Scope): Expr {
  const { words } = state;
  const pipes: number[] = [];
  const first = spineOf(state, node, Kind.pipeInto, (pipe) => pipes.push(pipe));
  let lowered = lowerExpr(state, first, scope);
  for (const pipe of pipes.reverse()) {
    const fn = lowerExpr(state, afterNode(words, pipe + nodeWords), scope);
    lowered = applyOne(state, pipe, fn, lowered);
  }
  return lowered;
}

/** `f <| g <| x` is `f (g x)`. */
export function lowerPipeFrom(state: Lowering, node: number, scope: Scope): Expr {
  const fn = node + nodeWords;
  const argument = afterNode(state.words, fn);
  return applyOne(state, node, lowerExpr(state, fn, scope), lowerExpr(state, argument, scope));
}

function applyOne(state: Lowering, node: number, fn: Expr, argument: Expr): ApplyExpr {
  const { file, words } = state;
  return { file, start: startOf(words, node), end: endOf(words, node), kind: "apply", fn, args: [argument] };
}

/** Visits a left-nested chain from the outside and returns what it starts with. */
function spineOf(state: Lowering, node: number, kind: number, visit: (node: number) => void): number {
  let first = node;
  while (kindAt(state.words, first) === kind && !isBroken(state, first)) {
    visit(first);
    first += nodeWords;
  }
  return first;
}

const binaryOperators: ReadonlyMap<string, BinaryOperator> = new Map(
  (["+", "-", "*", "/", "++", "//", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "->"] as const).map((sign) => [
    sign,
    sign,
  ]),
);
const rightAssociative: ReadonlySet<string> = new Set(["++", "//", "->"]);
const equality: ReadonlySet<string> = new Set(["==", "!="]);
const comparison: ReadonlySet<string> = new Set(["<", "<=", ">", ">="]);

export function lowerBinary(state: Lowering, node: number, scope: Scope): Expr {
  return rightAssociative.has(operatorAt(state, node))
    ? lowerRightChain(state, node, scope)
    : lowerLeftChain(state, node, scope);
}

function lowerLeftChain(state: Lowering, node: number, scope: Scope): Expr {
  const { words } = state;
  const chain: number[] = [];
  const isLeft = (at: number) =>
    kindAt(words, at) === Kind.binary && !rightAssociative.has(operatorAt(state, at)) && !isBroken(state, at);
  let first = node;
  for (; isLeft(first); first += nodeWords) {
    checkAssociativity(state, first);
    chain.push(first);
  }
  let left = lowerExpr(state, first, scope);
  for (const binary of chain.reverse())
    left = binaryExpr(state, binary, left, lowerExpr(state, rightOf(state, binary), scope));
  return left;
}

function lowerRightChain(state: Lowering, node: number, scope: Scope): Expr {
  const { words } = state;
  const chain: { readonly node: number; readonly left: Expr }[] = [];
  const isRight = (at: number) =>
    kindAt(words, at) === Kind.binary && rightAssociative.has(operatorAt(state, at)) && !isBroken(state, at);
  let last = node;
  for (; isRight(last); last = rightOf(state, last)) {
    chain.push({ node: last, left: lowerExpr(state, last + nodeWords, scope) });
  }
  let right = lowerExpr(state, last, scope);
  for (const { node: binary, left } of chain.reverse()) right = binaryExpr(state, binary, left, right);
  return right;
}

/** `a < b < c` and `a == b == c` are refused: these operators do not associate. Parentheses move the start. */
function checkAssociativity(state: Lowering, node: number): void {
  const { words } = state;
  const left = node + nodeWords;
  if (kindAt(words, left) !== Kind.binary || startOf(words, left) !== startOf(words, node)) return;
  const outer = operatorAt(state, node);
  const inner = operatorAt(state, left);
  for (const group of [equality, comparison]) {
    if (!group.has(outer) || !group.has(inner)) continue;
    addProblem(state, afterNode(words, left), `unexpected \`${outer}\`: \`${inner}\` does not chain`);
  }
}

function binaryExpr(state: Lowering, node: number, left: Expr, right: Expr): BinaryExpr {
  const { file, words } = state;
  const operator = operatorAt(state, node);
  return { file, start: startOf(words, node), end: endOf(words, node), kind: "binary", operator, left, right };
}

function operatorAt(state: Lowering, node: number): BinaryOperator {
  const { words } = state;
  const sign = afterNode(words, node + nodeWords);
  return binaryOperators.get(textOf(state, sign)) ?? "+";
}

function rightOf(state: Lowering, node: number): number {
  return afterNode(state.words, afterNode(state.words, node + nodeWords));
}

export function lowerUnary(state: Lowering, node: number, scope: Scope): UnaryExpr {
  const { file, words } = state;
  const sign = node + nodeWords;
  const operator = textOf(state, sign) === "!" ? "!" : "-";
  const operand = lowerExpr(state, afterNode(words, sign), scope);
  return { file, start: startOf(words, node), end: endOf(words, node), kind: "unary", operator, operand };
}

export function lowerHasAttr(state: Lowering, node: number, scope: Scope): HasAttrExpr {
  const { file, words } = state;
  const base = node + nodeWords;
  return {
    file,
    start: startOf(words, node),
    end: endOf(words, node),
    kind: "has-attr",
    base: lowerExpr(state, base, scope),
    path: lowerAttrPath(state, afterNode(words, base), scope),
  };
}
