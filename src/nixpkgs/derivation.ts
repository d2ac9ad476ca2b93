// Derivations as far as they are known without building: a name, an opaque store path, and for those that only write a
// text the text itself. Reading any other attr gives an `Unknown` that names the package.

import { interpolate } from "../eval/coerce.ts";
import { define } from "../eval/native.ts";
import { force, lazily } from "../eval/thunk.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attr, Attrs, attrsOf, joinText, type Lazy, List, PartialString, type Tag, type Value } from "../eval/value.ts";

/** What makes an attrset a derivation of ours. */
export interface DerivationTag extends Tag {
  readonly kind: "derivation";
  /** How messages name it: the attr in `pkgs`, else the derivation's name. */
  readonly label: string;
  /** The text that a writer was given; null when only a build would tell. */
  readonly text: Lazy | null;
  /** Where in the output the text is: "" for the output itself, `/bin/backup` for a program. */
  readonly file: string;
}

export interface DerivationSpec {
  readonly label: string;
  /** The attr `name`; by default the label and an unknown version. */
  readonly name?: Lazy;
  /** Attrs besides those that every derivation has: the arguments of `mkDerivation`, `passthru`. */
  readonly attrs?: ReadonlyMap<string, Attr>;
  readonly text?: Lazy;
  /** See `DerivationTag.file`. */
  readonly file?: string;
  /** `meta.mainProgram`; unknown by default. */
  readonly mainProgram?: string;
}

/** Outputs other than the first, which `pkgs.x.dev` and the like select. */
const outputNames = new Set(["out", "bin", "dev", "lib", "man", "doc", "devdoc", "info", "data", "static", "terminfo"]);

/** Functions that a package carries and that give the package again, changed in ways only a build can see. */
const changers =
  /^(override|overrideAttrs|overrideDerivation|override\w+Attrs|with[A-Z]\w*|wrap\w*|extend|appendConfig)$/;

export function makeDerivation(spec: DerivationSpec): Attrs {
  const { label } = spec;
  const entries = new Map(spec.attrs ?? []);
  const tag: DerivationTag = { kind: "derivation", label, text: spec.text ?? null, file: spec.file ?? "" };
  const derivation = new Attrs(entries, unknownOf(label, "the attrs"), tag, (name) => supplyAttr(spec, name));
  const provide = (name: string, value: Lazy) => {
    if (!entries.has(name)) entries.set(name, new Attr(value));
  };
  entries.set("type", new Attr("derivation"));
  entries.set("outPath", new Attr(storePathOf(derivation, label)));
  entries.set("drvPath", new Attr(new PartialString([unknownOf(label, "the derivation path"), ".drv"])));
  provide("name", spec.name ?? joinText([label, "-", unknownOf(label, "the version")]));
  provide("pname", label);
  provide("version", unknownOf(label, "the version"));
  provide("outputs", new List(["out"], unknownOf(label, "the outputs")));
  provide("outputName", "out");
  provide("meta", metaOf(spec));
  entries.set("out", new Attr(derivation));
  return derivation;
}

function unknownOf(label: string, what: string): Unknown {
  return new Unknown("package", `${what} of the package \`${label}\``);
}

function storePathOf(derivation: Attrs, label: string): PartialString {
  return new PartialString([
    new Unknown("package", `the store path of \`${label}\``, null, { storePathOf: derivation }),
  ]);
}

/** A `meta` that is written down stays and is open, since `mkDerivation` adds to it. */
function metaOf(spec: DerivationSpec): Attrs {
  const known = spec.mainProgram === undefined ? attrsOf({}) : attrsOf({ mainProgram: spec.mainProgram });
  return new Attrs(known.entries, unknownOf(spec.label, "`meta`"));
}

function supplyAttr(spec: DerivationSpec, name: string): Lazy | undefined {
  const { label } = spec;
  if (outputNames.has(name)) return makeDerivation({ label: `${label}.${name}` });
  if (changers.test(name)) return define(`${label}.${name}`, 1, () => makeDerivation(withoutText(spec)));
  const major = /^postgresql_(\d+)/.exec(label);
  // The directory below /var/lib/postgresql, by which NixOS keeps the clusters of major versions apart.
  if (name === "psqlSchema" && major?.[1]) return major[1];
  return undefined;
}

