// Builtins on lists. An open list keeps what is known of it: elements, and those that are only possibly there.

import type { Span } from "../../source/span.ts";
import { apply, applyAll } from "../apply.ts";
import { payForElements } from "../budget.ts";
import { equalLazies } from "../equality.ts";
import { argument, define, expectBool, expectFunction, expectInt, expectList, expectString } from "../native.ts";
import { force, lazily } from "../thunk.ts";
import { evalError, isError, Unknown } from "../unknown.ts";
import { Attr, Attrs, attrsOf, type Builtin, type Lazy, List, type Value } from "../value.ts";
import { expectOpenList } from "./attrs.ts";
import { sortList } from "./sort.ts";

/** Longer lists are not built: a thunk per element would fill the memory. */
const maxLength = 2_000_000n;

/** A list of so many new thunks is as dear as one of four times as many elements. */
function payForThunks(length: number): void {
  payForElements(length * 4, length);
}

function elemAt(list: List, index: bigint, at: Span | null): Value {
  if (list.rest !== null) return list.rest;
  const element = index < 0n ? undefined : list.elements[Number(index)];
  if (element === undefined) return evalError(`list index ${index} is out of bounds`, at);
  return force(element);
}

function tail(list: List, at: Span | null): Value {
  if (list.rest !== null) return new List([], list.rest, [...list.elements, ...list.possible]);
  if (list.elements.length === 0) return evalError("`tail` called on an empty list", at);
  // Slices are copied as memory is, which is cheaper than element by element.
  payForElements(list.elements.length / 8);
  return new List(list.elements.slice(1));
}

function mapList(fn: Lazy, list: List, at: Span | null): Value {
  if (list.elements.length + list.possible.length === 0) return list;
  const known = expectFunction(fn, at);
  if (isError(known)) return known;
  const call = (element: Lazy) => lazily(() => apply(known, element, at));
  payForThunks(list.elements.length + list.possible.length);
  return new List(list.elements.map(call), list.rest, list.possible.map(call));
}

/** Where the elements go, by what the predicate says of them; the result when that fails. */
function divide(predicate: Value, list: List, at: Span | null) {
  const right: Lazy[] = [];
  const wrong: Lazy[] = [];
  const undecided: Lazy[] = [];
  const possibleRight: Lazy[] = [];
  const possibleWrong: Lazy[] = [];
  let { rest } = list;
  for (const element of list.elements) {
    const answer = expectBool(apply(predicate, element, at), at);
    if (isError(answer)) return answer;
    if (typeof answer === "boolean") (answer ? right : wrong).push(element);
    else {
      rest ??= answer;
      undecided.push(element);
    }
  }
  for (const element of list.possible) {
    const answer = expectBool(apply(predicate, element, at), at);
    if (answer === true) possibleRight.push(element);
    else if (answer === false) possibleWrong.push(element);
    else if (!isError(answer)) undecided.push(element);
  }
  return {
    right: new List(right, rest, [...undecided, ...possibleRight]),
    wrong: new List(wrong, rest, [...undecided, ...possibleWrong]),
  };
}

export function filterList(predicate: Value, list: List, at: Span | null): Value {
  const parts = divide(predicate, list, at);
  return parts instanceof Unknown ? parts : parts.right;
}

/** The concatenation of lists, as `concatLists` and `concatMap` give it. */
function flatten(lists: List, at: Span | null): Value {
  const elements: Lazy[] = [];
  const possible: Lazy[] = [];
  let { rest } = lists;
  for (const lazy of lists.elements) {
    const list = expectOpenList(lazy, at);
    if (list instanceof Unknown) return list;
    payForElements(list.elements.length, elements.length + list.elements.length);
    for (const element of list.elements) elements.push(element);
    possible.push(...list.possible);
    rest ??= list.rest;
  }
  for (const lazy of lists.possible) {
    const list = force(lazy);
    if (list instanceof List) possible.push(...list.elements, ...list.possible);
  }
  return new List(elements, rest, possible);
}

function concatMap(fn: Value, list: List, at: Span | null): Value {
  const call = (element: Lazy): Lazy => lazily(() => apply(fn, element, at));
  return flatten(new List(list.elements.map(call), list.rest, list.possible.map(call)), at);
}

function elem(wanted: Lazy, list: List): Value {
  let undecided: Unknown | null = null;
  for (const element of list.elements) {
    const equal = equalLazies(wanted, element);
    if (equal === true || isError(equal)) return equal;
    if (equal instanceof Unknown) undecided ??= equal;
  }
  return list.rest ?? undecided ?? false;
}

function fold(fn: Value, start: Lazy, list: List, at: Span | null): Value {
  if (list.rest !== null) return list.rest;
  if (list.elements.length === 0) return force(start);
  let result: Lazy = start;
  for (const element of list.elements) {
    result = applyAll(fn, [result, element], at);
    if (isError(result)) return result;
  }
  return force(result);
}

/** `any` for `decisive` true, `all` for false. */
function quantify(decisive: boolean, predicate: Value, list: List, at: Span | null): Value {
  let undecided: Unknown | null = null;
  for (const element of list.elements) {
    const answer = expectBool(apply(predicate, element, at), at);
    if (answer === decisive || isError(answer)) return answer;
    if (answer instanceof Unknown) undecided ??= answer;
  }
  return list.rest ?? undecided ?? !decisive;
}

