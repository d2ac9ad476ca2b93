// lib.strings: numbers in text, widths, distances, and names that follow rules.

import { force } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import type { Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { quoteString } from "./quoting.ts";
import { any, type CallBuiltin, type Functions, int, known, native, shown, string, tableOf } from "./signature.ts";
import { isConvertible, isStringLike } from "./text-values.ts";

export function measures(callBuiltin: CallBuiltin): Functions {
  return {
    ...functions,
    ...tableOf([
      native("floatToString", [any], ([value], at) => callBuiltin("toString", [value], at)),
      native("sanitizeDerivationName", [string], ([name]) => sanitizeName(name)),
    ]),
  };
}

const functions = tableOf([
  native("toInt", [string], ([text], at) => toInt(text, at)),
  native("toIntBase10", [string], ([text], at) => {
    const digits = /^[ \t\n\v\f\r]*0*(-?[0-9]+)[ \t\n\v\f\r]*$/.exec(text)?.[1];
    return parseInt64(digits, `toIntBase10: Could not convert ${quoteString(text)} to int.`, at);
  }),
  native("fixedWidthString", [int, string, string], ([width, filler, text], at) => {
    return fixedWidth(Number(width), filler, text, at);
  }),
  native("fixedWidthNumber", [int, shown], ([width, number], at) => {
    return typeof number === "string" ? fixedWidth(Number(width), "0", number, at) : number.hole;
  }),
  native("isConvertibleWithToString", [any], ([value]) => isConvertible(force(value))),
  native("isStringLike", [any], ([value]) => isStringLike(force(value))),
  native("isStorePath", [known], ([value], at) => isStorePath(value, at)),
  native("levenshtein", [string, string], ([a, b]) => BigInt(levenshtein(a, b))),
  native("levenshteinAtMost", [int, string, string], ([most, a, b]) => BigInt(levenshtein(a, b)) <= most),
  native("commonPrefixLength", [string, string], ([a, b]) => BigInt(commonPrefix(a, b))),
  native("commonSuffixLength", [string, string], ([a, b]) => {
    return BigInt(commonPrefix([...a].reverse().join(""), [...b].reverse().join("")));
  }),
]);

function toInt(text: string, at: Span | null): Value {
  const digits = /^[ \t\n\v\f\r]*(-?[0-9]+)[ \t\n\v\f\r]*$/.exec(text)?.[1];
  if (digits !== undefined && /^0[0-9]+$/.test(digits)) {
    const message = `toInt: Ambiguity in interpretation of ${quoteString(text)} between octal and zero padded integer.`;
    return thrownError(message, at);
  }
  return parseInt64(digits, `toInt: Could not convert ${quoteString(text)} to int.`, at);
}

function parseInt64(digits: string | undefined, message: string, at: Span | null): Value {
  if (digits === undefined) return thrownError(message, at);
  const value = BigInt(digits);
  return BigInt.asIntN(64, value) === value ? value : thrownError(message, at);
}

function fixedWidth(width: number, filler: string, text: string, at: Span | null): Value {
  const missing = width - Buffer.byteLength(text);
  const step = Buffer.byteLength(filler);
  if (missing < 0 || (missing > 0 && (step === 0 || missing % step !== 0))) {
    const what = `requested string length (${width}) must not be shorter than actual length (${Buffer.byteLength(text)})`;
    return thrownError(`fixedWidthString: ${what}`, at);
  }
  return missing === 0 ? text : filler.repeat(missing / step) + text;
}

function isStorePath(value: Value, at: Span | null): boolean | Unknown {
  const like = isStringLike(value);
  if (like !== true) return like;
  const text = shown.read(value, at);
  if (text instanceof Unknown) return text;
  if (typeof text === "string") return /^\/nix\/store\/+[^/]*$/.test(text) || /^\/[0-9a-z]{52}$/.test(text);
  const [first] = text.parts;
  if (!(first instanceof Unknown) || first.storePathOf === null) return text.hole;
  // Below a store path is no store path.
  return text.parts.length === 1;
}

const longestName = 207;

function sanitizeName(name: string): string {
  if (name.length <= longestName && /^[A-Za-z0-9+_?=-][A-Za-z0-9+._?=-]*$/.test(name)) return name;
  const cleaned = name
    .replace(/^\.+/, "")
    .replaceAll(/[^A-Za-z0-9+._?=-]+/g, "-")
    .slice(-longestName);
  return cleaned === "" ? "unknown" : cleaned;
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a[length] === b[length]) length++;
  return length;
}

function levenshtein(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const [left, above, diagonal] = [current[j - 1] ?? 0, previous[j] ?? 0, previous[j - 1] ?? 0];
      current.push(Math.min(left + 1, above + 1, diagonal + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
