// Types whose values are one thing: booleans, numbers, strings, paths, packages.

import { hasAttrPath } from "../../../eval/select.ts";
import { force } from "../../../eval/thunk.ts";
import { Unknown } from "../../../eval/unknown.ts";
import { Attrs, joinText, NixPath, PartialString, type Value } from "../../../eval/value.ts";
import type { OptionType } from "../option-type.ts";
import { isFunction, mergeDefaultOption, mergeEqualOption, mergeOneOption } from "./merging.ts";

type Check = (value: Value) => boolean | Unknown;

/** A type that merges only with itself. */
export function simpleType(
  name: string,
  description: string,
  check: Check,
  merge: OptionType["merge"] = mergeEqualOption,
): OptionType {
  const type: OptionType = {
    name,
    description,
    check: (value) => (value instanceof Unknown ? value : check(value)),
    merge,
    mergeWith: (other) => (other.name === name ? type : null),
  };
  return type;
}

const isText = (value: Value): boolean => typeof value === "string" || value instanceof PartialString;
const isInt = (value: Value): boolean => typeof value === "bigint";
const isNumber = (value: Value): boolean => typeof value === "bigint" || typeof value === "number";

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
export const number = simpleType("number", "signed integer or floating point number", isNumber);

/** Integers (or numbers) between two bounds, both included. */
export function between(
  name: string,
  lowest: Value,
  highest: Value,
  what: "integer" | "number" = "integer",
): OptionType {
  const low = Number(lowest);
  const high = Number(highest);
  const description = `${what} between ${low} and ${high} (both inclusive)`;
  const fits = what === "integer" ? isInt : isNumber;
  return simpleType(name, description, (value) => fits(value) && Number(value) >= low && Number(value) <= high);
}

export const unsigned = simpleType(
  "unsignedInt",
  "unsigned integer, meaning >=0",
  (value) => isInt(value) && Number(value) >= 0,
);
export const positive = simpleType(
  "positiveInt",
  "positive integer, meaning >0",
  (value) => isInt(value) && Number(value) > 0,
);

export function sized(name: string, bits: number, signed: boolean): OptionType {
  const low = signed ? -(2 ** (bits - 1)) : 0;
  const high = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  return between(name, low, high);
}

export const str = simpleType("str", "string", isText);

const singleLine = (value: Value): boolean | Unknown =>
  typeof value === "string" ? !/[\n\r]./s.test(value) : isText(value);

export const singleLineStr = simpleType(
  "singleLineStr",
  "(optionally newline-terminated) single-line string",
  singleLine,
);

export const nonEmptyStr = simpleType("nonEmptyStr", "non-empty string", (value) =>
  typeof value === "string" ? !/^\s*$/.test(value) : isText(value),
);

/** Strings joined by a separator. */
export function separatedString(separator: string): OptionType {
  const name = separator === "\n" ? "lines" : separator === "," ? "commas" : "separatedString";
  const type: OptionType = {
    name: "separatedString",
    description:
      name === "lines" ? 'strings concatenated with "\\n"' : `strings concatenated with ${JSON.stringify(separator)}`,
    check: (value) => (value instanceof Unknown ? value : isText(value)),
    merge: (_path, definitions) =>
      joinSeparated(
        definitions.map((definition) => force(definition.value)),
        separator,
      ),
    mergeWith: (other) => (other.name === "separatedString" && other.description === type.description ? type : null),
    additive: true,
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

/** A path, or text that begins with a slash; what begins with a store path does. */
export function isAbsolutePath(value: Value): boolean | Unknown {
  if (value instanceof NixPath) return true;
  if (typeof value === "string") return value.startsWith("/");
  if (!(value instanceof PartialString)) return false;
  const [first] = value.parts;
  if (!(first instanceof Unknown)) return value.prefix.startsWith("/");
  return first.storePathOf === null ? first : true;
}

export const path = simpleType("path", "absolute path", (value) =>
  value instanceof Attrs ? hasAttrPath(value, ["outPath"]) : isAbsolutePath(value),
);

/** As `types.pathWith`: absolute, in the store, or neither. */
export function pathWith(inStore: boolean | null, absolute: boolean | null): OptionType {
  return simpleType("path", "path", (value) => {
    if (value instanceof NixPath) return inStore !== true;
    if (typeof value !== "string") return path.check(value);
    const stored = value.startsWith("/nix/store/");
    return (inStore === null || stored === inStore) && (absolute === null || value.startsWith("/") === absolute);
  });
}

export const packageType: OptionType = simpleType(
  "package",
  "package",
  (value) => isText(value) || value instanceof NixPath || (value instanceof Attrs && hasAttrPath(value, ["outPath"])),
  mergeOneOption,
);

export const raw = simpleType("raw", "raw value", () => true, mergeOneOption);

export const unspecified: OptionType = simpleType("unspecified", "unspecified value", () => true, mergeDefaultOption);

export const attrs: OptionType = {
  ...simpleType("attrs", "attribute set", (value) => value instanceof Attrs),
  emptyValue: new Attrs(new Map()),
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

export const optionTypeType = simpleType(
  "optionType",
  "optionType",
  (value) => value instanceof Attrs && hasAttrPath(value, ["_type"]),
  mergeOneOption,
);

export const functionLike = simpleType("function", "function", isFunction, mergeOneOption);
