// Turning values into text, by the three sets of rules that Nix has: interpolation and `+`, `toString`, and paths.

import { posix } from "node:path";
import type { Span } from "../source/span.ts";
import { apply } from "./apply.ts";
import { copyHole, readText } from "./context.ts";
import { formatFloat } from "./numbers.ts";
import { force } from "./thunk.ts";
import { evalError, Unknown } from "./unknown.ts";
import { Attrs, joinText, List, NixPath, PartialString, typeName, type Value } from "./value.ts";

/** Text, possibly with holes, or (an `Unknown` of reason "error") why it is none. */
export type Text = string | PartialString | Unknown;

export interface CoercionRules {
  /** `toString`: also numbers, booleans, null and lists. */
  readonly lenient: boolean;
  /** Interpolation: a path becomes its copy in the store. */
  readonly copyPaths: boolean;
}

/** `"${value}"`. What is not known becomes a hole, an error stays an error. */
export function interpolate(value: Value, at: Span | null): Text {
  return coerceToText(value, at, { lenient: false, copyPaths: true });
}

export function coerceToText(value: Value, at: Span | null, rules: CoercionRules): Text {
  if (typeof value === "string" || value instanceof PartialString || value instanceof Unknown) return value;
  if (value instanceof NixPath) return rules.copyPaths ? storeCopy(value, at) : value.path;
  if (value instanceof Attrs) return coerceAttrs(value, at, rules);
  if (rules.lenient) {
    const text = coerceLenient(value, at, rules);
    if (text !== undefined) return text;
  }
  return evalError(`cannot coerce ${typeName(value)} to a string`, at);
}

/** The hole that a path leaves where Nix would copy it to the store. */
function storeCopy(path: NixPath, at: Span | null): Text {
  const name = posix.basename(path.path);
  const { store } = path;
  if (store === null) {
    return new PartialString([new Unknown("package", `the store path of \`${name}\``, at, { storePathOf: path })]);
  }
  return store.problemOf(path.path) ?? new PartialString([copyHole(name, () => store.copyOf(path.path), path)]);
}

function coerceAttrs(value: Attrs, at: Span | null, rules: CoercionRules): Text {
  const convert = value.lookup("__toString");
  if (convert) return coerceToText(apply(force(convert.value), value, at), at, rules);
  const outPath = value.lookup("outPath");
  if (outPath) return coerceToText(force(outPath.value), at, rules);
  return value.rest ?? evalError("cannot coerce a set to a string", at);
}

function coerceLenient(value: Value, at: Span | null, rules: CoercionRules): Text | undefined {
  if (value === null || value === false) return "";
  if (value === true) return "1";
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return formatFloat(value);
  return value instanceof List ? coerceList(value, at, rules) : undefined;
}

function coerceList(list: List, at: Span | null, rules: CoercionRules): Text {
  const gap = list.rest === null ? [] : [list.rest];
  const pieces: (string | PartialString | Unknown)[] = [...gap];
  for (const [index, element] of list.elements.entries()) {
    const value = force(element);
    const text = coerceToText(value, at, rules);
    if (text instanceof Unknown && text.reason === "error") return text;
    pieces.push(text, ...gap);
    // Nix puts a space between elements, but none after an empty list.
    const empty = value instanceof List && value.elements.length === 0;
    if (index < list.elements.length - 1 && !empty) pieces.push(" ");
  }
  return joinText(pieces);
}

/** Text inside a path literal: strings and paths, the latter as they are. */
export function coerceToPathText(value: Value, at: Span | null): string | Unknown {
  const text = coerceToText(value, at, { lenient: false, copyPaths: false });
  if (!(text instanceof PartialString)) return text;
  return pathOfText(text) ?? text.hole;
}

/**
 * The path in the file system being read that text points to: absolute text itself, or a place below a copy of a
 * path of ours in the store (`"${self}/roles"`). Undefined when that is not known.
 */
export function pathOfText(text: string | PartialString): string | undefined {
  if (typeof text === "string") return text;
  const [first, ...others] = text.parts;
  if (!(first instanceof Unknown) || !(first.storePathOf instanceof NixPath)) return textOf(text);
  const below = others.length === 0 ? "" : others.length === 1 ? others[0] : undefined;
  return typeof below === "string" ? first.storePathOf.path + below : undefined;
}

function textOf(text: PartialString): string | undefined {
  const known = readText(text);
  return known instanceof Unknown ? undefined : known.text;
}
