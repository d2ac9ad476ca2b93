// What the stages of loading a flake share: one session, `lib`, nixpkgs, and what inputs are overridden.

import { define } from "../eval/native.ts";
import { createSession, type Session } from "../eval/session.ts";
import { force, lazily } from "../eval/thunk.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attr, Attrs, emptyAttrs, type Lazy, List, PartialString, type Value } from "../eval/value.ts";
import { type KnownSource, knownSourceAt, knownSourceOf } from "../nixpkgs/known-source.ts";
import { evalModules, type ModuleEvaluation } from "../nixpkgs/modules/evaluate.ts";
import { withLib } from "../nixpkgs/modules/special-args.ts";
import { createNixpkgs, type Nixpkgs } from "../nixpkgs/nixpkgs.ts";
import { libOfSession } from "../nixpkgs/session-lib.ts";
import { evaluateSystem, type SystemInput } from "../nixpkgs/system.ts";
import type { FileSystem } from "../source/file-system.ts";
import { callFlake } from "./call-flake.ts";
import { fetchedInput } from "./inputs.ts";

export interface FlakeContext {
  readonly root: string;
  readonly session: Session;
  /** nixpkgs as the search path and the adapters see it. */
  readonly nixpkgs: Nixpkgs;
  /** nixpkgs under the name of an input. */
  readonly nixpkgsNamed: (name: string) => Nixpkgs;
  /** Inputs of the root flake that are read from another directory: `--override-input`, `[inputs]`. */
  readonly overrides: ReadonlyMap<string, string>;
  /** Whether inputs that nothing stands in for are read from the Nix store, where they are in it. */
  readonly storeInputs: boolean;
  /** Evaluates flake-level modules: open where nobody declares an option. */
  readonly evalFlakeModules: Lazy;
  /** `nixosSystem`, with the `lib` of the search path's nixpkgs. */
  readonly evaluateSystem: (args: Attrs) => Value;
  /** The flake in another directory, with inputs of its own. */
  readonly flakeAt: (directory: string) => Value;
}

export interface InputSources {
  readonly overrides: ReadonlyMap<string, string>;
  readonly storeInputs: boolean;
}

export function createContext(root: string, fs: FileSystem, sources: InputSources): FlakeContext {
  const session = createSession({
    fs,
    importValue: (value) => importKnown(nixpkgs.flake, value),
    fetch: (address) => fetchedInput(context, address),
    searchPath: (name) => (name === "nixpkgs" ? outPathOf(nixpkgs.flake) : undefined),
  });
  const importFile = session.importFile.bind(session);
  const lib = libOfSession(session);
  const nixpkgsNamed = (name: string): Nixpkgs => {
    const own: Nixpkgs = createNixpkgs({
      name,
      lib,
      importFile,
      system: new Unknown("impure", "the system that evaluates"),
      evaluateSystem: (args, from) => evaluateSystem(systemInput(root, session, own), args, from),
    });
    return own;
  };
  const nixpkgs = nixpkgsNamed("nixpkgs");
  const context: FlakeContext = {
    root,
    session,
    nixpkgs,
    nixpkgsNamed,
    ...sources,
    evalFlakeModules: define("evalFlakeModules", 1, ([args]) => evalFlakeModules(session, nixpkgs.lib, args ?? null)),
    evaluateSystem: (args) => evaluateSystem(systemInput(root, session, nixpkgs), args, nixpkgs.lib),
    flakeAt: (directory) => callFlake(context, { directory }).self,
  };
  return context;
}

function systemInput(root: string, session: Session, nixpkgs: Nixpkgs): SystemInput {
  return {
    importFile: session.importFile.bind(session),
    createPackages: nixpkgs.createPackages,
    modulesPath: nixpkgs.modulesPath,
    file: `${root}/flake.nix`,
  };
}

function importKnown(nixpkgs: Attrs, value: Value): Value | undefined {
  const source = knownSourceOf(value) ?? unknownNixpkgs(nixpkgs, value);
  if (source === undefined) return undefined;
  const { tag, path } = source;
  return (
    tag.importPath(path) ?? new Unknown("input", `\`${path.slice(1) || "default.nix"}\` of the input \`${tag.name}\``)
  );
}

/** A tree that is not known and has nixpkgs' way to make systems is some nixpkgs, patched or chosen by the machine. */
function unknownNixpkgs(nixpkgs: Attrs, value: Value): KnownSource | undefined {
  if (!(value instanceof PartialString)) return undefined;
  const [first, below, ...others] = value.parts;
  if (!(first instanceof Unknown) || below !== "/nixos/lib/eval-config.nix" || others.length > 0) return undefined;
  return knownSourceAt(nixpkgs, below);
}

function outPathOf(flake: Attrs): Lazy | undefined {
  return flake.lookup("outPath")?.value;
}

function evalFlakeModules(session: Session, lib: Lazy, lazyArgs: Lazy): Value {
  const args = force(lazyArgs);
  if (!(args instanceof Attrs)) return args;
  const read = (name: string) => force(args.lookup(name)?.value ?? null);
  const [modules, specialArgs, prefix, className] = [
    read("modules"),
    read("specialArgs"),
    read("prefix"),
    read("class"),
  ];
  const given = specialArgs instanceof Attrs ? specialArgs : emptyAttrs;
  const unread = lazily(() => new List(evaluation.unread.map(({ cause }) => cause)));
  const evaluation: ModuleEvaluation = evalModules({
    modules: modules instanceof List ? modules.elements : [],
    specialArgs: withLib(given.withEntries(new Map([...given.entries, ["unreadModules", new Attr(unread)]])), lib),
    prefix: prefix instanceof List ? prefix.elements.map((name) => String(force(name))) : [],
    undeclared: "freeform",
    importFile: session.importFile.bind(session),
    ...(typeof className === "string" && { class: className }),
  });
  return evaluation.value;
}
