// How native functions are written: each takes lazy arguments, asks for what it needs with `expect…`, and hands an
// `Unknown` on as its own result.
//
//   define("length", 1, ([list], at) => {
//     const known = expectList(list, at);
//     …

import type { Span } from "../source/span.ts";
import { coerceToText, pathOfText } from "./coerce.ts";
import { withoutContext, withoutReferences } from "./context.ts";
import { force } from "./thunk.ts";
import { evalError, Unknown } from "./unknown.ts";
import {
  Attrs,
  Builtin,
  Lambda,
  type Lazy,
  List,
  type NativeFunction,
  NixPath,
  PartialString,
  typeName,
  type Value,
} from "./value.ts";

/** Native functions by their Nix name. */
export type NativeTable = ReadonlyMap<string, Builtin>;

export function define(name: string, arity: number, run: NativeFunction): Builtin {
  return new Builtin(name, arity, run);
}

/** The i-th argument; `Builtin` calls with exactly its arity. */
export function argument(args: readonly Lazy[], index: number): Lazy {
  return args[index] as Lazy;
}

function mismatch(expected: string, value: Value, at: Span | null): Unknown {
  return value instanceof Unknown ? value : evalError(`expected ${expected} but found ${typeName(value)}`, at);
}

export function expectAttrs(lazy: Lazy, at: Span | null): Attrs | Unknown {
  const value = force(lazy);
  return value instanceof Attrs ? value : mismatch("a set", value, at);
}

export function expectList(lazy: Lazy, at: Span | null): List | Unknown {
  const value = force(lazy);
  return value instanceof List ? value : mismatch("a list", value, at);
}

export function expectBool(lazy: Lazy, at: Span | null): boolean | Unknown {
  const value = force(lazy);
  return typeof value === "boolean" ? value : mismatch("a Boolean", value, at);
}

export function expectInt(lazy: Lazy, at: Span | null): bigint | Unknown {
  const value = force(lazy);
  return typeof value === "bigint" ? value : mismatch("an integer", value, at);
}

/** A string that may have holes. */
export function expectText(lazy: Lazy, at: Span | null): string | PartialString | Unknown {
  const value = force(lazy);
  return typeof value === "string" || value instanceof PartialString ? value : mismatch("a string", value, at);
}

/** A string of which only the text counts, and not what it refers to. */
export function expectPlainText(lazy: Lazy, at: Span | null): string | PartialString | Unknown {
  const text = expectText(lazy, at);
  return text instanceof Unknown ? text : withoutContext(text);
}

/** A string known to the last character, which must not refer to the store. */
export function expectString(lazy: Lazy, at: Span | null): string | Unknown {
  const text = expectText(lazy, at);
  return text instanceof PartialString ? withoutReferences(text, at) : text;
}

export function expectFunction(lazy: Lazy, at: Span | null): Lambda | Builtin | Attrs | Unknown {
  const value = force(lazy);
  if (value instanceof Lambda || value instanceof Builtin) return value;
  if (value instanceof Attrs && (value.lookup("__functor") || value.rest)) return value;
  return mismatch("a function", value, at);
}

/** A path in the file system being read, from a path value, absolute text, or `"${self}/…"`. */
export function expectPath(lazy: Lazy, at: Span | null): string | Unknown {
  const value = force(lazy);
  if (value instanceof NixPath) return value.path;
  if (value instanceof Attrs) {
    const outPath = value.lookup("__toString") ? undefined : value.lookup("outPath");
    if (outPath) return expectPath(outPath.value, at);
  }
  const text = coerceToText(value, at, { lenient: false, copyPaths: false });
  if (text instanceof Unknown) return text;
  const path = pathOfText(text);
  if (path === undefined) return (text as PartialString).hole;
  return path.startsWith("/") ? path : evalError(`string \`${path}\` does not represent an absolute path`, at);
}
