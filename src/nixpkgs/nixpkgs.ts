// What a flake's `nixpkgs` stands for: its outputs (`lib` with `nixosSystem`, `legacyPackages`), what `import` of a file
// in it gives, and text that points into it.

import { define } from "../eval/native.ts";
import { force, lazily } from "../eval/thunk.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attr, Attrs, attrsOf, emptyList, joinText, type Lazy, List, type Value } from "../eval/value.ts";
import type { Span } from "../source/span.ts";
import { type KnownSourceTag, knownModule, sourcePath } from "./known-source.ts";
import { callLib } from "./lib-access.ts";
import { createPackages } from "./packages.ts";

/** What evaluates the arguments of `nixosSystem` (or `eval-config.nix`), with the `lib` it was called from. */
export type EvaluateSystem = (args: Attrs, lib: Lazy, at: Span | null) => Value;

export interface NixpkgsInput {
  /** The input's name in the flake; `nixpkgs` for the search path. */
  readonly name: string;
  /** `lib` as nixpkgs/lib gives it: without `nixosSystem`. */
  readonly lib: Lazy;
  readonly evaluateSystem: EvaluateSystem;
  readonly importFile: (path: string, at: Span | null) => Value;
  /** `builtins.currentSystem`. */
  readonly system: Lazy;
}

/** Systems that nixpkgs exposes as a flake. */
const systems = [
  "aarch64-darwin",
  "aarch64-linux",
  "armv6l-linux",
  "armv7l-linux",
  "i686-linux",
  "powerpc64le-linux",
  "riscv64-linux",
  "x86_64-darwin",
  "x86_64-freebsd",
  "x86_64-linux",
];

export interface Nixpkgs {
  /** Outputs and `outPath`, tagged as a known source. */
  readonly flake: Attrs;
  /** `lib` with `nixosSystem`. */
  readonly lib: Lazy;
  /** `import nixpkgs { system; overlays; config; }`. */
  createPackages(args: Attrs): Attrs;
  /** `<nixpkgs>/nixos/modules`, as modules get it. */
  readonly modulesPath: Lazy;
}

export function createNixpkgs(input: NixpkgsInput): Nixpkgs {
  const importPath = (below: string) => importBelow(input, lib, packages, below);
  const tag: KnownSourceTag = { kind: "known-source", name: input.name, isNixpkgs: true, importPath };
  const entries = new Map<string, Attr>();
  const flake = new Attrs(entries, new Unknown("package", `the outputs of \`${input.name}\``), tag);
  const path = sourcePath(flake, input.name);
  const lib = lazily(() => flakeLib(input));
  const packages = (args: Attrs) => packagesFor(input, lib, path, args);
  const perSystem = systems.map((system) => [system, lazily(() => packages(attrsOf({ system })))] as const);
  const outputs = {
    lib,
    outPath: path,
    legacyPackages: attrsOf(Object.fromEntries(perSystem)),
    nixosModules: attrsOf({
      notDetected: knownModule("nixpkgs:notDetected"),
      readOnlyPkgs: knownModule("nixpkgs:pkgs"),
    }),
    inputs: attrsOf({}),
    _type: "flake",
  };
  for (const [name, value] of Object.entries(outputs)) entries.set(name, new Attr(value));
  return {
    flake,
    lib,
    createPackages: packages,
    modulesPath: joinText([path, "/nixos/modules"]),
  };
}

/** The flake's `lib`: `lib.extend` keeps `nixosSystem`, which then uses the extended one. */
function flakeLib(input: NixpkgsInput): Value {
  const overlay = define("nixpkgs-lib", 2, ([final]) => {
    const system = define("nixosSystem", 1, ([args], at) => callSystem(input, args ?? null, final ?? input.lib, at));
    return attrsOf({ nixosSystem: system, nixos: attrsOf({ evalModules: system }) });
  });
  return callLib(input.lib, "extend", overlay);
}

function callSystem(input: NixpkgsInput, args: Lazy, lib: Lazy, at: Span | null): Value {
  const known = force(args);
  return known instanceof Attrs ? input.evaluateSystem(known, lib, at) : input.evaluateSystem(attrsOf({}), lib, at);
}

function packagesFor(input: NixpkgsInput, lib: Lazy, path: Lazy, args: Attrs): Attrs {
  const read = (name: string) => args.lookup(name)?.value;
  return createPackages({
    lib,
    system: lazily(() => systemName(force(read("system") ?? read("localSystem") ?? input.system))),
    overlays: read("overlays") ?? emptyList,
    config: read("config") ?? attrsOf({}),
    importFile: input.importFile,
    path,
  });
}

/** A system is given as text or, as `localSystem`, as a set with `system`. */
function systemName(system: Value): Value {
  const attr = system instanceof Attrs ? system.lookup("system") : undefined;
  return attr === undefined ? system : force(attr.value);
}

function importBelow(
  input: NixpkgsInput,
  lib: Lazy,
  packages: (args: Attrs) => Attrs,
  below: string,
): Value | undefined {
  const evalSystem = (args: Lazy, at: Span | null) => callSystem(input, args, lib, at);
  switch (below.replace(/\/default\.nix$/, "")) {
    case "":
    case "/pkgs/top-level":
      return define("nixpkgs", 1, ([args]) => packages(asAttrs(args ?? null)));
    case "/lib":
      return force(lib);
    case "/nixos/lib/eval-config.nix":
      return define("eval-config", 1, ([args], at) => evalSystem(args ?? null, at));
    case "/nixos":
      return define("nixos", 1, ([args], at) =>
        evalSystem(
          lazily(() => nixosArgs(asAttrs(args ?? null))),
          at,
        ),
      );
  }
  return below.startsWith("/nixos/modules/") ? knownModule(`nixpkgs:${below}`) : undefined;
}

function asAttrs(lazy: Lazy): Attrs {
  const value = force(lazy);
  return value instanceof Attrs ? value : attrsOf({});
}

/** `import <nixpkgs/nixos> { configuration; system; }` in the words of `eval-config.nix`. */
function nixosArgs(args: Attrs): Attrs {
  const entries = new Map(args.entries);
  const configuration = entries.get("configuration");
  entries.delete("configuration");
  if (configuration) entries.set("modules", new Attr(new List([configuration.value]), configuration.span));
  return new Attrs(entries, args.rest);
}
