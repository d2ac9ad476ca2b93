// Builtins that steer evaluation: errors, forcing, tracing.

import type { Span } from "../../source/span.ts";
import { interpolate } from "../coerce.ts";
import { forceDeep } from "../force-deep.ts";
import { argument, define, expectText } from "../native.ts";
import { renderText } from "../show.ts";
import { force } from "../thunk.ts";
import { evalError, isError, thrownError, Unknown } from "../unknown.ts";
import { attrsOf, type Builtin, type Lazy, type Value } from "../value.ts";

/** The text of an error's message, unknown parts shown as holes. */
function messageOf(lazy: Lazy, at: Span | null): string | Unknown {
  const text = interpolate(force(lazy), at);
  return isError(text) ? text : renderText(text);
}

/** `tryEval` catches what `throw` and `assert` raise and nothing else. */
function tryEval(lazy: Lazy): Value {
  const value = force(lazy);
  if (!(value instanceof Unknown)) return attrsOf({ success: true, value });
  if (!isError(value)) return attrsOf({ success: value, value });
  return value.catchable ? attrsOf({ success: false, value: false }) : value;
}

/** A builtin that evaluates its first argument for its errors only and gives the second. */
function defineThen(name: string, first: (lazy: Lazy, at: Span | null) => Value | null): Builtin {
  return define(name, 2, (args, at) => {
    const problem = first(argument(args, 0), at);
    return isError(problem) ? problem : force(argument(args, 1));
  });
}

export const controlBuiltins: readonly Builtin[] = [
  define("throw", 1, (args, at) => {
    const message = messageOf(argument(args, 0), at);
    return message instanceof Unknown ? message : thrownError(message, at);
  }),
  define("abort", 1, (args, at) => {
    const message = messageOf(argument(args, 0), at);
    return message instanceof Unknown ? message : evalError(`evaluation aborted: ${message}`, at);
  }),
  define("tryEval", 1, (args) => tryEval(argument(args, 0))),
  define("break", 1, (args) => force(argument(args, 0))),
  define("addErrorContext", 2, (args) => force(argument(args, 1))),
  define("traceVerbose", 2, (args) => force(argument(args, 1))),
  defineThen("seq", (lazy) => force(lazy)),
  defineThen("deepSeq", (lazy) => forceDeep(lazy)),
  defineThen("trace", (lazy) => force(lazy)),
  defineThen("warn", (lazy, at) => expectText(lazy, at)),
];
