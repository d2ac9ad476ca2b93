// The module argument `utils` of NixOS: names of units and words of their commands. Its other functions, which make
// units and scripts, are not known.

import { coerceToText } from "../eval/coerce.ts";
import { argument, define, expectList } from "../eval/native.ts";
import { force } from "../eval/thunk.ts";
import { evalError, isError, Unknown } from "../eval/unknown.ts";
import { Attr, Attrs, type Builtin, joinText, List, PartialString, typeName, type Value } from "../eval/value.ts";
import type { Span } from "../source/span.ts";

const functions: readonly Builtin[] = [
  define("escapeSystemdPath", 1, (args, at) => systemdPath(force(argument(args, 0)), at)),
  define("escapeSystemdExecArg", 1, (args, at) => execArg(force(argument(args, 0)), at)),
  define("escapeSystemdExecArgs", 1, (args, at) => {
    const words = expectList(argument(args, 0), at);
    if (words instanceof Unknown) return words;
    const texts = words.elements.map((word) => textOf(execArg(force(word), at), at));
    const spaced = texts.flatMap((text, index) => (index === 0 ? [text] : [" ", text]));
    return joinText(words.rest === null ? spaced : [...spaced, words.rest]);
  }),
];

export const systemFunctions = new Attrs(
  new Map(functions.map((builtin) => [builtin.name, new Attr(builtin)])),
  new Unknown("package", "the functions of `utils`"),
);

function textOf(value: Value, at: Span | null) {
  return coerceToText(value, at, { lenient: true, copyPaths: false });
}

/** The path as the name of a unit: what stands at its ends is trimmed, `/` is `-`, and most else is `\x2d` and its like. */
function systemdPath(given: Value, at: Span | null): Value {
  const text = textOf(given, at);
  if (isError(text)) return text;
  const parts = text instanceof PartialString ? text.parts : [text];
  if (parts.every((part) => part === "" || (typeof part === "string" && /^\/+$/.test(part)))) return "-";
  const last = parts.length - 1;
  return joinText(
    parts.map((part, index) => {
      if (typeof part !== "string") return part;
      const started = index === 0 ? part.replace(/^\/+/, "") : part;
      const trimmed = (index === last ? started.replace(/\/+$/, "") : started).replace(/\/+/g, "/");
      return index === 0 && trimmed.startsWith(".") ? hexOf(".") + escaped(trimmed.slice(1)) : escaped(trimmed);
    }),
  );
}

function escaped(text: string): string {
  const isPlain = /[A-Za-z0-9:_.\u0080-\u{10ffff}]/u;
  return [...text].map((one) => (one === "/" ? "-" : isPlain.test(one) ? one : hexOf(one))).join("");
}

function hexOf(character: string): string {
  return `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`;
}

/** One word of a command line of systemd, which replaces `%` and `$`. */
function execArg(given: Value, at: Span | null): Value {
  if (given instanceof Unknown) return given;
  if (given === null || typeof given === "boolean" || given instanceof List) {
    return evalError(`a ${typeName(given)} is no argument of a command`, at);
  }
  const text = textOf(given, at);
  if (isError(text)) return text;
  const parts = text instanceof PartialString ? text.parts : [text];
  return joinText(['"', ...parts.map((part) => (typeof part === "string" ? quoted(part) : part)), '"']);
}

function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1).replace(/[%$]/g, "$&$&");
}
