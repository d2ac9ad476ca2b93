// lib.lists. Folds, searches and slices here; sorting and graphs in list-orders.ts.

import { joinBranches } from "../../eval/branches.ts";
import { payForElements } from "../../eval/budget.ts";
import { equalLazies, equalValues } from "../../eval/equality.ts";
import { expectBool, expectList, expectText } from "../../eval/native.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { evalError, thrownError, Unknown } from "../../eval/unknown.ts";
import { type Attrs, attrsOf, emptyList, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { Collected, listOfEntries, mapEntries, sortedEntries } from "./attr-entries.ts";
import { contains, doubted, filterList, mapList, not, uniqueOf } from "./list-contents.ts";
import { orderFunctions } from "./list-orders.ts";
import {
  any,
  ask,
  type CallBuiltin,
  call,
  callerOf,
  elements,
  type Functions,
  inherit,
  int,
  list,
  native,
  set,
  tableOf,
} from "./signature.ts";

export function lists(builtins: Attrs): Functions {
  const callBuiltin = callerOf(builtins);
  return {
    ...inherit(builtins, [
      "all",
      "any",
      "concatLists",
      "concatMap",
      "elem",
      "elemAt",
      "filter",
      "foldl'",
      "genList",
      "groupBy",
      "head",
      "isList",
      "length",
      "map",
      "partition",
      "sort",
      "tail",
    ]),
    ...folds,
    ...choices,
    ...slices,
    ...zips,
    ...orderFunctions(callBuiltin),
    ...grouping(callBuiltin),
  };
}

const foldr = native("foldr", [any, any, elements], ([fn, nul, xs], at) => {
  const from = (index: number): Value => {
    const element = xs[index];
    if (element === undefined) return force(nul);
    return call(fn, [element, lazily(() => from(index + 1))], at);
  };
  return from(0);
});

const folds = tableOf([
  native("singleton", [any], ([x]) => new List([x])),
  native("forEach", [list, any], ([xs, fn], at) => mapList(xs, (x) => lazily(() => call(fn, [x], at)))),
  foldr,
  native("fold", [any, any, any], ([fn, nul, xs], at) => call(foldr, [fn, nul, xs], at)),
  native("foldl", [any, any, elements], ([fn, nul, xs], at) => force(foldl(fn, nul, xs, at))),
  native("imap0", [any, list], ([fn, xs], at) => imap(fn, xs, 0, at)),
  native("imap1", [any, list], ([fn, xs], at) => imap(fn, xs, 1, at)),
  native("flatten", [any], ([x]) => flatten(x)),
  native("toList", [any], ([x]) => {
    const value = force(x);
    return value instanceof List || value instanceof Unknown ? value : new List([x]);
  }),
  native("range", [int, int], ([first, last], at) => range(first, last, at)),
  native("replicate", [int, any], ([count, x]) => new List(new Array<Lazy>(Math.max(0, Number(count))).fill(x))),
  native("concatAttrValues", [set], ([attrs], at) => {
    const collected = new Collected();
    collected.leaveOpen(attrs.rest);
    for (const [, attr] of sortedEntries(attrs)) {
      const values = expectList(attr.value, at);
      if (values instanceof Unknown) return values;
      collected.addAll(values, attr.maybe);
    }
    return collected.toList();
  }),
  native("crossLists", [any, elements], ([fn, columns], at) => crossLists(fn, columns, at)),
]);

const choices = tableOf([
  native("optional", [any, any], ([condition, x], at) => optional(condition, new List([x]), at)),
  native("optionals", [any, any], ([condition, xs], at) => optional(condition, xs, at)),
  native("ifilter0", [any, list], ([predicate, xs], at) => {
    if (xs.rest !== null) return doubted(xs, xs.rest);
    return filterList(xs, (x, index) => ask(predicate, [BigInt(index), x], at));
  }),
  native("remove", [any, list], ([unwanted, xs]) => filterList(xs, (x) => not(equalLazies(x, unwanted)))),
  native("findSingle", [any, any, any, list], ([predicate, none, several, xs], at) => {
    const found = filterList(xs, (x) => ask(predicate, [x], at));
    if (found instanceof Unknown) return found;
    if (found.elements.length > 1) return force(several);
    return found.rest ?? force(found.elements[0] ?? none);
  }),
  native("findFirst", [any, any, list], ([predicate, none, xs], at) => {
    return xs.rest ?? force(findFirst(predicate, none, xs.elements, at));
  }),
  native("findFirstIndex", [any, any, elements], ([predicate, none, xs], at) => {
    for (const [index, x] of xs.entries()) {
      const found = ask(predicate, [x], at);
      if (found instanceof Unknown) return found;
      if (found) return BigInt(index);
    }
    return force(none);
  }),
  native("count", [any, list], ([predicate, xs], at) => {
    const counted = filterList(xs, (x) => ask(predicate, [x], at));
    return counted instanceof Unknown ? counted : (counted.rest ?? BigInt(counted.elements.length));
  }),
  native("unique", [list], ([xs]) => uniqueOf(xs)),
  native("allUnique", [elements], ([xs]) => {
    const unique = uniqueOf(new List(xs));
    if (unique instanceof Unknown) return unique;
    const certainlyFewer = unique.elements.length + unique.possible.length < xs.length;
    return certainlyFewer ? false : (unique.rest ?? true);
  }),
  native("intersectLists", [list, list], ([wanted, xs]) => filterList(xs, (x) => contains(wanted, x))),
  native("subtractLists", [list, list], ([unwanted, xs]) => filterList(xs, (x) => not(contains(unwanted, x)))),
  native("mutuallyExclusive", [list, list], ([a, b]) => {
    const both = filterList(b, (x) => contains(a, x));
    if (both instanceof Unknown) return both;
    return both.elements.length > 0 ? false : (both.rest ?? true);
  }),
]);

const slices = tableOf([
  native("take", [int, list], ([count, xs]) => slice(xs, 0, Number(count))),
  native("drop", [int, list], ([count, xs]) => slice(xs, Number(count), xs.elements.length)),
  native("takeEnd", [int, list], ([count, xs]) => slice(xs, Math.max(0, xs.elements.length - Number(count)), Infinity)),
  native("dropEnd", [int, list], ([count, xs]) => slice(xs, 0, Math.max(0, xs.elements.length - Number(count)))),
  native("sublist", [int, int, list], ([start, count, xs]) => slice(xs, Number(start), Number(count))),
  native("reverseList", [list], ([xs]) => new List([...xs.elements].reverse(), xs.rest, xs.possible)),
  native("last", [elements], ([xs], at) => {
    return force(xs.at(-1) ?? thrownError("lists.last: list must not be empty!", at));
  }),
  native("init", [list], ([xs], at) => {
    if (xs.elements.length === 0 && xs.rest === null) return thrownError("lists.init: list must not be empty!", at);
    return slice(xs, 0, xs.elements.length - 1);
  }),
  native("hasPrefix", [elements, elements], ([prefix, xs]) => startsWith(xs, prefix)),
  native("removePrefix", [elements, elements], ([prefix, xs], at) => {
    const starts = startsWith(xs, prefix);
    if (starts instanceof Unknown) return starts;
    if (starts) return new List(xs.slice(prefix.length));
    return thrownError("lib.lists.removePrefix: First argument is not a list prefix of the second argument", at);
  }),
  native("commonPrefix", [elements, elements], ([a, b]) => {
    let length = 0;
    for (; length < Math.min(a.length, b.length); length++) {
      const equal = equalLazies(a[length] as Lazy, b[length] as Lazy);
      if (equal instanceof Unknown) return equal;
      if (!equal) break;
    }
    return new List(a.slice(0, length));
  }),
  native("replaceElemAt", [elements, int, any], ([xs, index, x], at) => {
    if (index >= 0n && index < xs.length) return new List(xs.with(Number(index), x));
    const message = `'lists.replaceElemAt' called with index ${index} on a list of size ${xs.length}`;
    return thrownError(message, at);
  }),
]);

const zips = tableOf([
  native("zipListsWith", [any, list, list], ([fn, a, b], at) => {
    return zip(a, b, (x, y) => lazily(() => call(fn, [x, y], at)));
  }),
  native("zipLists", [list, list], ([a, b]) => zip(a, b, (fst, snd) => attrsOf({ fst, snd }))),
]);

function grouping(callBuiltin: CallBuiltin): Functions {
  return tableOf([
    native("groupBy'", [any, any, any, any], ([fn, nul, key, xs], at) => {
      const groups = set.read(callBuiltin("groupBy", [key, xs], at), at);
      if (groups instanceof Unknown) return groups;
      return mapEntries(groups, (_, group) =>
        lazily(() => {
          const members = elements.read(group, at);
          return members instanceof Unknown ? members : force(foldl(fn, nul, members, at));
        }),
      );
    }),
    native("uniqueStrings", [list], ([xs], at) => {
      const strings = filterList(xs, (x) => {
        const text = expectText(x, at);
        return text instanceof Unknown ? text : true;
      });
      if (strings instanceof Unknown) return strings;
      const names = callBuiltin("groupBy", [native("id", [any], ([x]) => force(x)), strings], at);
      const groups = set.read(names, at);
      return groups instanceof Unknown ? groups : listOfEntries(groups, (name) => name);
    }),
  ]);
}

/** `foldl`: the result of the last step, whose earlier steps are forced only when it asks for them. */
export function foldl(fn: Lazy, nul: Lazy, xs: readonly Lazy[], at: Span | null): Lazy {
  let folded = nul;
  for (const x of xs) {
    const before = folded;
    folded = lazily(() => call(fn, [before, x], at));
  }
  return folded;
}

function imap(fn: Lazy, xs: List, first: number, at: Span | null): List {
  const number = (x: Lazy, index: number) => lazily(() => call(fn, [BigInt(index + first), x], at));
  if (xs.rest === null) return new List(xs.elements.map(number));
  // The positions are not known, the elements are.
  const unnumbered = (x: Lazy) => lazily(() => call(fn, [xs.rest, x], at));
  return mapList(xs, unnumbered);
}

function flatten(lazy: Lazy): List | Unknown {
  const value = force(lazy);
  if (value instanceof Unknown) return value.reason === "error" ? value : new List([], value);
  if (!(value instanceof List)) return new List([lazy]);
  const collected = new Collected();
  collected.leaveOpen(value.rest);
  for (const [index, element] of [...value.elements, ...value.possible].entries()) {
    const flat = flatten(element);
    if (flat instanceof Unknown) return flat;
    collected.addAll(flat, index < value.elements.length ? null : value.rest);
  }
  return collected.toList();
}

/** Longer lists than this are taken for a mistake of the program that asks for them. */
const longestRange = 10_000_000n;

function range(first: bigint, last: bigint, at: Span | null): Value {
  if (first > last) return emptyList;
  if (last - first >= longestRange) return new Unknown("limit", `a list of ${last - first + 1n} elements`, at);
  payForElements(Number(last - first) + 1);
  return new List(Array.from({ length: Number(last - first) + 1 }, (_, index) => first + BigInt(index)));
}

function crossLists(fn: Lazy, columns: readonly Lazy[], at: Span | null): Value {
  const partial: Lazy[] = [fn];
  for (const column of columns) {
    const xs = elements.read(column, at);
    if (xs instanceof Unknown) return xs;
    payForElements(partial.length * xs.length);
    partial.flatMap((f) => xs.map((x) => lazily(() => call(f, [x], at))));
  }
  return new List(partial);
}

function optional(condition: Lazy, xs: Lazy, at: Span | null): Value {
  const known = expectBool(condition, at);
  if (known instanceof Unknown) return force(joinBranches(known, xs, emptyList));
  return known ? force(xs) : emptyList;
}

function findFirst(predicate: Lazy, none: Lazy, xs: readonly Lazy[], at: Span | null): Lazy {
  for (const [index, x] of xs.entries()) {
    const found = ask(predicate, [x], at);
    if (found === true) return x;
    if (found === false) continue;
    const later = lazily(() => force(findFirst(predicate, none, xs.slice(index + 1), at)));
    return joinBranches(found, x, later);
  }
  return none;
}

function slice(xs: List, start: number, count: number): Value {
  if (start >= xs.elements.length && xs.rest === null) return emptyList;
  if (count < 0) return evalError(`cannot create a list of size ${count}`);
  if (start < 0) return evalError(`list index ${start} is out of bounds`);
  if (xs.rest !== null) return doubted(xs, xs.rest);
  return start === 0 && count >= xs.elements.length ? xs : new List(xs.elements.slice(start, start + count));
}

function startsWith(xs: readonly Lazy[], prefix: readonly Lazy[]): boolean | Unknown {
  if (prefix.length > xs.length) return false;
  return equalValues(new List(xs.slice(0, prefix.length)), new List(prefix));
}

function zip(a: List, b: List, make: (x: Lazy, y: Lazy) => Lazy): Value {
  const open = a.rest ?? b.rest;
  if (open !== null) return new List([], open);
  const length = Math.min(a.elements.length, b.elements.length);
  return new List(a.elements.slice(0, length).map((x, index) => make(x, b.elements[index] as Lazy)));
}
