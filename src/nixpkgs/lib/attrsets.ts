// lib.attrsets: building, mapping, filtering and folding sets. What goes by attr paths is in attr-paths.ts, merging
// in attr-merging.ts.

import { joinBranches } from "../../eval/branches.ts";
import { payForElements } from "../../eval/budget.ts";
import { expectAttrs, expectBool, expectList, expectString } from "../../eval/native.ts";
import { selectAttr, selectOrUndefined } from "../../eval/select.ts";
import { force, lazily, spanOf } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, emptyAttrs, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import {
  Collected,
  CollectedAttrs,
  listOfEntries,
  mapEntries,
  mergeParts,
  sortedEntries,
  withAttr,
} from "./attr-entries.ts";
import { mergingFunctions } from "./attr-merging.ts";
import { attrPathFunctions } from "./attr-paths.ts";
import { isDerivation, outputFunctions } from "./outputs.ts";
import {
  any,
  ask,
  call,
  elements,
  type Functions,
  inherit,
  list,
  names,
  native,
  notImplemented,
  set,
  tableOf,
} from "./signature.ts";

export function attrsets(builtins: Attrs): Functions {
  return {
    ...inherit(builtins, [
      "attrNames",
      "attrValues",
      "catAttrs",
      "getAttr",
      "hasAttr",
      "intersectAttrs",
      "isAttrs",
      "listToAttrs",
      "mapAttrs",
      "removeAttrs",
      "zipAttrsWith",
    ]),
    ...functions,
    ...attrPathFunctions,
    ...mergingFunctions,
    ...outputFunctions,
    ...notImplemented("lib.attrsets", ["toDerivation"]),
  };
}

const functions = tableOf([
  native("nameValuePair", [any, any], ([name, value]) => namedValue(name, value)),
  native("attrsToList", [set], ([attrs]) => listOfEntries(attrs, (name, attr) => namedValue(name, attr.value))),
  native("attrVals", [list, any], ([wanted, attrs], at) => {
    const read = (name: Lazy) => lazily(() => readByName(attrs, name, at));
    return new List(wanted.elements.map(read), wanted.rest, wanted.possible.map(read));
  }),
  native("getAttrs", [list, any], ([wanted, attrs], at) => {
    return generate(wanted, at, (name, span) => [
      name,
      new Attr(
        lazily(() => readByName(attrs, name, at)),
        span,
      ),
    ]);
  }),
  native("filterAttrs", [any, set], ([predicate, attrs], at) => filterAttrs(attrs, predicate, at)),
  native("filterAttrsRecursive", [any, set], ([predicate, attrs], at) => filterRecursive(attrs, predicate, at)),
  native("mapAttrs'", [any, set], ([fn, attrs], at) => {
    const collected = new CollectedAttrs();
    collected.leaveOpen(attrs.rest);
    for (const [name, attr] of sortedEntries(attrs)) {
      const failed = collected.addPair(call(fn, [name, attr.value], at), attr.span, attr.maybe, at);
      if (failed) return failed;
    }
    return collected.toAttrs();
  }),
  native("mapAttrsToList", [any, set], ([fn, attrs], at) => {
    return listOfEntries(attrs, (name, attr) => lazily(() => call(fn, [name, attr.value], at)));
  }),
  native("concatMapAttrs", [any, set], ([fn, attrs], at) => {
    const parts = sortedEntries(attrs).map(
      ([name, attr]) => [lazily(() => call(fn, [name, attr.value], at)), attr.maybe] as const,
    );
    return mergeParts(parts, attrs.rest, at);
  }),
  native("foldlAttrs", [any, any, set], ([fn, initial, attrs], at) => foldlAttrs(fn, initial, attrs, at)),
  native("foldAttrs", [any, any, elements], ([fn, nul, sets], at) => foldAttrs(fn, nul, sets, at)),
  native("collect", [any, any], ([predicate, value], at) => collect(predicate, value, at)),
  native("cartesianProduct", [set], ([attrs], at) => cartesianProduct(attrs, at)),
  native("mapCartesianProduct", [any, set], ([fn, attrs], at) => {
    const products = cartesianProduct(attrs, at);
    if (products instanceof Unknown) return products;
    const apply = (product: Lazy) => lazily(() => call(fn, [product], at));
    return new List(products.elements.map(apply), products.rest, products.possible.map(apply));
  }),
  native("mapAttrsRecursive", [any, set], ([fn, attrs], at) => mapRecursive(attrs, [], { fn, at })),
  native("mapAttrsRecursiveCond", [any, any, set], ([goOn, fn, attrs], at) =>
    mapRecursive(attrs, [], { fn, goOn, at }),
  ),
  native("mapAttrsToListRecursive", [any, set], ([fn, attrs], at) => listRecursive(attrs, [], { fn, at })),
  native("mapAttrsToListRecursiveCond", [any, any, set], ([goOn, fn, attrs], at) => {
    return listRecursive(attrs, [], { fn, goOn, at });
  }),
  native("genAttrs", [list, any], ([wanted, fn], at) => {
    return generate(wanted, at, (name, span) => [
      name,
      new Attr(
        lazily(() => call(fn, [name], at)),
        span,
      ),
    ]);
  }),
  native("genAttrs'", [list, any], ([wanted, fn], at) => {
    const collected = new CollectedAttrs();
    collected.leaveOpen(wanted.rest);
    for (const [index, element] of [...wanted.elements, ...wanted.possible].entries()) {
      const maybe = index < wanted.elements.length ? null : wanted.rest;
      const failed = collected.addPair(call(fn, [element], at), spanOf(element), maybe, at);
      if (failed) return failed;
    }
    return collected.toAttrs();
  }),
  native("isDerivation", [any], ([value]) => isDerivation(force(value))),
  native("optionalAttrs", [any, any], ([condition, attrs], at) => {
    const known = expectBool(condition, at);
    if (known instanceof Unknown) return force(joinBranches(known, attrs, emptyAttrs));
    return known ? force(attrs) : emptyAttrs;
  }),
  native("recurseIntoAttrs", [set], ([attrs]) => withAttr(attrs, "recurseForDerivations", true)),
  native("dontRecurseIntoAttrs", [set], ([attrs]) => withAttr(attrs, "recurseForDerivations", false)),
  native("zipAttrsWithNames", [names, any, list], ([wanted, fn, sets], at) => {
    const entries = new Map<string, Attr>();
    for (const name of wanted) {
      entries.set(name, new Attr(lazily(() => call(fn, [name, lazily(() => valuesOf(name, sets, at))], at))));
    }
    return new Attrs(entries);
  }),
  native("zipAttrs", [list], ([sets], at) => {
    const entries = new Map<string, Attr>();
    for (const element of sets.elements) {
      const attrs = expectAttrs(element, at);
      if (attrs instanceof Unknown) return attrs;
      for (const [name, attr] of attrs.entries) {
        if (!entries.has(name))
          entries.set(
            name,
            new Attr(
              lazily(() => valuesOf(name, sets, at)),
              attr.span,
            ),
          );
      }
    }
    return new Attrs(entries, sets.rest);
  }),
]);

