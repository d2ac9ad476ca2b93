// `derivation`: an attrset with the attrs Nix gives it. Nothing is instantiated: its store paths are holes, which an
// evaluation that has a store can read.

import type { Span } from "../../source/span.ts";
import { payForElements } from "../budget.ts";
import { type Context, contextHole, type KnownText } from "../context.ts";
import { instantiate } from "../derivation.ts";
import { argument, define, expectAttrs, expectList, expectString } from "../native.ts";
import { selectAttr } from "../select.ts";
import type { Session } from "../session.ts";
import type { Store } from "../store.ts";
import { force, lazily } from "../thunk.ts";
import { evalError, isError, Unknown } from "../unknown.ts";
import { Attr, Attrs, type Builtin, type Lazy, List, PartialString, type Value } from "../value.ts";
import { readDerivation } from "./instantiate.ts";

/** Marks sets that `derivation` made, so that nothing mixes them attr by attr. */
const tag = { kind: "derivation-call" } as const;

function makeDerivation(args: Attrs, store: Store | null, at: Span | null): Value {
  const outputs = outputNames(args, at);
  if (outputs instanceof Unknown) return outputs;
  const made = new Map(outputs.map((name) => [name, new Map(args.entries)] as const));
  const sets = new Map([...made].map(([name, entries]) => [name, new Attrs(entries, args.rest, tag)] as const));
  const strict = lazily(() => strictDerivation(args, store, sets, at));
  const path = (name: string) => lazily(() => force(selectAttr(force(strict), name, at)));
  const shared: Record<string, Lazy> = {
    ...Object.fromEntries(sets),
    all: new List([...sets.values()]),
    drvAttrs: args,
    type: "derivation",
    drvPath: path("drvPath"),
  };
  for (const [output, entries] of made) {
    const own = { outputName: output, outPath: path(output) };
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

type OutputSets = ReadonlyMap<string, Attrs>;

/** What `derivationStrict` gives: the paths of the derivation and of its outputs; `sets` are what these stand for. */
function strictDerivation(args: Attrs, store: Store | null, sets: OutputSets, at: Span | null): Value {
  const known = store && instantiateIn(store, args, at);
  if (known instanceof Unknown && /^(error|recursion|limit)$/.test(known.reason)) return known;
  if (known && !(known instanceof Unknown)) return knownPaths(known, sets);
  const outputs = outputNames(args, at);
  if (outputs instanceof Unknown) return outputs;
  const entries = new Map([["drvPath", new Attr(lazily(() => unknownPath(args, null, ".drv", at)))]]);
  for (const name of outputs) {
    entries.set(name, new Attr(lazily(() => unknownPath(args, sets.get(name) ?? args, "", at))));
  }
  return new Attrs(entries);
}

/** Writing and hashing a derivation takes as long as building a list of so many elements. */
const instantiationCost = 2000;

function instantiateIn(store: Store, args: Attrs, at: Span | null) {
  payForElements(instantiationCost, 0);
  const derivation = readDerivation(args, store, at);
  if (derivation instanceof Unknown) return derivation;
  const instantiated = instantiate(derivation, store.derivations);
  store.derivations.set(instantiated.path, derivation);
  return instantiated;
}

function knownPaths(
  { path, outputs }: { path: string; outputs: ReadonlyMap<string, string> },
  sets: OutputSets,
): Attrs {
  const entries = new Map([["drvPath", new Attr(pathText(path, new Set([`=${path}`])))]]);
  for (const [name, output] of outputs) {
    entries.set(name, new Attr(pathText(output, new Set([`!${name}!${path}`]), sets.get(name))));
  }
  return new Attrs(entries);
}

function pathText(text: string, context: Context, of?: Attrs): PartialString {
  const known: KnownText = { text, context };
  return new PartialString([contextHole(`the store path \`${text}\``, () => known, of)]);
}

/** The hole for a store path, or the error of a derivation that lacks what Nix requires. */
function unknownPath(args: Attrs, set: Attrs | null, suffix: string, at: Span | null): Value {
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

export function derivationBuiltins({ store }: Session): readonly Builtin[] {
  return [
    define("derivation", 1, (args, at) => {
      const attrs = expectAttrs(argument(args, 0), at);
      return attrs instanceof Unknown ? attrs : makeDerivation(attrs, store, at);
    }),
    define("derivationStrict", 1, (args, at) => {
      const attrs = expectAttrs(argument(args, 0), at);
      return attrs instanceof Unknown ? attrs : strictDerivation(attrs, store, new Map(), at);
    }),
  ];
}
