// String contexts. nixlint keeps none; a hole in a string that stands for a store path is what shows of one.

import { interpolate } from "../coerce.ts";
import { argument, define, expectAttrs, expectText } from "../native.ts";
import { force } from "../thunk.ts";
import { evalError, isError, Unknown } from "../unknown.ts";
import { Attrs, type Builtin, emptyAttrs, PartialString, type Value } from "../value.ts";

/** Whether the text refers to the store: for sure, not at all, or the hole that leaves it open. */
function hasContext(text: string | PartialString): boolean | Unknown {
  if (typeof text === "string") return false;
  return text.parts.some((part) => part instanceof Unknown && part.storePathOf !== null) || text.hole;
}

function defineIdentity(name: string): Builtin {
  return define(name, 1, (args, at) => {
    const text = interpolate(force(argument(args, 0)), at);
    return text instanceof Unknown && !isError(text) ? new PartialString([text]) : text;
  });
}

function getContext(text: string | PartialString): Value {
  return typeof text === "string" ? emptyAttrs : new Attrs(new Map(), text.hole);
}

export const contextBuiltins: readonly Builtin[] = [
  defineIdentity("unsafeDiscardStringContext"),
  defineIdentity("unsafeDiscardOutputDependency"),
  define("addDrvOutputDependencies", 1, (args, at) => {
    const text = interpolate(force(argument(args, 0)), at);
    if (typeof text === "string") return evalError("`addDrvOutputDependencies` needs a string with a context", at);
    return text;
  }),
  define("hasContext", 1, (args, at) => {
    const text = expectText(argument(args, 0), at);
    return text instanceof Unknown ? text : hasContext(text);
  }),
  define("getContext", 1, (args, at) => {
    const text = expectText(argument(args, 0), at);
    return text instanceof Unknown ? text : getContext(text);
  }),
  define("appendContext", 2, (args, at) => {
    const text = expectText(argument(args, 0), at);
    if (text instanceof Unknown) return text;
    const context = expectAttrs(argument(args, 1), at);
    return isError(context) ? context : text;
  }),
];
