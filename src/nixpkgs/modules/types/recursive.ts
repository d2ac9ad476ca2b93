// A type that is defined in terms of itself, as the settings of `pkgs.formats` are: where it is still being made, a
// stand-in is taken that asks for the finished type when a value comes along.

import { Unknown } from "../../../eval/unknown.ts";
import type { Lazy, Value } from "../../../eval/value.ts";
import { type OptionType, typeFromNix } from "../option-type.ts";
import { unknownType } from "./combinators.ts";
import { readNixType } from "./nix-type.ts";

/** Values nested deeper than this are a type that never gets to one, as in `t = nullOr t`. */
const maxNesting = 500;

/** The type behind a Nix value, also while that value is being computed. */
export function readType(lazy: Lazy): OptionType {
  const type = typeFromNix(lazy, readNixType);
  if (!(type instanceof Unknown)) return type;
  return type.reason === "recursion" ? recursiveType(lazy) : unknownType(type);
}

function recursiveType(lazy: Lazy): OptionType {
  let nesting = 0;
  const within = <T>(ask: (type: OptionType) => T, otherwise: (why: Unknown) => T): T => {
    const type = typeFromNix(lazy, readNixType);
    if (type instanceof Unknown) return otherwise(type);
    if (nesting >= maxNesting) return otherwise(new Unknown("recursion", "the option type depends on itself"));
    nesting++;
    try {
      return ask(type);
    } finally {
      nesting--;
    }
  };
  return {
    name: "recursive",
    describe: () => "value of the same type",
    check: (value) =>
      within<boolean | Unknown>(
        (type) => type.check(value),
        (why) => why,
      ),
    merge: (path, definitions) =>
      within<Value>(
        (type) => type.merge(path, definitions),
        (why) => why,
      ),
    mergeWith: (other) =>
      within<OptionType | null>(
        (type) => type.mergeWith(other),
        () => null,
      ),
  };
}
