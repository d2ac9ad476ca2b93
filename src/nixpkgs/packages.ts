// The stand-in for `pkgs`: every name is an opaque package, except what a flake's own overlays define and the parts of
// nixpkgs whose behaviour matters for configuration (`lib`, `stdenv`, writers, formats, `callPackage`).

import { apply } from "../eval/apply.ts";
import { define } from "../eval/native.ts";
import { force, lazily } from "../eval/thunk.ts";
import { Unknown } from "../eval/unknown.ts";
import {
  Attr,
  Attrs,
  attrsOf,
  type Builtin,
  joinText,
  Lambda,
  type Lazy,
  List,
  NixPath,
  type Value,
} from "../eval/value.ts";
import type { Span } from "../source/span.ts";
import { makeDerivation } from "./derivation.ts";
import { createFormats } from "./formats.ts";
import { packageByName, packageSet } from "./package-sets.ts";
import { createStdenv, platformOf } from "./stdenv.ts";
import { createWriters } from "./writers.ts";

export interface PackagesInput {
  readonly lib: Lazy;
  /** `x86_64-linux`; may be unknown. */
  readonly system: Lazy;
  /** A list of functions `final: prev: { … }`. */
  readonly overlays: Lazy;
  /** `nixpkgs.config`. */
  readonly config: Lazy;
  /** The value of a Nix file, for `callPackage ./file.nix { }`. */
  readonly importFile: (path: string, at: Span | null) => Value;
  /** `pkgs.path`: where nixpkgs is. */
  readonly path: Lazy;
}

const someAttrs = new Unknown("package", "the names in `pkgs`");

export function createPackages(input: PackagesInput): Attrs {
  const native = lazily(() => nativeAttrs(input, packages));
  const layers = lazily(() => new List(layersOf(input, packages, native)));
  const packages: Attrs = new Attrs(new Map(), someAttrs, { kind: "packages" }, (name) => {
    // What overlays themselves are decided by must not wait for them.
    if (beforeOverlays.has(name)) return nativeAttr(input, native, name);
    const list = force(layers);
    const elements = list instanceof List ? list.elements : [];
    return lookup(input, native, elements, name);
  });
  return packages;
}

const beforeOverlays = new Set(["system", "stdenv", "hostPlatform", "buildPlatform", "config", "overlays"]);

/** One lazy set per overlay, each built upon those before it. */
function layersOf(input: PackagesInput, final: Attrs, native: Lazy): readonly Lazy[] {
  const overlays = force(input.overlays);
  if (!(overlays instanceof List)) return [];
  const layers: Lazy[] = [];
  for (const overlay of overlays.elements) {
    const below = [...layers];
    const previous = new Attrs(new Map(), someAttrs, { kind: "packages" }, (name) =>
      lookup(input, native, below, name),
    );
    layers.push(lazily(() => apply(apply(force(overlay), final, null), previous, null)));
  }
  return layers;
}

/** The topmost layer that knows the name; an overlay that is not known is taken to change no package by name. */
function lookup(input: PackagesInput, native: Lazy, layers: readonly Lazy[], name: string): Lazy | undefined {
  for (const layer of layers.toReversed()) {
    const set = force(layer);
    const attr = set instanceof Attrs ? set.lookup(name) : undefined;
    if (attr !== undefined) return attr.value;
  }
  return nativeAttr(input, native, name);
}

function nativeAttr(input: PackagesInput, native: Lazy, name: string): Lazy | undefined {
  const known = force(native);
  const attr = known instanceof Attrs ? known.entries.get(name) : undefined;
  if (attr !== undefined) return attr.value;
  // `with lib; with pkgs; mkIf …`: a name of `lib` is no package.
  const lib = force(input.lib);
  if (lib instanceof Attrs && lib.entries.has(name)) return undefined;
  return packageByName(name);
}

