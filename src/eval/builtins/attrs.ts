// Builtins on attrsets. They keep the spans of attrs, and what is open or only possibly there stays so.

import type { Span } from "../../source/span.ts";
import { apply, applyAll } from "../apply.ts";
import { payForElements } from "../budget.ts";
import { compareText } from "../equality.ts";
import { argument, define, expectAttrs, expectFunction, expectList, expectString } from "../native.ts";
import { positionOf } from "../positions.ts";
import { hasAttrPath, selectAttr } from "../select.ts";
import type { Session } from "../session.ts";
import { force, lazily, spanOf } from "../thunk.ts";
import { evalError, isError, Unknown } from "../unknown.ts";
import { Attr, Attrs, type Builtin, emptyAttrs, Lambda, type Lazy, List, typeName, type Value } from "../value.ts";

/** The names of a set in the order in which Nix lists them. */
export function sortedNames(attrs: Attrs): string[] {
  return [...attrs.entries.keys()].sort(compareText);
}

/** A set, or, for one that is not known at all, the set of which nothing is known. Errors stay errors. */
export function expectOpenAttrs(lazy: Lazy, at: Span | null): Attrs | Unknown {
  const attrs = expectAttrs(lazy, at);
  return attrs instanceof Unknown && !isError(attrs) ? new Attrs(new Map(), attrs) : attrs;
}

/** A list, or, for one that is not known at all, the list of which nothing is known. Errors stay errors. */
export function expectOpenList(lazy: Lazy, at: Span | null): List | Unknown {
  const list = expectList(lazy, at);
  return list instanceof Unknown && !isError(list) ? new List([], list) : list;
}

/** One list element per attr, in order; the attrs that are only possibly there become possible elements. */
function listAttrs(attrs: Attrs, element: (name: string, attr: Attr) => Lazy): List {
  payForElements(attrs.entries.size);
  const elements: Lazy[] = [];
  const possible: Lazy[] = [];
  let { rest } = attrs;
  for (const name of sortedNames(attrs)) {
    const attr = attrs.entries.get(name) as Attr;
    if (attr.maybe === null) elements.push(element(name, attr));
    else possible.push(element(name, attr));
    rest ??= attr.maybe;
  }
  return new List(elements, rest, possible);
}

/** The set with every attr's value passed through `change`; names are enumerated only when somebody asks for them. */
export function mapEntries(attrs: Attrs, change: (name: string, attr: Attr) => Lazy): Attrs {
  const mapped: Attrs = new Attrs(
    () => {
      const entries = new Map<string, Attr>();
      payForElements(attrs.entries.size * 4, attrs.entries.size);
      for (const name of attrs.entries.keys()) entries.set(name, mapped.lookup(name) as Attr);
      return entries;
    },
    attrs.rest,
    null,
    (name) => {
      const attr = attrs.lookup(name);
      return attr && new Attr(change(name, attr), attr.span, attr.maybe);
    },
  );
  return mapped;
}

function removeAttrs(attrs: Attrs, names: List, at: Span | null): Value {
  const removed = new Set<string>();
  // Why an attr that is not named may be removed all the same.
  let doubt = names.rest;
  for (const element of names.elements) {
    const name = expectString(element, at);
    if (typeof name === "string") removed.add(name);
    else if (isError(name)) return name;
    else doubt ??= name;
  }
  const entries = new Map<string, Attr>();
  payForElements(attrs.entries.size * 4, attrs.entries.size);
  for (const [name, attr] of attrs.entries) {
    if (!removed.has(name)) entries.set(name, doubt ? new Attr(attr.value, attr.span, attr.maybe ?? doubt) : attr);
  }
  if (attrs.rest === null) return new Attrs(entries);
  return new Attrs(entries, attrs.rest, null, (name) => (removed.has(name) ? undefined : attrs.lookup(name)));
}

