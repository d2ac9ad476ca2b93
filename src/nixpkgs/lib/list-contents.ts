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

/**
 * The elements without repetitions, first occurrences first. A known element is in the result whatever the unknown ones
 * are; an unknown one may be a repetition.
 */
export function uniqueOf(list: List): List | Unknown {
  const collected = new Collected();
  collected.leaveOpen(list.rest);
  const before = new Seen();
  for (const [index, element] of [...list.elements, ...list.possible].entries()) {
    const repeats = before.has(element);
    if (repeats === true) continue;
    if (repeats instanceof Unknown) {
      if (repeats.reason === "error") return repeats;
      collected.leaveOpen(repeats);
      if (equalLazies(element, element) !== true) {
        collected.add(element, repeats);
        continue;
      }
    }
    const doubt = index < list.elements.length ? null : list.rest;
    collected.add(element, doubt);
    if (doubt === null) before.add(element);
  }
  return collected.toList();
}

/** Elements met before; text is found without comparing it with all of them. */
class Seen {
  private readonly texts = new Set<string>();
  private readonly others: Lazy[] = [];

  add(element: Lazy): void {
    const text = plainText(element);
    if (text === undefined) this.others.push(element);
    else this.texts.add(text);
  }

  has(element: Lazy): boolean | Unknown {
    const text = plainText(element);
    if (text !== undefined && this.texts.has(text)) return true;
    const among = text === undefined ? [...this.texts, ...this.others] : this.others;
    return contains(new List(among), element);
  }
}

/** The text of an element that is one: JavaScript's idea of equality will do. */
function plainText(element: Lazy): string | undefined {
  const value = force(element);
  return typeof value === "string" ? value : undefined;
}

export function not(answer: boolean | Unknown): boolean | Unknown {
  return typeof answer === "boolean" ? !answer : answer;
}
