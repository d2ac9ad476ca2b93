// `lib`: the functions by topic, everything people use at the top level, and `extend`.

import { define } from "../../eval/native.ts";
import { lazily } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, attrsOf, type Lazy, type Value } from "../../eval/value.ts";
import { attrsets } from "./attrsets.ts";
import { customisation } from "./customisation.ts";
import { derivations } from "./derivations.ts";
import { fixedPoints, makeExtensible } from "./fixed-points.ts";
import { generators } from "./generators.ts";
import { gvariant } from "./gvariant.ts";
import { lists } from "./lists.ts";
import { meta } from "./meta.ts";
import type { Functions } from "./signature.ts";
import { strings } from "./strings.ts";
import { trivial } from "./trivial.ts";
import { versions } from "./versions.ts";

export interface LibParts {
  /** The value of `builtins`. */
  readonly builtins: Attrs;
  /** What `lib/modules.nix` and `lib/options.nix` export, given the final `lib`. */
  readonly modules: (lib: Lazy) => { readonly functions: Functions; readonly types: Lazy };
}

/** The value of `lib`, extendable as a fixed point. */
export function createLib(parts: LibParts): Value {
  const base = define("lib", 1, ([final]) => libSet(parts, final as Lazy));
  return makeExtensible("extend", base, null);
}

function libSet({ builtins, modules }: LibParts, final: Lazy): Attrs {
  const topics: Readonly<Record<string, Functions>> = {
    attrsets: attrsets(builtins),
    customisation: customisation(builtins),
    derivations,
    fixedPoints,
    lists: lists(builtins),
    meta: meta(builtins),
    strings: strings(builtins),
    trivial: trivial(builtins),
  };
  const system = modules(final);
  const entries = new Map<string, Attr>();
  for (const functions of Object.values(topics)) {
    for (const [name, value] of Object.entries(functions)) entries.set(name, new Attr(value));
  }
  for (const [name, attr] of builtins.entries) if (!entries.has(name)) entries.set(name, attr);
  for (const [name, value] of Object.entries(system.functions)) entries.set(name, new Attr(value));
  const sets = {
    ...topics,
    generators: generators(builtins),
    gvariant,
    versions: versions(builtins),
    modules: system.functions,
  };
  for (const [name, functions] of Object.entries(sets)) entries.set(name, new Attr(attrsOf(functions)));
  entries.set("types", new Attr(system.types));
  entries.set("options", new Attr(lazily(() => attrsOf(system.functions))));
  return new Attrs(entries, new Unknown("unsupported", "a function of `lib` that is not implemented"));
}