/** The set of `nameValuePair`, each part with the place it was written at. */
export function namedValue(name: Lazy, value: Lazy): Attrs {
  return new Attrs(
    new Map([
      ["name", new Attr(name, spanOf(name))],
      ["value", new Attr(value, spanOf(value))],
    ]),
  );
}

function readByName(attrs: Lazy, name: Lazy, at: Span | null): Value {
  const known = expectString(name, at);
  return known instanceof Unknown ? known : force(selectAttr(force(attrs), known, at));
}

/** One attr per name of the list; a name that is not known leaves the set open. */
function generate(wanted: List, at: Span | null, make: (name: string, span: Span | null) => [string, Attr]): Value {
  const collected = new CollectedAttrs();
  collected.leaveOpen(wanted.rest);
  for (const [index, element] of [...wanted.elements, ...wanted.possible].entries()) {
    const name = expectString(element, at);
    if (name instanceof Unknown) {
      if (collected.leaveOpen(name)) return name;
      continue;
    }
    const [key, attr] = make(name, spanOf(element));
    collected.add(key, index < wanted.elements.length ? attr : new Attr(attr.value, attr.span, wanted.rest));
  }
  return collected.toAttrs();
}

/** What stays of a set: an undecided predicate leaves the attr there, maybe. */
export function filterAttrs(attrs: Attrs, predicate: Lazy, at: Span | null): Attrs | Unknown {
  const entries = new Map<string, Attr>();
  for (const [name, attr] of sortedEntries(attrs)) {
    const keep = ask(predicate, [name, attr.value], at);
    if (keep instanceof Unknown) {
      if (keep.reason === "error") return keep;
      entries.set(name, new Attr(attr.value, attr.span, attr.maybe ?? keep));
    } else if (keep) entries.set(name, attr);
  }
  return new Attrs(entries, attrs.rest);
}

function filterRecursive(attrs: Attrs, predicate: Lazy, at: Span | null): Value {
  const kept = filterAttrs(attrs, predicate, at);
  if (kept instanceof Unknown) return kept;
  return mapEntries(kept, (_, lazy) =>
    lazily(() => {
      const value = force(lazy);
      return value instanceof Attrs ? filterRecursive(value, predicate, at) : value;
    }),
  );
}

