// Sources that are not on disk and yet known: nixpkgs, and inputs whose modules define nothing by themselves. A path
// below one of them is text with a hole; a module there is read as contributing nothing beyond the known options.

import { force } from "../eval/thunk.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attr, Attrs, emptyList, PartialString, type Tag, type Value } from "../eval/value.ts";

export interface KnownSourceTag extends Tag {
  readonly kind: "known-source";
  /** The input's name, `nixpkgs` for the search path. */
  readonly name: string;
  readonly isNixpkgs: boolean;
  /** What `import` of a path below gives; undefined when that is not known. */
  readonly importPath: (path: string) => Value | undefined;
}

/** A module that is known to define nothing, as `sops-nix.nixosModules.sops`: its options are facts of nixlint. */
export interface KnownModuleTag extends Tag {
  readonly kind: "known-module";
}

export interface KnownSource {
  readonly tag: KnownSourceTag;
  /** The outputs and facts of the flake that the source is. */
  readonly flake: Attrs;
  /** Below the source, from its root: "" or "/nixos/modules/profiles/minimal.nix". */
  readonly path: string;
}

const knownModuleTag: KnownModuleTag = { kind: "known-module" };

export function knownModule(key: string): Attrs {
  return new Attrs(
    new Map([
      ["_file", new Attr("<native>")],
      ["key", new Attr(key)],
      ["imports", new Attr(emptyList)],
    ]),
    null,
    knownModuleTag,
  );
}

export function isKnownModule(value: Value): boolean {
  return value instanceof Attrs && value.tag?.kind === "known-module";
}

/** The hole that the store path of a source leaves, as in `"${inputs.nixpkgs}/nixos"`. */
export function sourcePath(source: Attrs, name: string): PartialString {
  return new PartialString([
    new Unknown("package", `the store path of the input \`${name}\``, null, { storePathOf: source }),
  ]);
}

/** The source itself (`inputs.nixpkgs`), or the place below it that text points to. */
export function knownSourceOf(value: Value): KnownSource | undefined {
  if (value instanceof Attrs) return knownSourceAt(value, "");
  if (!(value instanceof PartialString)) return undefined;
  const [first, ...others] = value.parts;
  const below = others.length === 0 ? "" : others.length === 1 ? others[0] : undefined;
  if (!(first instanceof Unknown) || first.storePathOf === null || typeof below !== "string") return undefined;
  return first.storePathOf instanceof Attrs ? knownSourceAt(first.storePathOf, below.replace(/\/+$/, "")) : undefined;
}

/** A place below a source. */
export function knownSourceAt(source: Attrs, path: string): KnownSource | undefined {
  const flake = taggedSource(source);
  // The only tags of this kind are `KnownSourceTag`s.
  return flake && { tag: flake.tag as KnownSourceTag, flake, path };
}

/** The source itself, or the one whose `outPath` a set has. */
function taggedSource(value: Attrs): Attrs | undefined {
  if (value.tag?.kind === "known-source") return value;
  const type = value.entries.get("outPath");
  const path = type === undefined ? undefined : force(type.value);
  if (!(path instanceof PartialString) || path.parts.length !== 1) return undefined;
  const of = path.hole.storePathOf;
  return of instanceof Attrs && of !== value && of.tag?.kind === "known-source" ? of : undefined;
}
