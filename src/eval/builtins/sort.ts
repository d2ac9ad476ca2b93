// `sort` and `genericClosure`: the two builtins that order or identify elements by comparing them.

import type { Span } from "../../source/span.ts";
import { apply, applyAll } from "../apply.ts";
import { payForElements } from "../budget.ts";
import { argument, define, expectAttrs, expectBool, expectFunction, expectList } from "../native.ts";
import { selectAttr } from "../select.ts";
import { force } from "../thunk.ts";
import { evalError, isError, Unknown } from "../unknown.ts";
import { type Builtin, type Lazy, List, NixPath, typeName, type Value } from "../value.ts";

/** A member of a closure is a set of its own, with its key: as dear as so many elements of a list. */
const elementCost = 40;

/** Stable. Where a comparison is not decided the result is open, so that nobody takes an element for the first. */
export function sortList(less: Value, list: List, at: Span | null): Value {
  let problem: Unknown | null = null;
  let { rest } = list;
  for (const element of list.elements) {
    const value = force(element);
    if (isError(value)) return value;
  }
  const comesFirst = (a: Lazy, b: Lazy): boolean => {
    if (problem) return false;
    const answer = expectBool(applyAll(less, [a, b], at), at);
    if (isError(answer)) problem = answer;
    else if (answer instanceof Unknown) rest ??= answer;
    return answer === true;
  };
  const sorted = mergeSort(list.elements, comesFirst);
  return problem ?? new List(sorted, rest, list.possible);
}

function mergeSort(elements: readonly Lazy[], comesFirst: (a: Lazy, b: Lazy) => boolean): readonly Lazy[] {
  if (elements.length < 2) return elements;
  const middle = elements.length >> 1;
  const left = mergeSort(elements.slice(0, middle), comesFirst);
  const right = mergeSort(elements.slice(middle), comesFirst);
  const merged: Lazy[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    if (comesFirst(right[j] as Lazy, left[i] as Lazy)) merged.push(right[j++] as Lazy);
    else merged.push(left[i++] as Lazy);
  }
  return [...merged, ...left.slice(i), ...right.slice(j)];
}

/** The identity of a key; keys that Nix finds neither smaller nor larger have the same. */
function keyIdentity(key: Value, at: Span | null): string | Unknown {
  if (key instanceof Unknown) return key;
  if (typeof key === "string") return `string ${JSON.stringify(key)}`;
  if (typeof key === "bigint") return `number ${key}`;
  if (typeof key === "number") return `number ${Number.isInteger(key) ? BigInt(key) : key}`;
  if (key instanceof NixPath) return `path ${JSON.stringify(key.path)}`;
  if (typeof key === "object" && key?.kind === "partial-string") return key.hole;
  if (!(key instanceof List)) return evalError(`cannot compare ${typeName(key)} with ${typeName(key)}`, at);
  if (key.rest !== null) return key.rest;
  const identities = [];
  for (const element of key.elements) {
    const identity = keyIdentity(force(element), at);
    if (identity instanceof Unknown) return identity;
    identities.push(identity);
  }
  return `list ${JSON.stringify(identities)}`;
}

function genericClosure(start: List, operator: Lazy, at: Span | null): Value {
  if (start.elements.length === 0) return start;
  const fn = expectFunction(operator, at);
  if (fn instanceof Unknown) return isError(fn) ? fn : new List(start.elements, fn);
  const seen = new Set<string>();
  const result: Lazy[] = [];
  const queue = [...start.elements];
  let { rest } = start;
  let kind: string | null = null;
  // The queue grows while it is walked.
  for (const element of queue) {
    const identity = identityOf(element, at);
    if (isError(identity)) return identity;
    if (identity instanceof Unknown) {
      rest ??= identity;
      continue;
    }
    const kindOfKey = identity.slice(0, identity.indexOf(" "));
    kind ??= kindOfKey;
    if (kind !== kindOfKey) return evalError(`cannot compare ${kindOfKey} with ${kind}`, at);
    if (seen.has(identity)) continue;
    seen.add(identity);
    payForElements(elementCost, result.length);
    result.push(element);
    const more = expectList(apply(fn, element, at), at);
    if (isError(more)) return more;
    if (more instanceof Unknown) rest ??= more;
    else {
      for (const next of more.elements) queue.push(next);
      rest ??= more.rest;
    }
    if (rest?.reason === "limit") break;
  }
  return new List(result, rest);
}

function identityOf(element: Lazy, at: Span | null): string | Unknown {
  const attrs = expectAttrs(element, at);
  return attrs instanceof Unknown ? attrs : keyIdentity(force(selectAttr(attrs, "key", at)), at);
}

export const closureBuiltins: readonly Builtin[] = [
  define("genericClosure", 1, (args, at) => {
    const attrs = expectAttrs(argument(args, 0), at);
    if (attrs instanceof Unknown) return attrs;
    const start = expectList(selectAttr(attrs, "startSet", at), at);
    if (start instanceof Unknown) return start;
    return genericClosure(start, selectAttr(attrs, "operator", at), at);
  }),
];
