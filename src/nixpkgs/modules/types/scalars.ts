// Types whose values are one thing: booleans, numbers, strings, paths, packages.

import { hasAttrPath } from "../../../eval/select.ts";
import { force } from "../../../eval/thunk.ts";
import { Unknown } from "../../../eval/unknown.ts";
import { Attrs, emptyAttrs, joinText, NixPath, PartialString, type Value } from "../../../eval/value.ts";
import { isDerivation } from "../../lib/outputs.ts";
import { functorName, type OptionType, phrase } from "../option-type.ts";
import { isFunction, mergeDefaultOption, mergeEqualOption, mergeOneOption } from "./merging.ts";

type Check = (value: Value) => boolean | Unknown;

/** A type that merges only with itself. */
export function simpleType(
  name: string,
  description: string | (() => string),
  check: Check,
  merge: OptionType["merge"] = mergeEqualOption,
): OptionType {
  return {
    name,
    describe: typeof description === "string" ? () => description : description,
    descriptionClass: "noun",
    check: (value) => (value instanceof Unknown ? value : check(value)),
    merge,
    mergeWith(other) {
      return functorName(other) === name ? this : null;
    },
  };
}

/** A stricter form of a type; declared beside it, the two are the type. */
export function restricted(type: OptionType, own: Partial<OptionType>, check: Check): OptionType {
  return {
    ...type,
    functorName: functorName(type),
    mergeWith: (other) => type.mergeWith(other),
    ...own,
    check: (value) => {
      const passes = type.check(value);
      return passes === true ? check(value) : passes;
    },
  };
}

export const isText = (value: Value): boolean => typeof value === "string" || value instanceof PartialString;
const isInt = (value: Value): boolean => typeof value === "bigint";

export const bool = simpleType("bool", "boolean", (value) => typeof value === "boolean");

export const boolByOr: OptionType = simpleType(
  "boolByOr",
  "boolean (merged using or)",
  (value) => typeof value === "boolean",
  (_path, definitions) => {
    const values = definitions.map((definition) => force(definition.value));
    return values.includes(true) || (values.find((value) => value instanceof Unknown) ?? false);
  },
);

export const int = simpleType("int", "signed integer", isInt);
export const float = simpleType("float", "floating point number", (value) => typeof value === "number");

/** Numbers between two bounds, both included. */
export function between(type: OptionType, name: string, what: string, bounds: readonly [Value, Value]): OptionType {
  const [low, high] = bounds.map(Number) as [number, number];
  const description = `${what} ${low} and ${high} (both inclusive)`;
  const isBetween = (value: Value) => Number(value) >= low && Number(value) <= high;
  return restricted(type, { name, describe: () => description }, isBetween);
}

export const unsigned = restricted(
  int,
  { name: "unsignedInt", describe: () => "unsigned integer, meaning >=0", descriptionClass: "nonRestrictiveClause" },
  (value) => Number(value) >= 0,
);
export const positive = restricted(
  int,
  { name: "positiveInt", describe: () => "positive integer, meaning >0", descriptionClass: "nonRestrictiveClause" },
  (value) => Number(value) > 0,
);

export function sized(name: string, bits: number, signed: boolean): OptionType {
  const low = signed ? -(2 ** (bits - 1)) : 0;
  const high = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const what = `${bits} bit ${signed ? "signed" : "unsigned"} integer; between`;
  return between(int, name, what, [low, high]);
}

export const str = simpleType("str", "string", isText);

const singleLine = (value: Value): boolean | Unknown =>
  typeof value === "string" ? !/[\n\r]./s.test(value) && !value.endsWith("\r") : isText(value);

export const singleLineStr = simpleType(
  "singleLineStr",
  "(optionally newline-terminated) single-line string",
  singleLine,
  (path, definitions) => {
    const line = mergeEqualOption(path, definitions);
    if (typeof line === "string") return line.replace(/\n$/, "");
    if (!(line instanceof PartialString)) return line;
    const { parts, suffix } = line;
    return joinText(suffix === "" ? parts : [...parts.slice(0, -1), suffix.replace(/\n$/, "")]);
  },
);

export const nonEmptyStr = simpleType("nonEmptyStr", "non-empty string", (value) =>
  typeof value === "string" ? !/^[ \t\n]*$/.test(value) : isText(value),
);

interface SeparatedString extends OptionType {
  readonly separator: string;
}

/** Strings joined by a separator. */
export function separatedString(separator: string): SeparatedString {
  const type: SeparatedString = {
    name: "separatedString",
    describe: () => `strings concatenated with ${JSON.stringify(separator)}`,
    descriptionClass: "noun",
    check: (value) => (value instanceof Unknown ? value : isText(value)),
    merge: (_path, definitions) =>
      joinSeparated(
        definitions.map((definition) => force(definition.value)),
        separator,
      ),
    mergeWith: (other) => ("separator" in other && other.separator === separator ? type : null),
    additive: true,
    separator,
  };
  return type;
}

function joinSeparated(values: readonly Value[], separator: string): Value {
  const pieces: (string | PartialString | Unknown)[] = [];
  for (const value of values) {
    if (value instanceof Unknown && (value.reason === "error" || values.length === 1)) return value;
    if (!(typeof value === "string" || value instanceof PartialString || value instanceof Unknown)) continue;
    if (pieces.length > 0) pieces.push(separator);
    pieces.push(value);
  }
  return joinText(pieces);
}

/** A string without what would end a field of `/etc/passwd`. */
export function passwdEntry(entry: OptionType): OptionType {
  const own = {
    name: `passwdEntry ${entry.name}`,
    describe: () => `${phrase(entry, "noun")}, not containing newlines or colons`,
    descriptionClass: "nonRestrictiveClause",
  } as const;
  return restricted(entry, own, (value) => (typeof value === "string" ? !/[:\n]/.test(value) : isText(value)));
}

function isPackage(value: Value): boolean | Unknown {
  const known = isDerivation(value);
  return known === false ? hasAttrPath(value, ["outPath"]) : known;
}

export const packageType: OptionType = simpleType(
  "package",
  "package",
  (value) => isText(value) || value instanceof NixPath || isPackage(value),
  mergeOneOption,
);

export const raw = simpleType("raw", "raw value", () => true, mergeOneOption);

export const unspecified: OptionType = simpleType("unspecified", "unspecified value", () => true, mergeDefaultOption);

const { descriptionClass: _, ...plainAttrs } = simpleType("attrs", "attribute set", (value) => value instanceof Attrs);

export const attrs: OptionType = {
  ...plainAttrs,
  emptyValue: () => emptyAttrs,
  additive: true,
  merge: (path, definitions) => {
    const values = definitions.map((definition) => force(definition.value));
    const failed = values.find((value) => value instanceof Unknown && value.reason === "error");
    if (failed) return failed;
    const rest = values.find((value) => value instanceof Unknown);
    const known = definitions.filter((_, index) => !(values[index] instanceof Unknown));
    const merged = mergeDefaultOption(path, known);
    if (!(rest instanceof Unknown)) return merged;
    return merged instanceof Attrs ? new Attrs(merged.entries, merged.rest ?? rest) : rest;
  },
};

export const functionLike = simpleType("function", "function", isFunction, mergeOneOption);
