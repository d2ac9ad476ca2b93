// Lambdas: one frame with a slot per formal, then one for `args@`.

import type { Formal, FormalsParameter, LambdaExpr, Parameter } from "./ast.ts";
import { afterNode, endOf, Kind, kindAt, nodeWords, startOf } from "./flat-tree.ts";
import { lowerExpr } from "./lower.ts";
import { addProblem, isBroken, type Lowering, textOf, variableNameAt } from "./lowering.ts";
import { openFrame, type Scope } from "./scope.ts";

export function lowerLambda(state: Lowering, node: number, scope: Scope): LambdaExpr {
  const { file, words } = state;
  const head = readHead(state, node);
  const slots = slotsOf(state, head);
  const inner = openFrame(scope, slots);
  return {
    file,
    start: startOf(words, node),
    end: endOf(words, node),
    kind: "lambda",
    parameter: lowerParameter(state, head, inner),
    body: lowerExpr(state, head.body, inner),
  };
}

/** Nodes of `name: body`, `{…}: body`, `name@{…}: body` and `{…}@name: body`. */
interface Head {
  readonly name: number | null;
  readonly formals: number | null;
  readonly body: number;
}

function readHead(state: Lowering, node: number): Head {
  const { words } = state;
  let name: number | null = null;
  let formals: number | null = null;
  let child = node + nodeWords;
  for (; afterNode(words, child) < afterNode(words, node); child = afterNode(words, child)) {
    if (kindAt(words, child) === Kind.formals) formals = child;
    else name = child;
  }
  return { name, formals, body: child };
}

// Doubled names keep their slot, so that slots are the indices of `FormalsParameter.formals`.
function slotsOf(state: Lowering, { name, formals }: Head): Map<string, number> {
  const nodes = formals === null ? [] : formalNodes(state, formals).map((formal) => formal + nodeWords);
  if (name !== null) nodes.push(name);
  const slots = new Map<string, number>();
  nodes.forEach((node, slot) => {
    const written = variableNameAt(state, node);
    if (slots.has(written)) addProblem(state, node, `duplicate formal function argument \`${written}\``);
    slots.set(written, slot);
  });
  return slots;
}

function formalNodes(state: Lowering, formals: number): number[] {
  const { words } = state;
  const nodes: number[] = [];
  for (let child = formals + nodeWords; child < afterNode(words, formals); child = afterNode(words, child)) {
    if (kindAt(words, child) === Kind.formal) nodes.push(child);
  }
  return nodes;
}

function lowerParameter(state: Lowering, { name, formals }: Head, inner: Scope): Parameter {
  const { file, words } = state;
  if (formals !== null) return lowerFormals(state, formals, { universal: name, inner });
  const node = name ?? 0;
  return { file, start: startOf(words, node), end: endOf(words, node), kind: "simple", name: textOf(state, node) };
}

function lowerFormals(
  state: Lowering,
  node: number,
  { universal, inner }: { readonly universal: number | null; readonly inner: Scope },
): FormalsParameter {
  const { file, words } = state;
  const nodes = formalNodes(state, node);
  return {
    file,
    start: startOf(words, node),
    end: endOf(words, node),
    kind: "formals",
    formals: nodes.map((formal) => lowerFormal(state, formal, inner)),
    ellipsis: hasEllipsis(state, node),
    universal: universal === null ? null : textOf(state, universal),
  };
}

// A formal may be lost in a syntax error: the lambda then takes more than it names.
function hasEllipsis(state: Lowering, formals: number): boolean {
  const { words } = state;
  for (let child = formals + nodeWords; child < afterNode(words, formals); child = afterNode(words, child)) {
    if (kindAt(words, child) === Kind.ellipsis) return true;
  }
  return isBroken(state, formals);
}

function lowerFormal(state: Lowering, node: number, inner: Scope): Formal {
  const { file, words } = state;
  const name = node + nodeWords;
  const fallback = afterNode(words, name);
  return {
    file,
    start: startOf(words, node),
    end: endOf(words, node),
    name: textOf(state, name),
    fallback: fallback < afterNode(words, node) ? lowerExpr(state, fallback, inner) : null,
  };
}
