// The values that inputs have without being on disk: opaque, known to define nothing by themselves, or a stand-in's
// outputs.

import { define } from "../eval/native.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attr, Attrs, attrsOf, emptyAttrs, type Lazy, PartialString, type Value } from "../eval/value.ts";
import { makeDerivation } from "../nixpkgs/derivation.ts";
import { type KnownSourceTag, knownModule, sourcePath } from "../nixpkgs/known-source.ts";
import { isPublished } from "./known-inputs.ts";
import type { LockNode } from "./lock.ts";

/** What is known of any input: its name in the flake, what the lock says, its own inputs. */
export interface InputFacts {
  readonly name: string;
  /** `owner/name`, where that is known. */
  readonly repository: string | undefined;
  readonly locked: LockNode | undefined;
  readonly inputs: Lazy;
}

/** An input that is not on disk and may define anything. */
export function opaqueInput(facts: InputFacts): Attrs {
  const { name } = facts;
  const message = `the input \`${name}\` is not on disk`;
  const details = detailsOf(facts);
  const entries = new Map<string, Attr>();
  const value = new Attrs(entries, new Unknown("input", message, null, details));
  const outPath = new PartialString([new Unknown("input", message, null, { ...details, storePathOf: value })]);
  addEntries(entries, { ...commonAttrs(facts), ...packageOutputs(name), outPath });
  return value;
}

function detailsOf({ name, repository }: InputFacts) {
  return { input: name, isPublished: repository !== undefined && isPublished(repository) };
}

/** An input whose modules only declare options: what it declares is a fact of nixlint or of no consequence. */
export function moduleOnlyInput(facts: InputFacts): Attrs {
  const { name } = facts;
  return stoodInInput(
    facts,
    {
      ...packageOutputs(name),
      overlays: openSet(name, () => emptyOverlay),
      overlay: emptyOverlay,
      ...moduleOutputs(name),
    },
    (path, source) => (/^(\/default\.nix)?$/.test(path) ? source : knownModule(`${name}:${path}`)),
  );
}

/** The outputs with modules of an input whose modules define nothing. */
export function moduleOutputs(input: string): Record<string, Lazy> {
  const modules = knownModules(input);
  return {
    modules: openSet(input, () => modules),
    ...Object.fromEntries(moduleSets.map((set) => [set, modules])),
    ...Object.fromEntries(moduleNames.map((module) => [module, knownModule(`${input}:${module}`)])),
  };
}

const moduleSets = [
  "nixosModules",
  "flakeModules",
  "homeManagerModules",
  "homeModules",
  "hmModules",
  "darwinModules",
  "nixDarwinModules",
];

const moduleNames = ["nixosModule", "flakeModule", "homeManagerModule", "homeModule", "darwinModule", "module"];

/** An input that nixlint stands in for: these outputs are known, others are not; its files define nothing. */
export function stoodInInput(
  facts: InputFacts,
  outputs: Readonly<Record<string, Lazy>>,
  importPath: (path: string, source: Attrs) => Value | undefined = () => undefined,
): Attrs {
  const { name } = facts;
  const importBelow = (path: string) => importPath(path, value);
  const tag: KnownSourceTag = { kind: "known-source", name, isNixpkgs: false, importPath: importBelow };
  const entries = new Map<string, Attr>();
  const rest = new Unknown("input", `an output of the input \`${name}\`, which is not on disk`, null, detailsOf(facts));
  const value: Attrs = new Attrs(entries, rest, tag);
  addEntries(entries, { ...commonAttrs(facts), outPath: sourcePath(value, name), ...outputs });
  return value;
}

/** The same outputs with what the lock knows of the input. */
export function withFacts(value: Attrs, facts: InputFacts): Attrs {
  const entries = new Map(value.entries);
  addEntries(entries, commonAttrs(facts));
  return new Attrs(entries, value.rest, value.tag, (name) => value.lookup(name)?.value);
}

function addEntries(entries: Map<string, Attr>, values: Readonly<Record<string, Lazy>>): void {
  for (const [name, value] of Object.entries(values)) entries.set(name, new Attr(value));
}

function commonAttrs(facts: InputFacts): Record<string, Lazy> {
  return {
    ...sourceInfo(facts.locked),
    inputs: facts.inputs,
    _type: "flake",
    sourceInfo: attrsOf(sourceInfo(facts.locked)),
  };
}

/** What Nix adds to a flake from where it was fetched. */
export function sourceInfo(locked: LockNode | undefined): Record<string, Lazy> {
  const read = (name: string) => locked?.locked.get(name);
  const rev = read("rev");
  const lastModified = read("lastModified");
  const narHash = read("narHash");
  return {
    ...(typeof rev === "string" ? { rev, shortRev: rev.slice(0, 7) } : {}),
    ...(typeof narHash === "string" ? { narHash } : {}),
    ...(typeof lastModified === "number"
      ? { lastModified: BigInt(lastModified), lastModifiedDate: dateOf(lastModified) }
      : {}),
  };
}

/** `20250131120000`: seconds since 1970 as Nix writes a date. */
function dateOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/[-:T]|\..*$/g, "");
}

/** `packages.<system>.<name>` and its like are packages, whatever the input. */
function packageOutputs(input: string): Record<string, Lazy> {
  const perSystem = openSet(input, () =>
    openSet(input, (name) => makeDerivation({ label: name === "default" ? input : name })),
  );
  return {
    packages: perSystem,
    legacyPackages: perSystem,
    defaultPackage: openSet(input, () => makeDerivation({ label: input })),
  };
}

function knownModules(input: string): Attrs {
  return openSet(input, (name) => knownModule(`${input}:${name}`));
}

function openSet(input: string, supply: (name: string) => Lazy): Attrs {
  const rest = new Unknown("input", `the names in an output of the input \`${input}\``, null, { input });
  return new Attrs(new Map(), rest, null, supply);
}

const emptyOverlay = define("overlay", 2, () => emptyAttrs);