function nativeAttrs(input: PackagesInput, packages: Attrs): Attrs {
  const { lib, system, config, overlays, path } = input;
  const platform = lazily(() => platformOf(lib, system));
  const stdenv = lazily(() => createStdenv(platform, system));
  const bash = makeDerivation({ label: "bash" });
  const shell = lazily(() => applyToPath(bash, "/bin/bash"));
  const entries: Record<string, Lazy> = {
    lib,
    system,
    config: lazily(() => openConfig(force(config))),
    overlays,
    path,
    pkgs: packages,
    stdenv,
    hostPlatform: platform,
    buildPlatform: platform,
    targetPlatform: platform,
    formats: createFormats(lib),
    bash,
    runtimeShell: shell,
    runtimeShellPackage: bash,
    maintainers: packageSet("maintainers"),
    emptyFile: makeDerivation({ label: "empty-file", text: "" }),
    callPackage: callPackage(input, packages, "callPackage"),
    callPackages: callPackage(input, packages, "callPackages"),
    newScope: define("newScope", 1, ([extra]) =>
      callPackage(input, withAttrs(packages, force(extra ?? null)), "callPackage"),
    ),
    extend: define("extend", 1, ([overlay]) => withOverlays(input, new List([overlay ?? null]))),
    appendOverlays: define("appendOverlays", 1, ([more]) => withOverlays(input, force(more ?? null))),
    pkgsCross: new Attrs(new Map(), someAttrs, null, () => packages),
    recurseIntoAttrs: define("recurseIntoAttrs", 1, ([attrs]) => force(attrs ?? null)),
  };
  for (const name of ["stdenvNoCC", "clangStdenv", "gccStdenv", "llvmStdenv"]) entries[name] = stdenv;
  const same = [
    "buildPackages",
    "targetPackages",
    "pkgsStatic",
    "pkgsMusl",
    "pkgsi686Linux",
    "pkgsLLVM",
    "__splicedPackages",
  ];
  for (const name of same) entries[name] = packages;
  for (const [name, value] of createWriters(lib)) entries[name] = value;
  return attrsOf(entries);
}

function applyToPath(derivation: Attrs, below: string): Value {
  const outPath = derivation.entries.get("outPath");
  const path = outPath === undefined ? null : force(outPath.value);
  return path !== null && typeof path === "object" && path.kind === "partial-string" ? joinText([path, below]) : path;
}

function openConfig(config: Value): Value {
  const rest = new Unknown("nixpkgs-default", "a default of `nixpkgs.config`");
  return config instanceof Attrs ? new Attrs(config.entries, config.rest ?? rest) : new Attrs(new Map(), rest);
}

function withOverlays(input: PackagesInput, more: Value): Value {
  const before = force(input.overlays);
  const added = more instanceof List ? more.elements : [];
  const overlays = before instanceof List ? [...before.elements, ...added] : added;
  return createPackages({ ...input, overlays: new List(overlays) });
}

function withAttrs(packages: Attrs, extra: Value): Attrs {
  if (!(extra instanceof Attrs)) return packages;
  return new Attrs(new Map(), someAttrs, null, (name) => (extra.lookup(name) ?? packages.lookup(name))?.value);
}

/** `callPackage`: the function's formals come from its arguments, else from `pkgs`. */
function callPackage(input: PackagesInput, packages: Attrs, name: string): Builtin {
  return define(name, 2, ([lazyFn, lazyArgs], at) => {
    const given = force(lazyFn ?? null);
    const fn = isPathLike(given) ? input.importFile(pathOf(given), at) : given;
    const args = force(lazyArgs ?? null);
    const result = apply(fn, argumentsFor(fn, args instanceof Attrs ? args : attrsOf({}), packages), at);
    return finishPackage(result, labelOfSource(given));
  });
}

function isPathLike(value: Value): value is NixPath | string {
  return value instanceof NixPath || typeof value === "string";
}

function pathOf(value: NixPath | string): string {
  return typeof value === "string" ? value : value.path;
}

function argumentsFor(fn: Value, args: Attrs, packages: Attrs): Attrs {
  if (!(fn instanceof Lambda) || fn.expr.parameter.kind === "simple") return args;
  const entries = new Map(args.entries);
  for (const formal of fn.expr.parameter.formals) {
    // An optional formal may name no package at all: its default is the better guess.
    if (entries.has(formal.name) || formal.fallback !== null) continue;
    entries.set(formal.name, new Attr(lazily(() => force(packages.lookup(formal.name)?.value ?? someAttrs))));
  }
  return new Attrs(entries, null);
}

/** What cannot be evaluated in package code is a package all the same. */
function finishPackage(result: Value, label: string): Value {
  if (result instanceof Unknown) return makeDerivation({ label });
  if (!(result instanceof Attrs) || result.lookup("override")) return result;
  const entries = new Map(result.entries);
  for (const name of ["override", "overrideDerivation"]) entries.set(name, new Attr(define(name, 1, () => result)));
  return new Attrs(entries, result.rest, result.tag, (name) => result.lookup(name)?.value);
}

/** `./pkgs/storj.nix` and `./pkgs/storj` are the package `storj`. */
function labelOfSource(source: Value): string {
  if (!isPathLike(source)) return "package";
  const parts = pathOf(source)
    .split("/")
    .filter((part) => part !== "default.nix" && part !== "package.nix");
  return (parts.at(-1) ?? "package").replace(/\.nix$/, "");
}
