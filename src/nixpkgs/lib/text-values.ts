// Which values are text, or can be made text.

import { interpolate } from "../../eval/coerce.ts";
import { hasAttrPath } from "../../eval/select.ts";
import { force } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attrs, joinText, List, NixPath, PartialString, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";

export function isText(value: Value): value is string | PartialString {
  return typeof value === "string" || value instanceof PartialString;
}

/** Strings, paths, derivations and sets with `__toString`. */
export function isStringLike(value: Value): boolean | Unknown {
  if (value instanceof Unknown) return value;
  if (isText(value) || value instanceof NixPath) return true;
  if (!(value instanceof Attrs)) return false;
  const outPath = hasAttrPath(value, ["outPath"]);
  return outPath === false ? hasAttrPath(value, ["__toString"]) : outPath;
}

/** Whether `toString` takes the value. */
export function isConvertible(value: Value): boolean | Unknown {
  if (value === null || (typeof value !== "object" && typeof value !== "string")) return true;
  if (!(value instanceof List)) return isStringLike(value);
  let undecided: Unknown | null = value.rest;
  for (const element of value.elements) {
    const convertible = isConvertible(force(element));
    if (convertible === false) return false;
    if (convertible instanceof Unknown) undecided ??= convertible;
  }
  return undecided ?? true;
}

/** Longer text is taken for a mistake of the program that makes it, such as showing all of `pkgs`. */
const longestText = 64 * 1024 * 1024;

function knownLength(text: string | PartialString | Unknown): number {
  if (typeof text === "string") return text.length;
  if (text instanceof Unknown) return 0;
  return text.parts.reduce((length, part) => length + (typeof part === "string" ? part.length : 0), 0);
}

/** Text from pieces as interpolation makes it; what is unknown is a hole, the first error the result. */
export function concatPieces(pieces: readonly Value[], at: Span | null): Value {
  const texts: (string | PartialString | Unknown)[] = [];
  let length = 0;
  for (const piece of pieces) {
    const text = interpolate(piece, at);
    length += knownLength(text);
    if (length > longestText) return new Unknown("limit", "a text of more than 64 million characters", at);
    if (text instanceof Unknown && text.reason === "error") return text;
    texts.push(text);
  }
  return joinText(texts);
}
