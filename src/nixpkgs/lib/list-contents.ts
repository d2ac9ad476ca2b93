// Questions about and choices from lists whose elements may be unknown or in doubt.

import { equalLazies } from "../../eval/equality.ts";
import { force } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { type Lazy, List } from "../../eval/value.ts";
import { Collected } from "./attr-entries.ts";

/** All that may be in the list, none of it for sure: what is left when positions no longer mean anything. */
export function doubted(list: List, cause: Unknown): List {
  return new List([], cause, [...list.elements, ...list.possible]);
}

/** The same list with other elements. */
export function mapList(list: List, make: (element: Lazy) => Lazy): List {
  return new List(list.elements.map(make), list.rest, list.possible.map(make));
}

/** What `keep` lets through; where it cannot say, the element is possible. An error is the result. */
export function filterList(list: List, keep: (element: Lazy, index: number) => boolean | Unknown): List | Unknown {
  const collected = new Collected();
  collected.leaveOpen(list.rest);
  for (const [index, element] of [...list.elements, ...list.possible].entries()) {
    const kept = keep(element, index);
    if (kept === false) continue;
    if (kept instanceof Unknown && kept.reason === "error") return kept;
    const doubt = index < list.elements.length ? null : list.rest;
    collected.add(element, kept instanceof Unknown ? kept : doubt);
  }
  return collected.toList();
}

/** Whether an equal element is in the list. */
export function contains(list: List, wanted: Lazy): boolean | Unknown {
  let undecided: Unknown | null = list.rest;
  for (const element of list.elements) {
    const equal = equalLazies(element, wanted);
    if (equal === true) return true;
    if (equal instanceof Unknown) undecided ??= equal;
  }
  return undecided ?? false;
}

/** The elements without repetitions, first occurrences first. */
export function uniqueOf(list: List): List | Unknown {
  const collected = new Collected();
  collected.leaveOpen(list.rest);
  const before: Lazy[] = [];
  const seen = new Set<string>();
  for (const [index, element] of [...list.elements, ...list.possible].entries()) {
    const plain = plainKey(element);
    if (plain !== undefined && seen.has(plain)) continue;
    const there = plain !== undefined && before.length === seen.size ? false : contains(new List(before), element);
    if (there === true) continue;
    if (there instanceof Unknown && there.reason === "error") return there;
    const doubt = index < list.elements.length ? null : list.rest;
    collected.add(element, there instanceof Unknown ? there : doubt);
    if (doubt !== null) continue;
    before.push(element);
    if (plain !== undefined) seen.add(plain);
  }
  return collected.toList();
}

/** The text of an element that is one: JavaScript's idea of equality will do. */
function plainKey(element: Lazy): string | undefined {
  const value = force(element);
  return typeof value === "string" ? value : undefined;
}

export function not(answer: boolean | Unknown): boolean | Unknown {
  return typeof answer === "boolean" ? !answer : answer;
}