/** A name that is not known leaves the set open; it is taken to be none of the known ones. */
function listToAttrs(list: List, at: Span | null): Value {
  const entries = new Map<string, Attr>();
  let { rest } = list;
  const add = (element: Lazy, maybe: Unknown | null): Unknown | null => {
    const pair = expectAttrs(element, at);
    if (pair instanceof Unknown) return pair;
    const name = expectString(selectAttr(pair, "name", at), at);
    if (typeof name !== "string") return name;
    const before = entries.get(name);
    if (before !== undefined && (before.maybe === null || maybe !== null)) return null;
    const given = pair.lookup("value");
    const value = given?.value ?? lazily(() => force(selectAttr(pair, "value", at)));
    entries.set(name, new Attr(value, given?.span ?? spanOf(element), maybe));
    return null;
  };
  payForElements(list.elements.length * 4, list.elements.length);
  for (const element of list.elements) {
    const problem = add(element, null);
    if (problem && isError(problem)) return problem;
    rest ??= problem;
  }
  // What is only possibly there and fails would have failed in Nix as well: it is not there.
  for (const element of list.possible) add(element, list.rest);
  return new Attrs(entries, rest);
}

function intersectAttrs(left: Attrs, right: Attrs): Attrs {
  const entries = new Map<string, Attr>();
  for (const [name, attr] of right.entries) {
    const other = left.lookup(name);
    const maybe = other === undefined ? left.rest : other.maybe;
    if (other === undefined && maybe === null) continue;
    entries.set(name, maybe ? new Attr(attr.value, attr.span, attr.maybe ?? maybe) : attr);
  }
  if (right.rest === null) return new Attrs(entries);
  for (const [name, attr] of left.entries) {
    if (entries.has(name)) continue;
    const supplied = right.lookup(name);
    entries.set(name, supplied ?? new Attr(selectAttr(right, name, null), null, attr.maybe ?? right.rest));
  }
  return new Attrs(entries, left.rest && right.rest);
}

function catAttrs(name: string, list: List, at: Span | null): Value {
  const elements: Lazy[] = [];
  const possible: Lazy[] = [];
  let { rest } = list;
  for (const element of list.elements) {
    const set = expectAttrs(element, at);
    if (set instanceof Unknown) {
      if (isError(set)) return set;
      rest ??= set;
      continue;
    }
    const attr = set.lookup(name);
    if (attr === undefined) rest ??= set.rest;
    else if (attr.maybe === null) elements.push(attr.value);
    else possible.push(attr.value);
    rest ??= attr?.maybe ?? null;
  }
  for (const element of list.possible) {
    const set = force(element);
    const attr = set instanceof Attrs ? set.lookup(name) : undefined;
    if (attr !== undefined) possible.push(attr.value);
  }
  return new List(elements, rest, possible);
}

function functionArgs(fn: Value, at: Span | null): Value {
  if (fn instanceof Unknown) return fn;
  if (fn instanceof Lambda) {
    const { parameter } = fn.expr;
    if (parameter.kind === "simple") return emptyAttrs;
    return new Attrs(
      new Map(parameter.formals.map((formal) => [formal.name, new Attr(formal.fallback !== null, formal)])),
    );
  }
  if (typeof fn === "object" && fn?.kind === "builtin") return emptyAttrs;
  return evalError(`\`functionArgs\` requires a function but found ${typeName(fn)}`, at);
}

/** What is collected for one name while zipping. */
interface Zipped {
  readonly elements: Lazy[];
  readonly possible: Lazy[];
  readonly span: Span | null;
  maybe: Unknown | null;
}

function zipAttrsWith(fn: Value, list: List, at: Span | null): Value {
  const zipped = new Map<string, Zipped>();
  let { rest } = list;
  const collect = (set: Attrs, doubt: Unknown | null) => {
    payForElements(set.entries.size);
    for (const [name, attr] of set.entries) {
      const maybe = attr.maybe ?? doubt;
      const entry = zipped.get(name) ?? { elements: [], possible: [], span: attr.span, maybe };
      zipped.set(name, entry);
      if (maybe === null) entry.maybe = null;
      (maybe === null ? entry.elements : entry.possible).push(attr.value);
    }
  };
  for (const element of list.elements) {
    const set = expectOpenAttrs(element, at);
    if (set instanceof Unknown) return set;
    rest ??= set.rest;
    collect(set, null);
  }
  for (const element of list.possible) {
    const set = force(element);
    if (set instanceof Attrs) collect(set, list.rest);
  }
  const entries = new Map<string, Attr>();
  for (const [name, { elements, possible, span, maybe }] of zipped) {
    const doubt = rest ?? (possible.length > 0 ? firstMaybe(list, name) : null);
    const values = new List(elements, doubt, possible);
    entries.set(
      name,
      new Attr(
        lazily(() => applyAll(fn, [name, values], at)),
        span,
        maybe,
      ),
    );
  }
  return new Attrs(entries, rest);
}

