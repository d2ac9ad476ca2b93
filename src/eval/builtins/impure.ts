// Builtins whose result depends on the world outside the flake. Names that pure evaluation lacks are not defined.

import { argument, define, expectString } from "../native.ts";
import { Unknown } from "../unknown.ts";
import { Attrs, type Builtin, PartialString } from "../value.ts";

function impure(name: string): Unknown {
  return new Unknown("impure", `the result of \`builtins.${name}\``);
}

/** A fetcher gives a set about a tree in the store. */
function defineTreeFetcher(name: string): Builtin {
  return define(name, 1, () => new Attrs(new Map(), impure(name)));
}

/** A fetcher gives the store path of a file. */
function definePathFetcher(name: string): Builtin {
  return define(name, 1, () => new PartialString([impure(name)]));
}

export const impureBuiltins: readonly Builtin[] = [
  defineTreeFetcher("fetchGit"),
  defineTreeFetcher("fetchMercurial"),
  defineTreeFetcher("fetchTree"),
  definePathFetcher("fetchTarball"),
  definePathFetcher("fetchurl"),
  definePathFetcher("fetchClosure"),
  definePathFetcher("storePath"),
  // Pure evaluation, which flakes use, sees no environment.
  define("getEnv", 1, (args, at) => {
    const name = expectString(argument(args, 0), at);
    return name instanceof Unknown ? name : "";
  }),
];