function generate(fn: Lazy, length: bigint, at: Span | null): Value {
  if (length < 0n) return evalError(`cannot create a list of size ${length}`, at);
  if (length > maxLength) return new Unknown("limit", `a list of ${length} elements`, at);
  const known = expectFunction(fn, at);
  if (isError(known)) return known;
  payForThunks(Number(length));
  const elements: Lazy[] = [];
  for (let i = 0n; i < length; i++) {
    const index = i;
    elements.push(lazily(() => apply(known, index, at)));
  }
  return new List(elements);
}

/** An element whose group is not known may be in any of the known ones, or in one of its own. */
function groupBy(fn: Value, list: List, at: Span | null): Value {
  const groups = new Map<string, Lazy[]>();
  const possibleGroups = new Map<string, Lazy[]>();
  const anywhere: Lazy[] = [];
  let { rest } = list;
  for (const element of list.elements) {
    const name = expectString(apply(fn, element, at), at);
    if (isError(name)) return name;
    if (typeof name === "string") addTo(groups, name, element);
    else {
      rest ??= name;
      anywhere.push(element);
    }
  }
  for (const element of list.possible) {
    const name = expectString(apply(fn, element, at), at);
    if (typeof name === "string") addTo(possibleGroups, name, element);
    else if (!isError(name)) anywhere.push(element);
  }
  const entries = new Map<string, Attr>();
  for (const [name, elements] of groups) {
    const possible = rest === null ? [] : [...anywhere, ...(possibleGroups.get(name) ?? [])];
    entries.set(name, new Attr(new List(elements, rest, possible)));
  }
  for (const [name, elements] of possibleGroups) {
    if (!entries.has(name)) entries.set(name, new Attr(new List([], rest, [...anywhere, ...elements]), null, rest));
  }
  return new Attrs(entries, rest);
}

function addTo(groups: Map<string, Lazy[]>, name: string, element: Lazy): void {
  const group = groups.get(name);
  if (group) group.push(element);
  else groups.set(name, [element]);
}

type OnFunctionAndList = (fn: Value, list: List, at: Span | null) => Value;

/** A builtin of a function and a list, the list known at least in part. */
function defineOver(name: string, run: OnFunctionAndList): Builtin {
  return define(name, 2, (args, at) => {
    const fn = expectFunction(argument(args, 0), at);
    if (isError(fn)) return fn;
    const list = expectOpenList(argument(args, 1), at);
    return list instanceof Unknown ? list : run(fn, list, at);
  });
}

export const listBuiltins: readonly Builtin[] = [
  define("length", 1, (args, at) => {
    const list = expectList(argument(args, 0), at);
    if (list instanceof Unknown) return list;
    return list.rest ?? BigInt(list.elements.length);
  }),
  define("elemAt", 2, (args, at) => {
    const list = expectList(argument(args, 0), at);
    if (list instanceof Unknown) return list;
    const index = expectInt(argument(args, 1), at);
    return index instanceof Unknown ? index : elemAt(list, index, at);
  }),
  define("head", 1, (args, at) => {
    const list = expectList(argument(args, 0), at);
    if (list instanceof Unknown) return list;
    return list.elements.length === 0 && list.rest === null
      ? evalError("`head` called on an empty list", at)
      : elemAt(list, 0n, at);
  }),
  define("tail", 1, (args, at) => {
    const list = expectOpenList(argument(args, 0), at);
    return list instanceof Unknown ? list : tail(list, at);
  }),
  define("map", 2, (args, at) => {
    const list = expectOpenList(argument(args, 1), at);
    return list instanceof Unknown ? list : mapList(argument(args, 0), list, at);
  }),
  defineOver("filter", filterList),
  defineOver("partition", (fn, list, at) => {
    const parts = divide(fn, list, at);
    return parts instanceof Unknown ? parts : attrsOf(parts);
  }),
  defineOver("concatMap", concatMap),
  defineOver("groupBy", groupBy),
  defineOver("any", (fn, list, at) => quantify(true, fn, list, at)),
  defineOver("all", (fn, list, at) => quantify(false, fn, list, at)),
  defineOver("sort", sortList),
  define("concatLists", 1, (args, at) => {
    const lists = expectOpenList(argument(args, 0), at);
    return lists instanceof Unknown ? lists : flatten(lists, at);
  }),
  define("elem", 2, (args, at) => {
    const list = expectList(argument(args, 1), at);
    return list instanceof Unknown ? list : elem(argument(args, 0), list);
  }),
  define("foldl'", 3, (args, at) => {
    const fn = expectFunction(argument(args, 0), at);
    if (isError(fn)) return fn;
    const list = expectList(argument(args, 2), at);
    return list instanceof Unknown ? list : fold(fn, argument(args, 1), list, at);
  }),
  define("genList", 2, (args, at) => {
    const length = expectInt(argument(args, 1), at);
    return length instanceof Unknown ? length : generate(argument(args, 0), length, at);
  }),
];