function foldlAttrs(fn: Lazy, initial: Lazy, attrs: Attrs, at: Span | null): Value {
  let value = force(initial);
  for (const [name, attr] of sortedEntries(attrs)) {
    const before = value;
    const next = lazily(() => call(fn, [before, name, attr.value], at));
    value = force(attr.maybe === null ? next : joinBranches(attr.maybe, next, before));
  }
  return attrs.rest ?? value;
}

/** Each name's values folded from the right, as `foldr` would over the sets that have it. */
function foldAttrs(fn: Lazy, nul: Lazy, sets: readonly Lazy[], at: Span | null): Value {
  const entries = new Map<string, Attr>();
  for (const element of [...sets].reverse()) {
    const attrs = expectAttrs(element, at);
    if (attrs instanceof Unknown) return attrs;
    if (attrs.rest !== null) return attrs.rest;
    for (const [name, attr] of attrs.entries) {
      const below = entries.get(name)?.value ?? nul;
      const folded = lazily(() => call(fn, [attr.value, below], at));
      const value = attr.maybe === null ? folded : joinBranches(attr.maybe, folded, below);
      entries.set(name, new Attr(value, attr.span));
    }
  }
  return new Attrs(entries);
}

function collect(predicate: Lazy, lazy: Lazy, at: Span | null): List | Unknown {
  const found = ask(predicate, [lazy], at);
  if (found === true) return new List([lazy]);
  if (found instanceof Unknown) return found.reason === "error" ? found : new List([], found, [lazy]);
  const value = force(lazy);
  const collected = new Collected();
  if (value instanceof Unknown) return new List([], value);
  if (!(value instanceof Attrs)) return collected.toList();
  collected.leaveOpen(value.rest);
  for (const [, attr] of sortedEntries(value)) {
    const below = collect(predicate, attr.value, at);
    if (below instanceof Unknown) return below;
    collected.addAll(below, attr.maybe);
  }
  return collected.toList();
}

function cartesianProduct(attrs: Attrs, at: Span | null): List | Unknown {
  let products: Map<string, Attr>[] = [new Map()];
  let rest = attrs.rest;
  for (const [name, attr] of sortedEntries(attrs)) {
    const values = expectList(attr.value, at);
    if (values instanceof Unknown) return values;
    rest ??= values.rest ?? attr.maybe;
    payForElements(products.length * values.elements.length);
    products = products.flatMap((product) =>
      values.elements.map((value) => new Map(product).set(name, new Attr(value, spanOf(value) ?? attr.span))),
    );
  }
  return new List(
    products.map((entries) => new Attrs(entries)),
    rest,
  );
}

interface Recursion {
  readonly fn: Lazy;
  /** Whether to go into a set; always, when there is none. */
  readonly goOn?: Lazy;
  readonly at: Span | null;
}

function mapRecursive(attrs: Attrs, path: readonly string[], recursion: Recursion): Attrs {
  const { fn, goOn, at } = recursion;
  return mapEntries(attrs, (name, lazy) =>
    lazily(() => {
      const here = [...path, name];
      const value = force(lazy);
      if (!(value instanceof Attrs)) return call(fn, [new List(here), lazy], at);
      const deeper = goOn === undefined ? true : ask(goOn, [value], at);
      if (deeper instanceof Unknown) return deeper;
      return deeper ? mapRecursive(value, here, recursion) : call(fn, [new List(here), lazy], at);
    }),
  );
}

function listRecursive(attrs: Attrs, path: readonly string[], recursion: Recursion): List | Unknown {
  const { fn, goOn, at } = recursion;
  const collected = new Collected();
  collected.leaveOpen(attrs.rest);
  for (const [name, attr] of sortedEntries(attrs)) {
    const here = [...path, name];
    const value = force(attr.value);
    const isSet = value instanceof Attrs;
    const deeper = isSet && (goOn === undefined ? true : ask(goOn, [new List(here), value], at));
    if (deeper instanceof Unknown) return deeper;
    if (isSet && deeper) {
      const below = listRecursive(value, here, recursion);
      if (below instanceof Unknown) return below;
      collected.addAll(below, attr.maybe);
    } else
      collected.add(
        lazily(() => call(fn, [new List(here), attr.value], at)),
        attr.maybe,
      );
  }
  return collected.toList();
}

/** What the sets that have the attr say, in order. */
function valuesOf(name: string, sets: List, at: Span | null): List | Unknown {
  const collected = new Collected();
  collected.leaveOpen(sets.rest);
  for (const element of sets.elements) {
    const attrs = expectAttrs(element, at);
    if (attrs instanceof Unknown) return attrs;
    const value = selectOrUndefined(attrs, name);
    if (value !== undefined) collected.add(value, attrs.lookup(name)?.maybe ?? attrs.rest);
  }
  return collected.toList();
}
