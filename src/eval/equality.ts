// `==` and `<`, three-valued: one known difference decides, whatever else is unknown.

import type { Span } from "../source/span.ts";
import { nested } from "./budget.ts";
import { withoutContext } from "./context.ts";
import { force } from "./thunk.ts";
import { evalError, Unknown } from "./unknown.ts";
import { Attrs, Builtin, Lambda, type Lazy, List, NixPath, PartialString, typeName, type Value } from "./value.ts";

/** Whether two forced values are equal in Nix's sense; functions never are. */
export function equalValues(a: Value, b: Value): boolean | Unknown {
  if (a instanceof Unknown) return a;
  if (b instanceof Unknown) return b;
  if (typeof a === "number" || typeof b === "number") return isNumeric(a) && isNumeric(b) && Number(a) === Number(b);
  if (typeof a === "string" || a instanceof PartialString) return equalText(a, b);
  if (a === null || typeof a !== "object") return a === b;
  if (a instanceof NixPath) return b instanceof NixPath && a.path === b.path;
  if (a instanceof List) return b instanceof List && equalLists(a, b);
  if (a instanceof Attrs) return b instanceof Attrs && equalAttrs(a, b);
  return false;
}

function isNumeric(value: Value): boolean {
  return typeof value === "bigint" || typeof value === "number";
}

function equalText(a: string | PartialString, b: Value): boolean | Unknown {
  if (typeof a === "string" && typeof b === "string") return a === b;
  if (!(typeof b === "string" || b instanceof PartialString)) return false;
  if (!mayBeEqual(a, b)) return false;
  if (isSameText(a, b)) return true;
  const [left, right] = [withoutContext(a), withoutContext(b)];
  if (typeof left === "string" && typeof right === "string") return left === right;
  for (const side of [left, right]) if (side instanceof Unknown) return side;
  return (left instanceof PartialString ? left : (right as PartialString)).hole;
}

/** Whether both have the same text between holes for the same things: then they are equal, whatever stands there. */
function isSameText(a: string | PartialString, b: string | PartialString): boolean {
  if (typeof a === "string" || typeof b === "string" || a.parts.length !== b.parts.length) return false;
  return a.parts.every((part, index) => {
    const other = b.parts[index];
    if (typeof part === "string" || !(other instanceof Unknown)) return part === other;
    return isSameStorePath(part.storePathOf, other.storePathOf);
  });
}

function isSameStorePath(a: Attrs | NixPath | null, b: Attrs | NixPath | null): boolean {
  if (a instanceof NixPath && b instanceof NixPath) return a.path === b.path;
  return a !== null && a === b;
}

function mayBeEqual(a: string | PartialString, b: string | PartialString): boolean {
  const [first, second] = [edges(a), edges(b)];
  const prefixes = first.prefix.startsWith(second.prefix) || second.prefix.startsWith(first.prefix);
  const suffixes = first.suffix.endsWith(second.suffix) || second.suffix.endsWith(first.suffix);
  const fits = first.atMost >= second.atLeast && second.atMost >= first.atLeast;
  return prefixes && suffixes && fits;
}

/** What text certainly begins with; a hole for a whole store path begins as all of them do. */
export function knownPrefix(text: PartialString): string {
  const [first] = text.parts;
  return first instanceof Unknown && first.storePathOf !== null ? "/nix/store/" : text.prefix;
}

function edges(text: string | PartialString) {
  if (typeof text === "string") return { prefix: text, suffix: text, atLeast: text.length, atMost: text.length };
  let known = 0;
  for (const part of text.parts) if (typeof part === "string") known += part.length;
  return { prefix: knownPrefix(text), suffix: text.suffix, atLeast: known, atMost: Number.POSITIVE_INFINITY };
}

/** Two lazy values, as the elements of lists and sets are compared: the same thunk or function is equal to itself. */
export function equalLazies(a: Lazy, b: Lazy): boolean | Unknown {
  const [left, right] = [force(a), force(b)];
  if (left === right && (left instanceof Lambda || left instanceof Builtin)) return true;
  return nested(() => equalValues(left, right));
}

