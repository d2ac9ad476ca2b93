// Functions as values: which values can be called, and which arguments they name.

import { force } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, Builtin, Lambda, type Lazy, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { any, call, native } from "./signature.ts";

export function isFunction(value: Value, at: Span | null): boolean | Unknown {
  if (value instanceof Unknown) return value;
  if (value instanceof Lambda || value instanceof Builtin) return true;
  if (!(value instanceof Attrs)) return false;
  const functor = value.lookup("__functor");
  if (functor === undefined) return false;
  const inner = call(functor.value, [value], at);
  return inner instanceof Unknown ? inner : inner instanceof Lambda || inner instanceof Builtin;
}

/** `{ name = whether it has a default; }`, with the place of each formal. */
export function functionArgs(value: Value, at: Span | null): Value {
  if (value instanceof Attrs) {
    const functor = value.lookup("__functor");
    const declared = value.lookup("__functionArgs");
    if (functor !== undefined)
      return declared ? force(declared.value) : functionArgs(call(functor.value, [value], at), at);
  }
  if (value instanceof Unknown) return value;
  const entries = new Map<string, Attr>();
  if (value instanceof Lambda && value.expr.parameter.kind === "formals") {
    for (const formal of value.expr.parameter.formals) {
      entries.set(formal.name, new Attr(formal.fallback !== null, formal));
    }
  }
  return new Attrs(entries);
}

/** A function that says which arguments it takes. */
export function withFunctionArgs(fn: Lazy, args: Lazy): Attrs {
  return new Attrs(
    new Map([
      ["__functor", new Attr(native("__functor", [any], () => force(fn)))],
      ["__functionArgs", new Attr(args)],
    ]),
  );
}
