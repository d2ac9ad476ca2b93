// TOML text to values. Dates are an error, as they are in Nix without its experimental feature.

import { parse, TomlDate, TomlError } from "smol-toml";
import type { Span } from "../../source/span.ts";
import { evalError } from "../unknown.ts";
import { Attr, Attrs, List, type Value } from "../value.ts";

export function parseToml(text: string, at: Span | null): Value {
  try {
    return tomlValue(parse(text, { integersAsBigInt: true, maxDepth: 1000 }));
  } catch (error) {
    if (error instanceof TomlError || error instanceof Unrepresentable) {
      return evalError(`invalid TOML: ${error.message.split("\n")[0]}`, at);
    }
    throw error;
  }
}

/** What TOML allows and Nix does not. */
class Unrepresentable extends Error {}

function text(value: string): string {
  if (value.includes("\0")) throw new Unrepresentable("a string has a NUL character");
  return value;
}

function integer(value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new Unrepresentable(`${value} is not a 64-bit integer`);
  return value;
}

function tomlValue(value: unknown): Value {
  if (value instanceof TomlDate) throw new Unrepresentable("dates and times are not supported");
  if (Array.isArray(value)) return new List(value.map(tomlValue));
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([name, member]) => [text(name), new Attr(tomlValue(member))] as const);
    return new Attrs(new Map(entries));
  }
  if (typeof value === "string") return text(value);
  if (typeof value === "bigint") return integer(value);
  if (typeof value === "number" || typeof value === "boolean") return value;
  throw new Error(`unexpected TOML value ${String(value)}`);
}