function equalLists(a: List, b: List): boolean | Unknown {
  if (a.rest ?? b.rest) return a.rest ?? b.rest ?? false;
  if (a.elements.length !== b.elements.length) return false;
  let undecided: Unknown | null = null;
  for (let i = 0; i < a.elements.length; i++) {
    const equal = equalLazies(a.elements[i] as Lazy, b.elements[i] as Lazy);
    if (equal === false) return false;
    if (equal instanceof Unknown) undecided ??= equal;
    if (undecided?.reason === "error") return undecided;
  }
  return undecided ?? true;
}

function equalAttrs(a: Attrs, b: Attrs): boolean | Unknown {
  if (a === b) return true;
  const drvPath = derivationPath(a);
  const otherPath = derivationPath(b);
  if (drvPath !== undefined && otherPath !== undefined) return equalLazies(drvPath, otherPath);
  let undecided: Unknown | null = a.rest ?? b.rest;
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const [name, attr] of from.entries) {
      undecided ??= attr.maybe;
      if (!to.entries.has(name) && to.rest === null && attr.maybe === null) return false;
    }
  }
  for (const name of [...a.entries.keys()].sort()) {
    const [left, right] = [a.entries.get(name), b.entries.get(name)];
    if (left === undefined || right === undefined) continue;
    const equal = equalLazies(left.value, right.value);
    if (equal === false && left.maybe === null && right.maybe === null) return false;
    if (equal instanceof Unknown) undecided ??= equal;
    if (undecided?.reason === "error") return undecided;
  }
  return undecided ?? true;
}

function derivationPath(attrs: Attrs): Lazy | undefined {
  const type = attrs.entries.get("type");
  return type !== undefined && force(type.value) === "derivation" ? attrs.lookup("outPath")?.value : undefined;
}

/** `a < b` for numbers, strings, paths and lists. */
export function compareValues(a: Value, b: Value, at: Span | null): boolean | Unknown {
  if (a instanceof Unknown) return a;
  if (b instanceof Unknown) return b;
  if (isNumeric(a) && isNumeric(b)) return (a as bigint | number) < (b as bigint | number);
  if (isText(a) && isText(b)) return compareTexts(a, b);
  if (a instanceof NixPath && b instanceof NixPath) return compareText(a.path, b.path) < 0;
  if (a instanceof List && b instanceof List) return nested(() => compareLists(a, b, at));
  return evalError(`cannot compare ${typeName(a)} with ${typeName(b)}`, at);
}

function isText(value: Value): value is string | PartialString {
  return typeof value === "string" || value instanceof PartialString;
}

function compareTexts(a: string | PartialString, b: string | PartialString): boolean | Unknown {
  const [left, right] = [withoutContext(a), withoutContext(b)];
  for (const side of [left, right]) if (typeof side !== "string") return side instanceof Unknown ? side : side.hole;
  return compareText(left as string, right as string) < 0;
}

function compareLists(a: List, b: List, at: Span | null): boolean | Unknown {
  for (let i = 0; ; i++) {
    if (i >= b.elements.length) return b.rest ?? false;
    if (i >= a.elements.length) return a.rest ?? true;
    const equal = equalLazies(a.elements[i] as Lazy, b.elements[i] as Lazy);
    if (equal === true) continue;
    if (equal instanceof Unknown) return equal;
    return compareValues(force(a.elements[i] as Lazy), force(b.elements[i] as Lazy), at);
  }
}

const encoder = new TextEncoder();

/** Order of strings as Nix has it: by bytes of their UTF-8, negative when `a` comes first. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x === y) continue;
    // Only surrogates sort differently in UTF-16 and UTF-8.
    return x >= 0xd800 && y >= 0xd800 ? compareBytes(encoder.encode(a), encoder.encode(b)) : x - y;
  }
  return a.length - b.length;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
