// lib.attrsets: derivations and their outputs. A derivation of the stand-in for nixpkgs does not tell its outputs
// apart, so that an output of it is the derivation itself: a store path either way.

import { joinBranches } from "../../eval/branches.ts";
import { force } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attrs, type Lazy, List, type Value } from "../../eval/value.ts";
import { any, list, names, native, string, tableOf } from "./signature.ts";

export const outputFunctions = tableOf([
  native("getOutput", [string, any], ([output, pkg]) => force(getOutput(output, pkg))),
  native("getFirstOutput", [names, any], ([candidates, pkg]) => force(getFirstOutput(candidates, pkg))),
  native("getBin", [any], ([pkg]) => force(getOutput("bin", pkg))),
  native("getLib", [any], ([pkg]) => force(getOutput("lib", pkg))),
  native("getDev", [any], ([pkg]) => force(getOutput("dev", pkg))),
  native("getMan", [any], ([pkg]) => force(getOutput("man", pkg))),
  native("getStatic", [any], ([pkg]) => force(getFirstOutput(["static", "lib", "out"], pkg))),
  native("getInclude", [any], ([pkg]) => force(getFirstOutput(["include", "dev", "out"], pkg))),
  native("chooseDevOutputs", [list], ([pkgs]) => {
    const dev = (pkg: Lazy) => getOutput("dev", pkg);
    return new List(pkgs.elements.map(dev), pkgs.rest, pkgs.possible.map(dev));
  }),
]);

export function isDerivation(value: Value): boolean | Unknown {
  if (value instanceof Unknown) return value;
  if (!(value instanceof Attrs)) return false;
  const attr = value.lookup("type");
  if (attr === undefined) return value.rest ?? false;
  const type = force(attr.value);
  return type instanceof Unknown ? type : type === "derivation";
}

/** The output of that name, else `out`, else the package. */
export function getOutput(output: string, lazy: Lazy): Lazy {
  const pkg = force(lazy);
  if (!(pkg instanceof Attrs) || hasOutputSpecified(pkg)) return pkg;
  return outputOf(pkg, output) ?? outputOf(pkg, "out") ?? pkg;
}

function getFirstOutput(candidates: readonly string[], lazy: Lazy): Lazy {
  const pkg = force(lazy);
  if (!(pkg instanceof Attrs) || hasOutputSpecified(pkg)) return pkg;
  for (const name of candidates) {
    const output = outputOf(pkg, name);
    if (output !== undefined) return output;
  }
  return pkg;
}

function hasOutputSpecified(pkg: Attrs): boolean {
  const attr = pkg.lookup("outputSpecified");
  return attr !== undefined && force(attr.value) === true;
}

/** Only what is written down: what a stand-in would make up is no more than the derivation itself. */
function outputOf(pkg: Attrs, name: string): Lazy | undefined {
  const attr = pkg.rest === null ? pkg.lookup(name) : pkg.entries.get(name);
  if (attr === undefined) return undefined;
  return attr.maybe === null ? attr.value : joinBranches(attr.maybe, attr.value, pkg);
}