function withoutText(spec: DerivationSpec): DerivationSpec {
  const { label, name, attrs, mainProgram } = spec;
  return {
    label,
    ...(name === undefined ? {} : { name }),
    ...(attrs === undefined ? {} : { attrs }),
    ...(mainProgram === undefined ? {} : { mainProgram }),
  };
}

/** Whether a value is a derivation, as `lib.isDerivation` says. */
export function isDerivation(value: Value): value is Attrs {
  const type = value instanceof Attrs ? value.entries.get("type") : undefined;
  return type !== undefined && force(type.value) === "derivation";
}

/** The derivation whose store path a hole in a string stands for. */
export function derivationOfHole(hole: Unknown): Attrs | undefined {
  const of = hole.storePathOf;
  return of instanceof Attrs && of.tag?.kind === "derivation" ? of : undefined;
}

/** What a writer of this derivation was given as text; undefined when the derivation is not a written text. */
export function textOfDerivation(derivation: Attrs): string | PartialString | undefined {
  const { text } = derivationTag(derivation) ?? { text: null };
  if (text === null) return undefined;
  const value = textOf(force(text));
  return value instanceof Unknown ? undefined : value;
}

/** The tag, also of a derivation that was updated with `//` and so lost its own. */
export function derivationTag(derivation: Attrs): DerivationTag | undefined {
  // The only tags of kind "derivation" are made above.
  if (derivation.tag?.kind === "derivation") return derivation.tag as DerivationTag;
  const outPath = derivation.entries.get("outPath");
  const path = outPath === undefined ? undefined : force(outPath.value);
  if (!(path instanceof PartialString) || path.parts.length !== 1) return undefined;
  const original = derivationOfHole(path.hole);
  return original === undefined ? undefined : derivationTag(original);
}

/** Text as text: what is not known becomes a hole, an error stays one. */
export function textOf(value: Value): string | PartialString | Unknown {
  const text = interpolate(value, null);
  if (!(text instanceof Unknown) || text.reason === "error") return text;
  return new PartialString([text]);
}

/** A derivation's label from an argument that names it. */
export function labelOf(name: Lazy, fallback: string): string {
  const value = force(name);
  if (typeof value === "string") return value;
  return value instanceof PartialString ? value.parts.filter((part) => typeof part === "string").join("") : fallback;
}

/** The arguments of a builder, `mkDerivation { … }` or `mkDerivation (finalAttrs: { … })`, as a derivation. */
export function derivationFromArgs(args: Attrs, fallback: string): Attrs {
  const read = (name: string) => args.lookup(name)?.value;
  const name = read("name") ?? joinedName(args);
  const label = labelOf(read("pname") ?? name ?? fallback, fallback);
  const passthru = force(read("passthru") ?? null);
  const attrs = new Map(args.entries);
  if (passthru instanceof Attrs) for (const [key, attr] of passthru.entries) attrs.set(key, attr);
  for (const key of ["type", "outPath", "drvPath", "outputs"]) attrs.delete(key);
  const meta = args.entries.get("meta");
  if (meta)
    attrs.set(
      "meta",
      new Attr(
        lazily(() => openMeta(force(meta.value), label)),
        meta.span,
      ),
    );
  return makeDerivation({ label, attrs, ...(name === undefined ? {} : { name }) });
}

function joinedName(args: Attrs): Lazy | undefined {
  const pname = args.lookup("pname")?.value;
  const version = args.lookup("version")?.value;
  if (pname === undefined || version === undefined) return pname;
  return lazily(() => {
    const [first, second] = [textOf(force(pname)), textOf(force(version))];
    return joinText([first, "-", second]);
  });
}

function openMeta(meta: Value, label: string): Value {
  return meta instanceof Attrs ? new Attrs(meta.entries, meta.rest ?? unknownOf(label, "`meta`")) : meta;
}
