// lib.attrsets: functions that go by attr paths, and how a path is shown.

import { joinBranches } from "../../eval/branches.ts";
import { expectString } from "../../eval/native.ts";
import { hasAttrPath, selectAttr, selectOrUndefined } from "../../eval/select.ts";
import { force, lazily, spanOf } from "../../eval/thunk.ts";
import { evalError, thrownError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { quoteIdentifier } from "./quoting.ts";
import { any, call, elements, names, native, tableOf } from "./signature.ts";

export const attrPathFunctions = tableOf([
  native("attrByPath", [elements, any, any], ([path, fallback, value], at) => {
    return force(attrByPath(path, value, { fallback, at }));
  }),
  native("hasAttrByPath", [elements, any], ([path, value], at) => {
    const there = lazily(() => force(attrByPath(path, value, { fallback: false, found: true, at })));
    return force(there);
  }),
  native("getAttrFromPath", [elements, any], ([path, value], at) => {
    const fallback = lazily(() => {
      const known = names.read(new List(path), at);
      return known instanceof Unknown ? known : evalError(`cannot find attribute \`${known.join(".")}\``, at);
    });
    return force(attrByPath(path, value, { fallback, at }));
  }),
  native("longestValidPathPrefix", [elements, any], ([path, value], at) => {
    let current = force(value);
    for (const [index, part] of path.entries()) {
      const name = expectString(part, at);
      if (name instanceof Unknown) return name;
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

interface Outcome {
  readonly fallback: Lazy;
  /** What to give instead of the value that is found. */
  readonly found?: Lazy;
  readonly at: Span | null;
}

function attrByPath(path: readonly Lazy[], value: Lazy, outcome: Outcome): Lazy {
  const [part, ...below] = path;
  if (part === undefined) return outcome.found ?? value;
  const name = expectString(part, outcome.at);
  if (name instanceof Unknown) return name;
  const attrs = force(value);
  const attr = attrs instanceof Attrs ? attrs.lookup(name) : undefined;
  if (attr === undefined && attrs instanceof Attrs && attrs.rest !== null) return selectAttr(attrs, name, outcome.at);
  const found = selectOrUndefined(attrs, name);
  if (found === undefined) return outcome.fallback;
  if (attrs instanceof Unknown) return found;
  const next = lazily(() => force(attrByPath(below, found, outcome)));
  return attr?.maybe ? joinBranches(attr.maybe, next, outcome.fallback) : next;
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
