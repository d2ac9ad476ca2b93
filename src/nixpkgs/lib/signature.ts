// How the functions of `lib` are written: a name, the kinds of the arguments, and what to do once they are read.
//
//   native("take", [int, list], ([count, xs]) => …)
//
// An argument that is not of its kind, or unknown, is the result; `any` is handed over unforced.

import { applyAll } from "../../eval/apply.ts";
import { coerceToText, interpolate } from "../../eval/coerce.ts";
import {
  argument,
  define,
  expectAttrs,
  expectBool,
  expectInt,
  expectList,
  expectPath,
  expectString,
  expectText,
} from "../../eval/native.ts";
import { force } from "../../eval/thunk.ts";
import { Unknown, unsupported } from "../../eval/unknown.ts";
import {
  type Attrs,
  type Builtin,
  type Lazy,
  type List,
  NixPath,
  type PartialString,
  type Value,
} from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";

/** Entries of `lib` or one of its sub-sets, by name. */
export type Functions = Readonly<Record<string, Lazy>>;

/** What an argument has to be, and how it is read. */
export interface Kind<T> {
  read(lazy: Lazy, at: Span | null): T | Unknown;
}

/** Anything, not forced. */
export const any: Kind<Lazy> = { read: (lazy) => lazy };
/** Anything that is known. */
export const known: Kind<Exclude<Value, Unknown>> = { read: (lazy) => force(lazy) };
export const set: Kind<Attrs> = { read: expectAttrs };
/** A list, possibly open. */
export const list: Kind<List> = { read: expectList };
/** The elements of a list of which all are known. */
export const elements: Kind<readonly Lazy[]> = { read: readElements };
/** A list of strings known to the last character. */
export const names: Kind<readonly string[]> = { read: readNames };
/** A string, possibly with holes. */
export const text: Kind<string | PartialString> = { read: expectText };
export const string: Kind<string> = { read: expectString };
export const bool: Kind<boolean> = { read: expectBool };
export const int: Kind<bigint> = { read: expectInt };
/** A path in the file system being read, from a path or from text that says where it is. */
export const place: Kind<string> = { read: expectPath };
/** As `place`, but a path value only. */
export const path: Kind<NixPath> = { read: readPath };

/** Text as interpolation makes it of strings, derivations and paths. */
export const coerced: Kind<string | PartialString> = { read: (lazy, at) => interpolate(force(lazy), at) };
/** Text as `toString` makes it of anything it can. */
export const shown: Kind<string | PartialString> = {
  read: (lazy, at) => coerceToText(force(lazy), at, { lenient: true, copyPaths: false }),
};

type Arguments<K extends readonly Kind<unknown>[]> = {
  readonly [I in keyof K]: K[I] extends Kind<infer T> ? T : never;
};

export function native<const K extends readonly Kind<unknown>[]>(
  name: string,
  kinds: K,
  run: (args: Arguments<K>, at: Span | null) => Value,
): Builtin {
  return define(name, kinds.length, (args, at) => {
    const values: unknown[] = [];
    for (const [index, kind] of kinds.entries()) {
      const value = kind.read(argument(args, index), at);
      if (value instanceof Unknown && kind !== any) return value;
      values.push(value);
    }
    // One value of the right kind was pushed for each of the kinds.
    return run(values as unknown as Arguments<K>, at);
  });
}

export function tableOf(functions: readonly Builtin[]): Functions {
  return Object.fromEntries(functions.map((fn) => [fn.name, fn]));
}

/** Entries that `lib` takes over from `builtins` under the same name. */
export function inherit(builtins: Attrs, from: readonly string[]): Functions {
  return Object.fromEntries(from.map((name) => [name, builtins.lookup(name)?.value ?? unsupported(`lib.${name}`)]));
}

/** Entries that exist and are not implemented; `where` is the sub-set, as in "lib.modules". */
export function notImplemented(where: string, missing: readonly string[]): Functions {
  return Object.fromEntries(missing.map((name) => [name, unsupported(`${where}.${name}`)]));
}

/** Calls a builtin by its name. */
export type CallBuiltin = (name: string, args: readonly Lazy[], at: Span | null) => Value;

export function callerOf(builtins: Attrs): CallBuiltin {
  return (name, args, at) => {
    const builtin = builtins.lookup(name);
    return builtin === undefined ? unsupported(`builtins.${name}`, at) : call(builtin.value, args, at);
  };
}

/** `fn a b c`. */
export function call(fn: Lazy, args: readonly Lazy[], at: Span | null): Value {
  return applyAll(force(fn), args, at);
}

/** The answer of a predicate. */
export function ask(predicate: Lazy, args: readonly Lazy[], at: Span | null): boolean | Unknown {
  return expectBool(call(predicate, args, at), at);
}

function readElements(lazy: Lazy, at: Span | null): readonly Lazy[] | Unknown {
  const value = expectList(lazy, at);
  return value instanceof Unknown ? value : (value.rest ?? value.elements);
}

function readNames(lazy: Lazy, at: Span | null): readonly string[] | Unknown {
  const all = readElements(lazy, at);
  if (all instanceof Unknown) return all;
  const read: string[] = [];
  for (const element of all) {
    const name = expectString(element, at);
    if (name instanceof Unknown) return name;
    read.push(name);
  }
  return read;
}

function readPath(lazy: Lazy, at: Span | null): NixPath | Unknown {
  const value = force(lazy);
  if (value instanceof NixPath) return value;
  const path = expectPath(value, at);
  return path instanceof Unknown ? path : new NixPath(path);
}