/** Why an attr of one of the sets is only possibly there. */
function firstMaybe(list: List, name: string): Unknown | null {
  for (const element of list.elements) {
    const set = force(element);
    const maybe = set instanceof Attrs ? set.entries.get(name)?.maybe : undefined;
    if (maybe) return maybe;
  }
  return list.rest;
}

export const attrsBuiltins: readonly Builtin[] = [
  define("attrNames", 1, (args, at) => {
    const attrs = expectOpenAttrs(argument(args, 0), at);
    return attrs instanceof Unknown ? attrs : listAttrs(attrs, (name) => name);
  }),
  define("attrValues", 1, (args, at) => {
    const attrs = expectOpenAttrs(argument(args, 0), at);
    return attrs instanceof Unknown ? attrs : listAttrs(attrs, (_, attr) => attr.value);
  }),
  define("getAttr", 2, (args, at) => {
    const name = expectString(argument(args, 0), at);
    if (name instanceof Unknown) return name;
    return force(selectAttr(force(argument(args, 1)), name, at));
  }),
  define("hasAttr", 2, (args, at) => {
    const name = expectString(argument(args, 0), at);
    if (name instanceof Unknown && isError(name)) return name;
    const attrs = expectAttrs(argument(args, 1), at);
    if (attrs instanceof Unknown) return attrs;
    if (name instanceof Unknown) return attrs.entries.size === 0 && attrs.rest === null ? false : name;
    return hasAttrPath(attrs, [name]);
  }),
  define("removeAttrs", 2, (args, at) => {
    const attrs = expectOpenAttrs(argument(args, 0), at);
    if (attrs instanceof Unknown) return attrs;
    const names = expectOpenList(argument(args, 1), at);
    return names instanceof Unknown ? names : removeAttrs(attrs, names, at);
  }),
  define("listToAttrs", 1, (args, at) => {
    const list = expectOpenList(argument(args, 0), at);
    return list instanceof Unknown ? list : listToAttrs(list, at);
  }),
  define("intersectAttrs", 2, (args, at) => {
    const left = expectOpenAttrs(argument(args, 0), at);
    if (left instanceof Unknown) return left;
    const right = expectOpenAttrs(argument(args, 1), at);
    return right instanceof Unknown ? right : intersectAttrs(left, right);
  }),
  define("catAttrs", 2, (args, at) => {
    const name = expectString(argument(args, 0), at);
    if (name instanceof Unknown) return isError(name) ? name : new List([], name);
    const list = expectOpenList(argument(args, 1), at);
    return list instanceof Unknown ? list : catAttrs(name, list, at);
  }),
  define("mapAttrs", 2, (args, at) => {
    const fn = argument(args, 0);
    const attrs = expectOpenAttrs(argument(args, 1), at);
    if (attrs instanceof Unknown) return attrs;
    return mapEntries(attrs, (name, attr) => lazily(() => apply(apply(force(fn), name, at), attr.value, at)));
  }),
  define("zipAttrsWith", 2, (args, at) => {
    const fn = expectFunction(argument(args, 0), at);
    if (fn instanceof Unknown && isError(fn)) return fn;
    const list = expectOpenList(argument(args, 1), at);
    return list instanceof Unknown ? list : zipAttrsWith(fn, list, at);
  }),
  define("functionArgs", 1, (args, at) => functionArgs(force(argument(args, 0)), at)),
];

/** `unsafeGetAttrPos`, which needs the text of the files to count lines. */
export function attrPositionBuiltins(session: Session): readonly Builtin[] {
  return [
    define("unsafeGetAttrPos", 2, (args, at) => {
      const name = expectString(argument(args, 0), at);
      if (name instanceof Unknown) return name;
      const attrs = expectAttrs(argument(args, 1), at);
      if (attrs instanceof Unknown) return attrs;
      const attr = attrs.lookup(name);
      if (attr === undefined) return attrs.rest;
      return positionOf(session, attr.span);
    }),
  ];
}
