// lib.strings: quoting text for shells, Nix, regular expressions, URLs and XML.

import { expectText } from "../../eval/native.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import { Attrs, joinText, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { listOfEntries } from "./attr-entries.ts";
import { mapList } from "./list-contents.ts";
import { quoteIdentifier } from "./quoting.ts";
import {
  any,
  type CallBuiltin,
  type Functions,
  known,
  list,
  names,
  native,
  set,
  shown,
  string,
  tableOf,
  text,
} from "./signature.ts";
import { cut, mapCharacters, type Text } from "./text-edges.ts";
import { isStringLike } from "./text-values.ts";

export function escapes(callBuiltin: CallBuiltin): Functions {
  return { ...escaping, ...shell(callBuiltin), ...nix(callBuiltin) };
}

const xmlEntities: Readonly<Record<string, string>> = {
  '"': "&quot;",
  "'": "&apos;",
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
};

const escaping = tableOf([
  native("escape", [names, text], ([special, given]) => escapeEach(given, special, (one) => `\\${one}`)),
  native("escapeC", [names, text], ([special, given]) =>
    escapeEach(given, special, (one) => `\\x${hex(one).toLowerCase()}`),
  ),
  native("escapeRegex", [text], ([given]) => mapCharacters(given, escapeRegex)),
  native("escapeURL", [text], ([given]) => mapCharacters(given, escapeUrl)),
  native("escapeXML", [text], ([given]) =>
    escapeEach(given, Object.keys(xmlEntities), (one) => xmlEntities[one] ?? one),
  ),
  native("isValidPosixName", [string], ([name]) => isPosixName(name)),
]);

function shell(callBuiltin: CallBuiltin): Functions {
  const joinArgs = (xs: List, at: Span | null) => {
    const quoted = mapList(xs, (x) => lazily(() => quoteForShell(x, at)));
    return callBuiltin("concatStringsSep", [" ", quoted], at);
  };
  const variable = (name: string, lazy: Lazy, at: Span | null): Value => {
    if (!isPosixName(name)) return thrownError(`toShellVar: ${name} is not a valid shell variable name`, at);
    const value = force(lazy);
    if (value instanceof List) return surround(`declare -a ${name}=(`, joinArgs(value, at), ")");
    if (!(value instanceof Attrs) || isStringLike(value) !== false)
      return surround(`${name}=`, quoteForShell(value, at), "");
    const pairs = listOfEntries(value, (key, attr) =>
      lazily(() => surround(`[${quoteText(key)}]=`, quoteForShell(attr.value, at), "")),
    );
    return surround(`declare -A ${name}=(`, callBuiltin("concatStringsSep", [" ", pairs], at), ")");
  };
  return tableOf([
    native("escapeShellArg", [any], ([x], at) => quoteForShell(x, at)),
    native("escapeShellArgs", [list], ([xs], at) => joinArgs(xs, at)),
    native("toShellVar", [string, any], ([name, value], at) => variable(name, value, at)),
    native("toShellVars", [set], ([attrs], at) => {
      const lines = listOfEntries(attrs, (name, attr) => lazily(() => variable(name, attr.value, at)));
      return callBuiltin("concatStringsSep", ["\n", lines], at);
    }),
  ]);
}

function nix(callBuiltin: CallBuiltin): Functions {
  return tableOf([
    native("escapeNixString", [known], ([value], at) => {
      const json = expectText(callBuiltin("toJSON", [value], at), at);
      return json instanceof Unknown ? json : mapCharacters(json, (part) => part.replaceAll("$", "\\$"));
    }),
    native("escapeNixIdentifier", [text], ([name]) =>
      typeof name === "string" ? quoteIdentifier(name) : joinText([cut(name.hole)]),
    ),
  ]);
}

/** Replaces each of `special`, the first that fits where several do. */
function escapeEach(given: Text, special: readonly string[], replace: (one: string) => string): Text {
  if (special.length === 0) return given;
  if (typeof given !== "string" && special.some((one) => one.length !== 1)) return joinText([cut(given.hole)]);
  const pattern = new RegExp(special.map(escapeForPattern).join("|"), "g");
  return mapCharacters(given, (part) => part.replaceAll(pattern, replace));
}

function escapeForPattern(literal: string): string {
  return literal.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

function escapeRegex(given: string): string {
  return given.replaceAll(/[\\[{()^$?*+|.]/g, "\\$&");
}

/** Percent-encodes ASCII; nixpkgs leaves other characters as they are. */
function escapeUrl(given: string): string {
  return given.replaceAll(/[^A-Za-z0-9\-_.~]/g, (one) => (one < "\x80" ? `%${hex(one).toUpperCase()}` : one));
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(2, "0");
}

function isPosixName(name: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
}

const safeInShell = /^[A-Za-z0-9,._+:@%/-]+$/;

function quoteText(given: string): string {
  return safeInShell.test(given) ? given : `'${given.replaceAll("'", "'\\''")}'`;
}

/** One word for a shell. Store paths need no quotes; text with other holes may or may not get them. */
export function quoteForShell(lazy: Lazy, at: Span | null): Value {
  const given = shown.read(lazy, at);
  if (given instanceof Unknown || typeof given === "string") return given instanceof Unknown ? given : quoteText(given);
  const escaped = given.parts.map((part) => {
    if (typeof part === "string") return part.replaceAll("'", "'\\''");
    return part.storePathOf === null ? cut(part) : part;
  });
  const unsafe = given.parts.some((part) => typeof part === "string" && !safeInShell.test(part));
  if (unsafe) return joinText(["'", ...escaped, "'"]);
  const doubt = given.parts.find((part) => typeof part !== "string" && part.storePathOf === null);
  return doubt === undefined ? given : joinText([doubt, ...escaped, doubt]);
}

function surround(before: string, middle: Value, after: string): Value {
  const text = expectText(middle, null);
  return text instanceof Unknown && text.reason === "error" ? text : joinText([before, text, after]);
}
