// Attrsets and `let`: bindings resolved to the frame they open, inherit sources as slots behind them.

import type {
  AttrName,
  AttrsExpr,
  Binding,
  DynamicBinding,
  Expr,
  HoleExpr,
  LetExpr,
  SelectExpr,
  StaticAttrName,
} from "./ast.ts";
import { afterNode, endOf, Kind, kindAt, nodeWords, startOf } from "./flat-tree.ts";
import { lowerInterpolation, lowerString } from "./literals.ts";
import { lowerExpr, lowerName } from "./lower.ts";
import { hole, type Lowering, tooDeep } from "./lowering.ts";
import { collectSet, type PendingBinding, type PendingSet, staticNameAt } from "./pending-set.ts";
import { openFrame, openSourceFrame, type Scope } from "./scope.ts";

export function lowerAttrs(state: Lowering, node: number, scope: Scope): AttrsExpr {
  return lowerSet(state, collectSet(state, node, kindAt(state.words, node) === Kind.recAttrs), scope);
}

/** `let { …; body = …; }`, the old form, is `(rec { … }).body`. */
export function lowerLetAttrs(state: Lowering, node: number, scope: Scope): SelectExpr {
  const { file } = state;
  const base = lowerSet(state, collectSet(state, node, true), scope);
  const { start, end } = base;
  const body: StaticAttrName = { file, start, end, kind: "static", name: "body" };
  return { file, start, end, kind: "select", base, path: [body], fallback: null };
}

export function lowerLet(state: Lowering, node: number, scope: Scope): LetExpr | HoleExpr {
  const { file, words } = state;
  const body = letBody(state, node);
  if (body === null) return hole(state, node, "syntax error");
  const set = collectSet(state, node, true);
  for (const { start, end } of set.dynamic) {
    state.problems.push({ file, start, end, message: "dynamic attributes are not allowed in `let`" });
  }
  const inner = openFrame(scope, slotsOf(set));
  return {
    file,
    start: startOf(words, node),
    end: endOf(words, node),
    kind: "let",
    bindings: lowerBindings(state, set, { outer: scope, inner }),
    sources: set.sources.map((source) => lowerExpr(state, source, inner)),
    body: lowerExpr(state, body, inner),
  };
}

function letBody(state: Lowering, node: number): number | null {
  const { words } = state;
  let body: number | null = null;
  for (let child = node + nodeWords; child < afterNode(words, node); child = afterNode(words, child)) {
    const kind = kindAt(words, child);
    const isBinding = kind === Kind.binding || kind === Kind.inherit || kind === Kind.inheritFrom;
    if (kind !== Kind.error) body = isBinding ? null : child;
  }
  return body;
}

export function lowerAttrPath(state: Lowering, path: number, scope: Scope): AttrName[] {
  const names: AttrName[] = [];
  const after = afterNode(state.words, path);
  for (let part = path + nodeWords; part < after; part = afterNode(state.words, part)) {
    names.push(lowerAttrName(state, part, scope));
  }
  return names;
}

function lowerAttrName(state: Lowering, node: number, scope: Scope): AttrName {
  const { file, words } = state;
  const start = startOf(words, node);
  const end = endOf(words, node);
  const name = staticNameAt(state, node);
  if (name !== null) return { file, start, end, kind: "static", name };
  return { file, start, end, kind: "dynamic", expr: lowerNameExpr(state, node, scope) };
}

function lowerNameExpr(state: Lowering, node: number, scope: Scope): Expr {
  const kind = kindAt(state.words, node);
  if (kind === Kind.string) return lowerString(state, node, scope);
  return lowerInterpolation(state, node, scope);
}

interface SetScopes {
  /** Around the set: where a plain `inherit` looks. */
  readonly outer: Scope;
  readonly inner: Scope;
}

function lowerSet(state: Lowering, set: PendingSet, outer: Scope): AttrsExpr {
  const { recursive, start, end } = set;
  const inner = innerScope(set, outer);
  const scopes = { outer, inner };
  const bindings = lowerBindings(state, set, scopes);
  const dynamic = lowerDynamic(state, set, scopes);
  const sources = set.sources.map((source) => lowerExpr(state, source, inner));
  return { file: state.file, start, end, kind: "attrs", recursive, bindings, dynamic, sources };
}

function innerScope(set: PendingSet, outer: Scope): Scope {
  if (set.recursive) return openFrame(outer, slotsOf(set));
  return set.sources.length > 0 ? openSourceFrame(outer) : outer;
}

function slotsOf(set: PendingSet): Map<string, number> {
  const slots = new Map<string, number>();
  for (const binding of set.bindings) slots.set(binding.name, slots.size);
  return slots;
}

function lowerBindings(state: Lowering, set: PendingSet, scopes: SetScopes): Binding[] {
  const firstSource = set.recursive ? set.bindings.length : 0;
  const bindings: Binding[] = [];
  for (const binding of set.bindings) {
    const { name, start, end } = binding;
    const value = lowerBindingValue(state, binding, { ...scopes, firstSource });
    bindings.push({ file: state.file, start, end, name, value, outer: binding.value.kind === "inherit" });
  }
  return bindings;
}

function lowerBindingValue(
  state: Lowering,
  binding: PendingBinding,
  { outer, inner, firstSource }: SetScopes & { readonly firstSource: number },
): Expr {
  const { file } = state;
  const { name, start, end, value } = binding;
  if (value.kind === "node") return lowerExpr(state, value.node, inner);
  if (value.kind === "set") return lowerInnerSet(state, value.set, inner);
  if (value.kind === "inherit") return lowerName(state, { name, start, end }, outer);
  const base: Expr = {
    file,
    start,
    end,
    kind: "variable",
    name: "inherit",
    depth: 0,
    slot: firstSource + value.source,
  };
  return { file, start, end, kind: "select", base, path: [{ file, start, end, kind: "static", name }], fallback: null };
}

// An attrpath nests without nesting in the tree, so it counts towards the depth on its own.
function lowerInnerSet(state: Lowering, set: PendingSet, scope: Scope): Expr {
  if (state.depth >= state.maxDepth) return tooDeep(state, set);
  state.depth++;
  const attrs = lowerSet(state, set, scope);
  state.depth--;
  return attrs;
}

function lowerDynamic(state: Lowering, set: PendingSet, { inner }: SetScopes): DynamicBinding[] {
  const { file } = state;
  const dynamic = set.dynamic.map(({ start, end, name, value }): DynamicBinding => {
    const lowered = value.kind === "set" ? lowerInnerSet(state, value.set, inner) : lowerExpr(state, value.node, inner);
    return { file, start, end, name: lowerNameExpr(state, name, inner), value: lowered };
  });
  // What does not parse may have defined any attr: the set must not look complete without it.
  for (const error of set.errors) {
    const lost = hole(state, error, "syntax error");
    dynamic.push({ file, start: lost.start, end: lost.end, name: lost, value: lost });
  }
  return dynamic;
}
