// Builtins on strings. Offsets and lengths are in bytes, and what the known parts of a partial string decide is decided.

import type { Span } from "../../source/span.ts";
import { fromBytes, toBytes } from "../bytes.ts";
import { coerceToText, interpolate, type Text } from "../coerce.ts";
import { addContext, mapKnown, readText, withoutContext } from "../context.ts";
import { argument, define, expectInt, expectList, expectText } from "../native.ts";
import { force } from "../thunk.ts";
import { evalError, isError, Unknown } from "../unknown.ts";
import { type Builtin, joinText, type Lazy, type List, PartialString, type Value } from "../value.ts";
import { replaceStrings } from "./replace.ts";

/** Text of a value: what is not known at all is a string with nothing but a hole. */
function asString(text: Text): string | PartialString | Unknown {
  return text instanceof Unknown && !isError(text) ? new PartialString([text]) : text;
}

export function toStringValue(lazy: Lazy, at: Span | null): string | PartialString | Unknown {
  return asString(coerceToText(force(lazy), at, { lenient: true, copyPaths: false }));
}

export function substring(start: bigint, length: bigint, text: string | PartialString): Value {
  const from = Number(start);
  const to = length < 0n ? Number.POSITIVE_INFINITY : from + Number(length);
  const cut = mapKnown(text, (known) => fromBytes(toBytes(known).slice(from, to)));
  if (cut !== undefined) return cut;
  return length === 0n ? "" : cutPartial(from, to, text as PartialString);
}

function cutPartial(from: number, to: number, text: PartialString): Value {
  const prefix = toBytes(text.prefix);
  if (to <= prefix.length) return fromBytes(prefix.slice(from, to));
  if (from > prefix.length) return new PartialString([text.hole]);
  const known = fromBytes(prefix.slice(from));
  // Everything after the prefix stays as it is when the substring certainly reaches to the end.
  const after =
    to === Number.POSITIVE_INFINITY || to > 1e15 ? text.parts.slice(text.prefix === "" ? 0 : 1) : [text.hole];
  return joinText([known, ...after]);
}

/**
 * `concatStringsSep` of an open list has holes between all its elements, for more may be anywhere; the separators
 * between known ones are there in any case.
 */
export function joinStrings(separator: string | PartialString, list: List, at: Span | null): Value {
  const gap = list.rest === null ? [] : [list.rest];
  const pieces: (string | Unknown | PartialString)[] = [...gap];
  for (const [index, element] of list.elements.entries()) {
    const text = interpolate(force(element), at);
    if (isError(text)) return text;
    if (index > 0) pieces.push(separator);
    pieces.push(text, ...gap);
  }
  const joined = joinText(pieces);
  if (typeof separator === "string" || list.elements.length > 1) return joined;
  // Also a separator that separates nothing leaves what it refers to.
  const known = readText(separator);
  return known instanceof Unknown ? joined : addContext(joined, known.context);
}

export const stringBuiltins: readonly Builtin[] = [
  define("toString", 1, (args, at) => toStringValue(argument(args, 0), at)),
  define("stringLength", 1, (args, at) => {
    const text = interpolate(force(argument(args, 0)), at);
    const plain = text instanceof Unknown ? text : withoutContext(text);
    if (plain instanceof PartialString) return plain.hole;
    return plain instanceof Unknown ? plain : BigInt(toBytes(plain).length);
  }),
  define("substring", 3, (args, at) => {
    const start = expectInt(argument(args, 0), at);
    if (start instanceof Unknown) return start;
    if (start < 0n) return evalError("negative start position in `substring`", at);
    const length = expectInt(argument(args, 1), at);
    if (length instanceof Unknown) return length;
    const text = asString(interpolate(force(argument(args, 2)), at));
    return text instanceof Unknown ? text : substring(start, length, text);
  }),
  define("concatStringsSep", 2, (args, at) => {
    const separator = asString(expectText(argument(args, 0), at));
    if (separator instanceof Unknown) return separator;
    const list = expectList(argument(args, 1), at);
    if (list instanceof Unknown) return asString(list);
    return joinStrings(separator, list, at);
  }),
  define("replaceStrings", 3, (args, at) => {
    const from = expectList(argument(args, 0), at);
    if (from instanceof Unknown) return asString(from);
    const to = expectList(argument(args, 1), at);
    if (to instanceof Unknown) return asString(to);
    const text = asString(expectText(argument(args, 2), at));
    return text instanceof Unknown ? text : replaceStrings(from, to, text, at);
  }),
];
