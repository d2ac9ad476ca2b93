// lib.attrsets: merging sets, lazily per attr: `recursiveUpdate` and its kin.

import { joinBranches } from "../../eval/branches.ts";
import { equalLazies } from "../../eval/equality.ts";
import { operate } from "../../eval/operators.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, emptyAttrs, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { mapEntries, mergeParts, sortedEntries } from "./attr-entries.ts";
import { any, ask, known, list, native, set, tableOf } from "./signature.ts";

export const mergingFunctions = tableOf([
  native("recursiveUpdate", [any, any], ([base, top], at) => {
    return update(force(base), force(top), { path: [], stop: bothAreNotSets, at });
  }),
  native("recursiveUpdateUntil", [any, any, any], ([predicate, base, top], at) => {
    const stop: Stop = (path, left, right) => ask(predicate, [new List(path), left, right], at);
    return update(force(base), force(top), { path: [], stop, at });
  }),
  native("mergeAttrsList", [list], ([sets], at) => {
    const certain = sets.elements.map((element) => [element, null] as const);
    const possible = sets.possible.map((element) => [element, sets.rest] as const);
    return mergeParts([...certain, ...possible], sets.rest, at);
  }),
  native("overrideExisting", [set, set], ([old, top]) =>
    mapEntries(old, (name, value) => overridden(name, value, top)),
  ),
  native("matchAttrs", [set, any], ([pattern, value]) => matchAttrs(pattern, force(value))),
  native("unionOfDisjoint", [set, set], ([a, b], at) => unionOfDisjoint(a, b, at)),
  native("mergeAttrs", [known, known], ([a, b], at) => operate("//", a, b, at)),
]);

type Stop = (path: readonly string[], left: Lazy, right: Lazy) => boolean | Unknown;

interface Merge {
  readonly path: readonly string[];
  /** Whether the right side replaces the left one here. */
  readonly stop: Stop;
  readonly at: Span | null;
}

function bothAreNotSets(_path: readonly string[], left: Lazy, right: Lazy): boolean | Unknown {
  const [a, b] = [force(left), force(right)];
  if (a instanceof Unknown && a.reason === "error") return a;
  if (isNoSet(a) || isNoSet(b)) return true;
  // An unknown left side may be a set to merge into; the right side is there either way.
  if (a instanceof Unknown) return false;
  return b instanceof Unknown ? b : false;
}

function isNoSet(value: Value): boolean {
  return !(value instanceof Attrs || value instanceof Unknown);
}

function update(base: Value, top: Value, merge: Merge): Value {
  if (!(base instanceof Attrs && top instanceof Attrs)) return operate("//", base, top, merge.at);
  if (base.entries.size === 0 && base.rest === null) return top;
  const entries = new Map(base.entries);
  for (const [name, attr] of top.entries) {
    const below = base.entries.get(name);
    entries.set(name, below === undefined ? attr : mergeAttr(name, below, attr, merge));
  }
  const supply = (name: string) => (top.lookup(name) ?? base.lookup(name))?.value;
  const rest = base.rest ?? top.rest;
  return new Attrs(entries, rest, null, rest === null ? null : supply);
}

function mergeAttr(name: string, base: Attr, top: Attr, merge: Merge): Attr {
  const path = [...merge.path, name];
  const merged = lazily(() => {
    const stop = merge.stop(path, base.value, top.value);
    if (stop instanceof Unknown) return stop;
    return stop ? force(top.value) : update(force(base.value), force(top.value), { ...merge, path });
  });
  return new Attr(inDoubt(merged, base, top), top.span, base.maybe === null ? null : top.maybe);
}

/** Where one of the sides is only possibly there, the other one may show alone. */
function inDoubt(merged: Lazy, base: Attr, top: Attr): Lazy {
  let value = merged;
  const { maybe } = base;
  if (maybe !== null) value = lazily(() => force(joinBranches(maybe, merged, top.value)));
  const inner = value;
  const doubt = top.maybe;
  return doubt === null ? value : lazily(() => force(joinBranches(doubt, inner, base.value)));
}

function overridden(name: string, value: Lazy, top: Attrs): Lazy {
  const attr = top.lookup(name);
  if (attr === undefined) return top.rest ?? value;
  return attr.maybe === null ? attr.value : joinBranches(attr.maybe, attr.value, value);
}

export function matchAttrs(pattern: Attrs, value: Value): boolean | Unknown {
  if (value instanceof Unknown) return value;
  let undecided: Unknown | null = pattern.rest;
  for (const [name, attr] of sortedEntries(pattern)) {
    const matches = matchAttr(name, attr, value);
    if (matches === false) return false;
    if (matches instanceof Unknown) undecided ??= matches;
  }
  return undecided ?? true;
}

function matchAttr(name: string, pattern: Attr, value: Exclude<Value, Unknown>): boolean | Unknown {
  if (!(value instanceof Attrs)) return false;
  const attr = value.lookup(name);
  if (attr === undefined) return value.rest ?? false;
  const [left, right] = [force(pattern.value), force(attr.value)];
  const nested = left instanceof Attrs;
  if (nested && isNoSet(right)) return false;
  const matches = nested ? matchAttrs(left, right) : equalLazies(left, right);
  return matches === true ? (attr.maybe ?? true) : matches;
}

function unionOfDisjoint(a: Attrs, b: Attrs, at: Span | null): Value {
  const union = operate("//", a, b, at);
  if (!(union instanceof Attrs)) return union;
  const entries = new Map(union.entries);
  for (const [name, attr] of b.entries) {
    if (!a.entries.has(name)) continue;
    entries.set(name, new Attr(thrownError(`unionOfDisjoint: collision on \`${name}\``, at), attr.span));
  }
  return union === emptyAttrs ? union : union.withEntries(entries);
}
