// `derivation`: an attrset with the attrs Nix gives it, whose store paths are holes, for nothing is instantiated.

import type { Span } from "../../source/span.ts";
import { argument, define, expectAttrs, expectList, expectString } from "../native.ts";
import { selectAttr } from "../select.ts";
import { lazily } from "../thunk.ts";
import { evalError, isError, Unknown } from "../unknown.ts";
import { Attr, Attrs, type Builtin, type Lazy, List, PartialString, type Value } from "../value.ts";

/** Marks sets that `derivation` made, so that nothing mixes them attr by attr. */
const tag = { kind: "derivation-call" } as const;

function makeDerivation(args: Attrs, at: Span | null): Value {
  const outputs = outputNames(args, at);
  if (outputs instanceof Unknown) return outputs;
  const made = new Map(outputs.map((name) => [name, new Map(args.entries)] as const));
  const sets = new Map([...made].map(([name, entries]) => [name, new Attrs(entries, args.rest, tag)] as const));
  const shared: Record<string, Lazy> = {
    ...Object.fromEntries(sets),
    all: new List([...sets.values()]),
    drvAttrs: args,
    type: "derivation",
    drvPath: lazily(() => storePath(args, null, ".drv", at)),
  };
  for (const [output, entries] of made) {
    const set = sets.get(output) ?? args;
    const own = { outputName: output, outPath: lazily(() => storePath(args, set, "", at)) };
    for (const [name, value] of Object.entries({ ...shared, ...own })) entries.set(name, new Attr(value));
  }
  return sets.get(outputs[0] ?? "out") ?? args;
}

function outputNames(args: Attrs, at: Span | null): readonly string[] | Unknown {
  const given = args.lookup("outputs");
  if (given === undefined) return ["out"];
  const list = expectList(given.value, at);
  if (list instanceof Unknown) return isError(list) ? list : ["out"];
  const names: string[] = [];
  for (const element of list.elements) {
    const name = expectString(element, at);
    if (isError(name)) return name;
    if (typeof name === "string") names.push(name);
  }
  return names.length > 0 ? names : ["out"];
}

/** The hole for a store path, or the error of a derivation that lacks what Nix requires. */
function storePath(args: Attrs, set: Attrs | null, suffix: string, at: Span | null): Value {
  for (const name of ["name", "builder", "system"]) {
    const required = selectAttr(args, name, at);
    if (isError(required)) return evalError(`required attribute \`${name}\` missing in a derivation`, at);
  }
  const name = expectString(selectAttr(args, "name", at), at);
  if (isError(name)) return name;
  const label = typeof name === "string" ? name : "a derivation";
  const details = set === null ? {} : { storePathOf: set };
  return new PartialString([
    new Unknown("package", `the store path of \`${label}\``, at, details),
    ...(suffix === "" ? [] : [suffix]),
  ]);
}

export const derivationBuiltins: readonly Builtin[] = [
  define("derivation", 1, (args, at) => {
    const attrs = expectAttrs(argument(args, 0), at);
    return attrs instanceof Unknown ? attrs : makeDerivation(attrs, at);
  }),
  define("derivationStrict", 1, (args, at) => {
    const attrs = expectAttrs(argument(args, 0), at);
    if (attrs instanceof Unknown) return attrs;
    const entries = new Map([["drvPath", new Attr(lazily(() => storePath(attrs, null, ".drv", at)))]]);
    const outputs = outputNames(attrs, at);
    if (outputs instanceof Unknown) return outputs;
    for (const name of outputs) entries.set(name, new Attr(lazily(() => storePath(attrs, attrs, "", at))));
    return new Attrs(entries);
  }),
];
