// Values as JSON text, as `builtins.toJSON` and `nix-instantiate --json` write it. What is not known is a hole.

import type { Span } from "../source/span.ts";
import { apply } from "./apply.ts";
import { nested, payForElements } from "./budget.ts";
import { coerceToText, interpolate } from "./coerce.ts";
import { mapHole } from "./context.ts";
import { compareText } from "./equality.ts";
import { force } from "./thunk.ts";
import { evalError, isError, Unknown } from "./unknown.ts";
import {
  type Attrs,
  joinText,
  type Lazy,
  type List,
  type NixPath,
  type PartialString,
  typeName,
  type Value,
} from "./value.ts";

type Piece = string | Unknown;

/** How unknown values and the rest of open collections are written: bare holes, or holes that keep the JSON valid. */
export interface JsonHoles {
  value(unknown: Unknown): readonly Piece[];
  rest(unknown: Unknown, inSet: boolean): readonly Piece[];
}

const bareHoles: JsonHoles = {
  value: (unknown) => [unknown],
  rest: (unknown) => [unknown],
};

/** The JSON text, or the error that Nix fails with. */
export function toJson(value: Lazy, at: Span | null, holes: JsonHoles = bareHoles): string | PartialString | Unknown {
  const pieces: Piece[] = [];
  const problem = write(force(value), { pieces, at, holes, copyPaths: true });
  return problem ?? joinText(pieces);
}

interface Writer {
  readonly pieces: Piece[];
  readonly at: Span | null;
  readonly holes: JsonHoles;
  readonly copyPaths: boolean;
}

function write(value: Value, writer: Writer): Unknown | null {
  if (value instanceof Unknown) {
    if (isError(value)) return value;
    writer.pieces.push(...writer.holes.value(value));
    return null;
  }
  if (value === null || typeof value !== "object") {
    writer.pieces.push(typeof value === "number" ? formatJsonFloat(value) : scalarText(value));
    return null;
  }
  switch (value.kind) {
    case "partial-string":
      writeText(value, writer);
      return null;
    case "path":
      return writePath(value, writer);
    case "list":
      return nested(() => writeList(value, writer));
    case "attrs":
      return nested(() => writeAttrs(value, writer));
    case "lambda":
    case "builtin":
      return evalError(`cannot convert a ${typeName(value)} to JSON`, writer.at);
  }
}

function scalarText(value: null | boolean | bigint | string): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function writeText(text: PartialString, { pieces }: Writer): void {
  pieces.push('"');
  for (const part of text.parts) pieces.push(typeof part === "string" ? escapeText(part) : mapHole(part, escapeText));
  pieces.push('"');
}

function escapeText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function writePath(path: NixPath, writer: Writer): Unknown | null {
  return write(writer.copyPaths ? interpolate(path, writer.at) : path.path, writer);
}

function writeList(list: List, writer: Writer): Unknown | null {
  const { pieces, holes } = writer;
  const gap = () => pieces.push(...(list.rest ? holes.rest(list.rest, false) : []));
  payForElements(64, pieces.length);
  pieces.push("[");
  for (const [index, element] of list.elements.entries()) {
    if (index === 0 && holes === bareHoles) gap();
    if (index > 0) pieces.push(",");
    const problem = write(force(element), writer);
    if (problem) return problem;
    if (holes === bareHoles) gap();
  }
  if (list.elements.length === 0 || holes !== bareHoles) {
    if (list.rest && list.elements.length > 0) pieces.push(",");
    gap();
  }
  pieces.push("]");
  return null;
}

/** A set that coerces to a string is written as that string, or as what its `outPath` is. */
function writeAttrs(attrs: Attrs, writer: Writer): Unknown | null {
  const convert = attrs.lookup("__toString");
  if (convert) return writeConverted(apply(force(convert.value), attrs, writer.at), writer);
  const outPath = attrs.lookup("outPath");
  if (outPath) return write(force(outPath.value), writer);
  return writeEntries(attrs, writer);
}

/** What `__toString` gave must be text, or itself a set that coerces to text. */
function writeConverted(value: Value, writer: Writer): Unknown | null {
  const text = coerceToText(value, writer.at, { lenient: false, copyPaths: false });
  return isError(text) ? text : write(text, writer);
}

function writeEntries(attrs: Attrs, writer: Writer): Unknown | null {
  const { pieces, holes } = writer;
  const names = [...attrs.entries].filter(([, attr]) => attr.maybe === null).map(([name]) => name);
  const rest = attrs.rest ?? [...attrs.entries.values()].find((attr) => attr.maybe)?.maybe ?? null;
  const bare = holes === bareHoles;
  payForElements(64, pieces.length);
  pieces.push("{");
  if (rest && bare) pieces.push(rest);
  for (const [index, name] of names.sort(compareText).entries()) {
    pieces.push(`${index > 0 ? "," : ""}${JSON.stringify(name)}:`);
    const problem = write(force(attrs.entries.get(name)?.value ?? null), writer);
    if (problem) return problem;
    if (rest && bare) pieces.push(rest);
  }
  if (rest && !bare) pieces.push(names.length > 0 ? "," : "", ...holes.rest(rest, true));
  pieces.push("}");
  return null;
}

/** The shortest digits, with the exponent where Nix's JSON library has it. */
export function formatJsonFloat(value: number): string {
  if (!Number.isFinite(value)) return "null";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [mantissa = "", power = "0"] = Math.abs(value).toExponential().split("e");
  const sign = value < 0 ? "-" : "";
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 15) {
    const padded = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${padded}`;
  }
  const digits = mantissa.replace(".", "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}
