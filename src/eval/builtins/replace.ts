// `replaceStrings`. At every place the first of the searched strings that stands there is replaced; around a hole only
// what cannot be part of a match is known.

import type { Span } from "../../source/span.ts";
import { payForElements } from "../budget.ts";
import { fromBytes, toBytes } from "../bytes.ts";
import { mapKnown } from "../context.ts";
import { expectPlainText, expectText } from "../native.ts";
import { evalError, isError, Unknown } from "../unknown.ts";
import { joinText, type Lazy, type List, PartialString, type Value } from "../value.ts";

type Piece = string | Unknown | PartialString;

/** What to search, and what to put there; replacements are forced when they are needed. */
interface Replacements {
  readonly from: readonly string[];
  readonly to: readonly Lazy[];
  readonly at: Span | null;
}

export function replaceStrings(from: List, to: List, text: string | PartialString, at: Span | null): Value {
  const open = from.rest ?? to.rest;
  if (open) return new PartialString([open]);
  if (from.elements.length !== to.elements.length) {
    return evalError("`replaceStrings` needs as many replacements as strings to replace", at);
  }
  const searched: string[] = [];
  for (const element of from.elements) {
    const known = expectPlainText(element, at);
    if (typeof known === "string") searched.push(toBytes(known));
    else if (isError(known)) return known;
    else return new PartialString([known instanceof Unknown ? known : known.hole]);
  }
  const replacements = { from: searched, to: to.elements, at };
  // In bytes, for an empty string to search stands between all bytes of a character.
  const replaced = mapKnown(text, (known) => textOfBytes(replaceIn(toBytes(known), replacements)));
  return replaced ?? textOfBytes(replaceInParts(mapText(text, toBytes) as PartialString, replacements));
}

function textOfBytes(pieces: readonly Piece[] | Unknown): string | PartialString | Unknown {
  return pieces instanceof Unknown ? pieces : mapText(joinText(pieces), fromBytes);
}

function mapText(text: string | PartialString, change: (known: string) => Piece): string | PartialString {
  const parts = text instanceof PartialString ? text.parts : [text];
  return joinText(parts.map((part) => (typeof part === "string" ? change(part) : part)));
}

function replaceIn(text: string, { from, to, at }: Replacements): Piece[] | Unknown {
  const pieces: Piece[] = [];
  const find = finderOf(from);
  let copied = 0;
  let position = 0;
  // One step beyond the last character, where only the empty string stands.
  while (position <= text.length) {
    const index = find(text, position);
    if (index < 0) {
      position++;
      continue;
    }
    const replacement = expectText(to[index] as Lazy, at);
    if (isError(replacement)) return replacement;
    payForElements(2, pieces.length);
    pieces.push(
      text.slice(copied, position),
      replacement instanceof Unknown ? replacement : mapText(replacement, toBytes),
    );
    copied = position;
    const length = from[index]?.length ?? 0;
    position += Math.max(length, 1);
    if (length > 0) copied = position;
  }
  pieces.push(text.slice(copied));
  return pieces;
}

/** Comparisons for the price of one element of a list. */
const comparisonsPerElement = 8;

/** Which of the strings, the first of them, stands at a place of a text; -1 for none. */
function finderOf(from: readonly string[]): (text: string, position: number) => number {
  const candidates = new Map<number, readonly number[]>();
  const candidatesFor = (first: number): readonly number[] => {
    const indexes = [...from.keys()].filter((index) => from[index] === "" || from[index]?.charCodeAt(0) === first);
    candidates.set(first, indexes);
    return indexes;
  };
  return (text, position) => {
    const first = text.charCodeAt(position);
    const indexes = candidates.get(first) ?? candidatesFor(first);
    if (indexes.length === 0) return -1;
    payForElements(indexes.length / comparisonsPerElement, 0);
    return indexes.find((index) => text.startsWith(from[index] ?? "", position)) ?? -1;
  };
}

function replaceInParts(text: PartialString, replacements: Replacements): Piece[] | Unknown {
  const { from } = replacements;
  const longest = Math.max(0, ...from.map((searched) => searched.length));
  if (from.includes("")) return [text.hole];
  const pieces: Piece[] = [];
  for (const [index, part] of text.parts.entries()) {
    if (typeof part !== "string") {
      pieces.push(part);
      continue;
    }
    const [start, end] = [index === 0 ? 0 : longest - 1, index === text.parts.length - 1 ? 0 : longest - 1];
    // A match may begin in the hole before the part: then it is only clear what happens when nothing matches at all.
    if (start > 0 && from.some((searched) => part.includes(searched))) {
      pieces.push(text.hole);
      continue;
    }
    const known = replaceIn(part.slice(Math.max(start, 0), part.length - Math.max(end, 0)), replacements);
    if (known instanceof Unknown) return known;
    if (end > 0 && from.some((searched) => part.includes(searched))) pieces.push(text.hole);
    else pieces.push(...known);
  }
  return pieces;
}
