// lib.attrsets: functions that go by attr paths, and how a path is shown.

import { joinBranches } from "../../eval/branches.ts";
import { hasAttrPath, selectAttr, selectOrUndefined } from "../../eval/select.ts";
import { force, lazily, spanOf } from "../../eval/thunk.ts";
import { evalError, thrownError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { quoteIdentifier } from "./quoting.ts";
import { any, call, elements, names, native, tableOf } from "./signature.ts";

export const attrPathFunctions = tableOf([
  native("attrByPath", [names, any, any], ([path, fallback, value]) => {
    return force(attrByPath(path, fallback, value));
  }),
  native("hasAttrByPath", [names, any], ([path, value]) => hasAttrPath(force(value), path)),
  native("getAttrFromPath", [names, any], ([path, value], at) => {
    const missing = evalError(`cannot find attribute \`${path.join(".")}\``, at);
    return force(attrByPath(path, missing, value));
  }),
  native("longestValidPathPrefix", [names, any], ([path, value], at) => {
    let current = force(value);
    for (const [index, name] of path.entries()) {
      const there = hasAttrPath(current, [name]);
      if (there instanceof Unknown) return there;
      if (!there) return new List(path.slice(0, index));
      current = force(selectAttr(current, name, at));
    }
    return new List(path);
  }),
  native("setAttrByPath", [elements, any], ([path, value], at) => setAttrByPath(path, value, at)),
  native("showAttrPath", [names], ([path]) => showAttrPath(path)),
  native("updateManyAttrsByPath", [elements, any], ([updates, value], at) => {
    const read = readUpdates(updates, at);
    return read instanceof Unknown ? read : updateMany(value, read, at);
  }),
]);

export function showAttrPath(path: readonly string[]): string {
  return path.length === 0 ? "<root attribute path>" : path.map(quoteIdentifier).join(".");
}

function attrByPath(path: readonly string[], fallback: Lazy, value: Lazy): Lazy {
  const [name, ...below] = path;
  if (name === undefined) return value;
  const attrs = force(value);
  const found = selectOrUndefined(attrs, name);
  if (found === undefined) return fallback;
  const maybe = attrs instanceof Attrs ? (attrs.lookup(name)?.maybe ?? null) : null;
  if (maybe === null) return attrByPath(below, fallback, found);
  return joinBranches(
    maybe,
    lazily(() => force(attrByPath(below, fallback, found))),
    fallback,
  );
}

function setAttrByPath(path: readonly Lazy[], value: Lazy, at: Span | null): Value {
  const [first, ...below] = path;
  if (first === undefined) return force(value);
  const name = force(first);
  if (name instanceof Unknown) return name.reason === "error" ? name : new Attrs(new Map(), name);
  if (typeof name !== "string") return evalError("expected a string as attr name", at);
  const inner = below.length === 0 ? value : lazily(() => setAttrByPath(below, value, at));
  return new Attrs(new Map([[name, new Attr(inner, spanOf(first) ?? spanOf(value))]]));
}

interface Update {
  readonly path: readonly string[];
  readonly update: Lazy;
}

function readUpdates(updates: readonly Lazy[], at: Span | null): readonly Update[] | Unknown {
  const read: Update[] = [];
  for (const element of updates) {
    const value = force(element);
    const path = names.read(selectAttr(value, "path", at), at);
    if (path instanceof Unknown) return path;
    read.push({ path, update: selectAttr(value, "update", at) });
  }
  return read;
}

/** Updates below this value come first, then those of the value itself, in order; `value` undefined: not there. */
function updateMany(value: Lazy | undefined, updates: readonly Update[], at: Span | null): Value {
  const nested = updates.filter(({ path }) => path.length > 0);
  let updated: Lazy | undefined = nested.length === 0 ? value : lazily(() => updateBelow(value, nested, at));
  for (const { path, update } of updates) {
    if (path.length > 0) continue;
    const before = updated ?? thrownError("updateManyAttrsByPath: the path to update does not exist", at);
    updated = lazily(() => call(update, [before], at));
  }
  return updated === undefined ? evalError("updateManyAttrsByPath: no value", at) : force(updated);
}

function updateBelow(value: Lazy | undefined, updates: readonly Update[], at: Span | null): Value {
  const base = value === undefined ? new Attrs(new Map()) : force(value);
  if (base instanceof Unknown) return base;
  if (!(base instanceof Attrs)) return thrownError("updateManyAttrsByPath: cannot update below what is no set", at);
  const entries = new Map(base.entries);
  for (const name of new Set(updates.map(({ path }) => path[0] ?? ""))) {
    const below = updates.filter(({ path }) => path[0] === name).map((one) => ({ ...one, path: one.path.slice(1) }));
    const before = base.lookup(name);
    const updated = lazily(() => updateMany(before?.value ?? base.rest ?? undefined, below, at));
    entries.set(name, new Attr(updated, before?.span ?? null, before?.maybe ?? null));
  }
  return base.withEntries(entries);
}
