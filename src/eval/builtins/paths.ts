// Builtins on the text of paths; none of them looks at files.

import type { Span } from "../../source/span.ts";
import { coerceToText, pathOfText, type Text } from "../coerce.ts";
import { mapKnown } from "../context.ts";
import { argument, define, expectPath } from "../native.ts";
import { normalizePath } from "../paths.ts";
import { force } from "../thunk.ts";
import { isError, Unknown } from "../unknown.ts";
import { type Builtin, joinText, type Lazy, NixPath, PartialString, type Value } from "../value.ts";

/** The text of a path or string; a path is not copied to the store. */
function pathText(lazy: Lazy, at: Span | null): Text {
  return coerceToText(force(lazy), at, { lenient: false, copyPaths: false });
}

/** One trailing slash does not count. */
export function baseName(path: string): string {
  const end = path.length > 1 && path.endsWith("/") ? path.length - 1 : path.length;
  return path.slice(path.lastIndexOf("/", end - 1) + 1, end);
}

function baseNameOf(text: Text): Value {
  if (text instanceof Unknown) return isError(text) ? text : new PartialString([text]);
  const known = mapKnown(text, baseName);
  if (known !== undefined) return known;
  return basePart(text as PartialString);
}

function basePart(text: PartialString): Value {
  const path = pathOfText(text);
  const last = text.parts.at(-1);
  if (path !== undefined && typeof last === "string" && last !== "/") return baseName(path);
  // What follows the last slash is the whole base name, holes included.
  for (let i = text.parts.length - 1; i >= 0; i--) {
    const part = text.parts[i];
    const slash = typeof part === "string" ? part.replace(/\/$/, "").lastIndexOf("/") : -1;
    if (typeof part !== "string" || slash < 0 || (i < text.parts.length - 1 && part.endsWith("/"))) continue;
    const name = joinText([part.slice(slash + 1), ...text.parts.slice(i + 1)]);
    return typeof name === "string" ? baseName(name) : name;
  }
  return new PartialString([text.hole]);
}

export function dirName(path: string): string {
  const slash = path.lastIndexOf("/");
  if (slash < 0) return ".";
  return slash === 0 ? "/" : path.slice(0, slash);
}

function dirOf(value: Value, at: Span | null): Value {
  if (value instanceof NixPath) return new NixPath(normalizePath(`${value.path}/..`), value.store);
  const text = pathText(value, at);
  if (text instanceof Unknown) return isError(text) ? text : new PartialString([text]);
  return mapKnown(text, dirName) ?? dirPart(text as PartialString);
}

function dirPart(text: PartialString): Value {
  const last = text.parts.at(-1);
  const slash = typeof last === "string" ? last.lastIndexOf("/") : -1;
  if (typeof last !== "string" || slash < 0) return new PartialString([text.hole]);
  return joinText([...text.parts.slice(0, -1), last.slice(0, slash)]);
}

export const pathBuiltins: readonly Builtin[] = [
  define("baseNameOf", 1, (args, at) => baseNameOf(pathText(argument(args, 0), at))),
  define("dirOf", 1, (args, at) => dirOf(force(argument(args, 0)), at)),
  define("toPath", 1, (args, at) => {
    const path = expectPath(argument(args, 0), at);
    return path instanceof Unknown ? path : normalizePath(path);
  }),
];
