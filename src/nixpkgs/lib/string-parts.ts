// lib.strings: beginnings, ends and pieces of text, and its case.

import { expectBool, expectText } from "../../eval/native.ts";
import { selectOrUndefined } from "../../eval/select.ts";
import { evalError, thrownError, Unknown } from "../../eval/unknown.ts";
import { joinText, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import {
  any,
  ask,
  type CallBuiltin,
  call,
  coerced,
  type Functions,
  known,
  native,
  set,
  shown,
  string,
  tableOf,
  text,
} from "./signature.ts";
import {
  cut,
  endsWith,
  includes,
  mapCharacters,
  removePrefix,
  removeSuffix,
  split,
  startsWith,
  type Text,
} from "./text-edges.ts";

export function stringParts(callBuiltin: CallBuiltin): Functions {
  return {
    ...edges,
    ...pieces,
    ...cases,
    lowerChars: new List([..."abcdefghijklmnopqrstuvwxyz"]),
    upperChars: new List([..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"]),
    stringAsChars: native("stringAsChars", [any, text], ([fn, given], at) => {
      if (typeof given !== "string") return given.hole;
      return callBuiltin("concatStringsSep", ["", new List([...given].map((one) => call(fn, [one], at)))], at);
    }),
  };
}

const edges = tableOf([
  native("hasPrefix", [coerced, coerced], ([prefix, given]) => onKnown(prefix, (edge) => startsWith(given, edge))),
  native("hasSuffix", [coerced, coerced], ([suffix, given]) => onKnown(suffix, (edge) => endsWith(given, edge))),
  native("hasInfix", [coerced, coerced], ([infix, given]) => onKnown(infix, (edge) => includes(given, edge))),
  native("removePrefix", [coerced, coerced], ([prefix, given]) => {
    return typeof prefix === "string" ? removePrefix(given, prefix) : sameText(given, prefix) ? "" : prefix.hole;
  }),
  native("removeSuffix", [coerced, coerced], ([suffix, given]) => {
    return typeof suffix === "string" ? removeSuffix(given, suffix) : sameText(given, suffix) ? "" : suffix.hole;
  }),
  native("trim", [text], ([given]) => trim(given, { start: true, end: true })),
  native("trimWith", [set, text], ([sides, given], at) => {
    const start = expectBool(selectOrUndefined(sides, "start") ?? false, at);
    if (start instanceof Unknown) return start;
    const end = expectBool(selectOrUndefined(sides, "end") ?? false, at);
    return end instanceof Unknown ? end : trim(given, { start, end });
  }),
]);

const pieces = tableOf([
  native("splitString", [shown, shown], ([separator, given]) => onKnown(separator, (known) => split(given, known))),
  native("splitStringBy", [any, any, text], ([predicate, keep, given], at) => {
    if (typeof given !== "string") return new List([], given.hole);
    const keepSplit = expectBool(keep, at);
    if (keepSplit instanceof Unknown) return keepSplit;
    const parts = splitBy(given, keepSplit, (previous, current) => ask(predicate, [previous, current], at));
    return parts instanceof Unknown ? parts : new List(parts);
  }),
  native("stringToCharacters", [text], ([given]) => {
    if (typeof given === "string") return new List([...given]);
    return new List(
      given.parts.flatMap((part) => (typeof part === "string" ? [...part] : [])),
      given.hole,
    );
  }),
  native("normalizePath", [coerced], ([given]) => mapCharacters(given, (part) => part.replaceAll(/\/+/g, "/"))),
  native("charToInt", [string], ([character], at) => {
    const code = character.codePointAt(0) ?? 0;
    const isOne = character.length === 1 && code > 0 && code < 128;
    return isOne ? BigInt(code) : evalError(`attribute \`${character}\` missing`, at);
  }),
  native("nameFromURL", [string, string], ([url, separator], at) => {
    const filename = url.split("/").at(-1) ?? "";
    const name = filename.split(separator)[0] ?? "";
    return name === filename ? thrownError("assertion failed", at) : name;
  }),
]);

const cases = tableOf([
  native("toLower", [text], ([given]) => mapCharacters(given, lower)),
  native("toUpper", [text], ([given]) => mapCharacters(given, upper)),
  native("toSentenceCase", [known], ([given], at) => textOnly("toSentenceCase", given, at, sentenceCase)),
  native("toCamelCase", [known], ([given], at) => textOnly("toCamelCase", given, at, camelCase)),
]);

/** Answers for a known edge; one with holes leaves it open. */
function onKnown(edge: Text, decide: (edge: string) => Value): Value {
  return typeof edge === "string" ? decide(edge) : edge.hole;
}

/** The very same text, holes included: what they stand for is then the same as well. */
function sameText(a: Text, b: Text): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  return a.parts.length === b.parts.length && a.parts.every((part, index) => part === b.parts[index]);
}

function trim(given: Text, sides: { readonly start: boolean; readonly end: boolean }): Text {
  const trimText = (part: string, start: boolean, end: boolean) => {
    const front = start ? part.replace(/^[ \t\r\n]+/, "") : part;
    return end ? front.replace(/[ \t\r\n]+$/, "") : front;
  };
  if (typeof given === "string") return trimText(given, sides.start, sides.end);
  const last = given.parts.length - 1;
  return joinText(
    given.parts.map((part, index) => {
      const [start, end] = [sides.start && index === 0, sides.end && index === last];
      if (typeof part === "string") return trimText(part, start, end);
      return (start || end) && part.storePathOf === null ? cut(part) : part;
    }),
  );
}

type Splits = (previous: string, current: string) => boolean | Unknown;

function splitBy(given: string, keepSplit: boolean, splits: Splits): readonly string[] | Unknown {
  const parts: string[] = [];
  let part = "";
  let previous = "";
  for (const current of given) {
    const split = splits(previous, current);
    if (split instanceof Unknown) return split;
    previous = current;
    if (!split) {
      part += current;
      continue;
    }
    parts.push(part);
    part = keepSplit ? current : "";
  }
  return [...parts, part];
}

/** ASCII letters only, as Nix has no others. */
function lower(known: string): string {
  return known.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function upper(known: string): string {
  return known.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase());
}

function textOnly(name: string, given: Value, at: Span | null, change: (known: string) => string): Value {
  const isText = typeof given === "string" || (typeof given === "object" && given?.kind === "partial-string");
  if (!isText) return thrownError(`${name} does only accepts string values`, at);
  const read = expectText(given, at);
  if (read instanceof Unknown) return read;
  return typeof read === "string" ? change(read) : joinText([cut(read.hole)]);
}

function sentenceCase(known: string): string {
  return upper(known.slice(0, 1)) + lower(known.slice(1));
}

function camelCase(known: string): string {
  const [first = "", ...others] = known.split(/[-_ ]|(?<=[a-z])(?=[A-Z])/);
  return lower(first) + others.map(sentenceCase).join("");
}
