// lib.fixedPoints: sets and functions defined in terms of their own result.

import { equalLazies } from "../../eval/equality.ts";
import { operate } from "../../eval/operators.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, type Lazy, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { isFunction } from "./function-values.ts";
import { any, call, elements, native, string, tableOf } from "./signature.ts";

export const fixedPoints = tableOf([
  native("fix", [any], ([fn], at) => fix(fn, at)),
  native("fix'", [any], ([fn], at) => {
    const result: Lazy = lazily(() => operate("//", call(fn, [result], at), single("__unfix__", fn), at));
    return force(result);
  }),
  native("converge", [any, any], ([fn, start], at) => converge(fn, start, at)),
  native("extends", [any, any, any], ([overlay, fn, final], at) => extended(overlay, fn, final, at)),
  native("composeExtensions", [any, any, any, any], ([f, g, final, prev], at) => composed(f, g, { final, prev, at })),
  native("composeManyExtensions", [elements], ([overlays]) => composeMany(overlays)),
  native("makeExtensible", [any], ([fn], at) => makeExtensible("extend", fn, at)),
  native("makeExtensibleWithCustomName", [string, any], ([name, fn], at) => makeExtensible(name, fn, at)),
  native("toExtension", [any, any, any], ([overlay, final, prev], at) => {
    const value = force(overlay);
    if (isFunction(value, at) !== true) return value;
    const next = call(value, [prev], at);
    return isFunction(next, at) === true ? call(value, [final, prev], at) : next;
  }),
]);

/** The value that `fn` gives when it is given that value. */
export function fix(fn: Lazy, at: Span | null): Value {
  const result: Lazy = lazily(() => call(fn, [result], at));
  return force(result);
}

/** More steps than this never settle. */
const maxSteps = 100_000;

function converge(fn: Lazy, start: Lazy, at: Span | null): Value {
  let value = force(start);
  for (let step = 0; step < maxSteps; step++) {
    const next = call(fn, [value], at);
    const settled = equalLazies(value, next);
    if (settled instanceof Unknown) return settled;
    if (settled) return value;
    value = next;
  }
  return new Unknown("limit", "`converge` does not come to an end", at);
}

/** `fn final` with the overlay on top. */
export function extended(overlay: Lazy, fn: Lazy, final: Lazy, at: Span | null): Value {
  const prev = call(fn, [final], at);
  return operate("//", prev, call(overlay, [final, prev], at), at);
}

interface Stage {
  readonly final: Lazy;
  readonly prev: Lazy;
  readonly at: Span | null;
}

function composed(f: Lazy, g: Lazy, { final, prev, at }: Stage): Value {
  const first = call(f, [final, prev], at);
  const seen = lazily(() => operate("//", force(prev), first, at));
  return operate("//", first, call(g, [final, seen], at), at);
}

function composeMany(overlays: readonly Lazy[]): Value {
  const nothing = native("overlay", [any, any], () => new Attrs(new Map()));
  return overlays.reduceRight<Value>(
    (later, overlay) =>
      native("overlay", [any, any], ([final, prev], at) => composed(overlay, later, { final, prev, at })),
    nothing,
  );
}

/** The fixed point of `fn`, with a function under `name` that gives it again below an overlay. */
export function makeExtensible(name: string, fn: Lazy, at: Span | null): Value {
  const extend = native(name, [any], ([overlay], here) => {
    const next = native("extended", [any], ([final]) => extended(overlay, fn, final, here));
    return makeExtensible(name, next, here);
  });
  const withExtend = native("extensible", [any], ([self], here) => {
    return operate("//", call(fn, [self], here), single(name, extend), here);
  });
  return fix(withExtend, at);
}

function single(name: string, value: Lazy): Attrs {
  return new Attrs(new Map([[name, new Attr(value)]]));
}
