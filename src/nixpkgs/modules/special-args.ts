// The special args that evaluations have in common.

import { Attr, type Attrs, type Lazy } from "../../eval/value.ts";

/** `lib` is a special arg of every evaluation unless the caller brings another. */
export function withLib(specialArgs: Attrs, lib: Lazy): Attrs {
  if (specialArgs.entries.has("lib")) return specialArgs;
  return specialArgs.withEntries(new Map([["lib", new Attr(lib)], ...specialArgs.entries]));
}
