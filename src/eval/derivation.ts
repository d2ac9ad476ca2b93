// Derivations as Nix writes them to the store, and the hashes that their paths are made of.

import { compareText } from "./equality.ts";
import { type Hash, hashHex } from "./store-hash.ts";
import { fixedPath, outputPath, textPath } from "./store-path.ts";

/** An output whose content has to have this hash. */
export interface FixedOutput {
  readonly hash: Hash;
  readonly recursive: boolean;
}

export interface Derivation {
  readonly name: string;
  readonly system: string;
  readonly builder: string;
  readonly args: readonly string[];
  /** Without the outputs, which are added as they become known. */
  readonly env: ReadonlyMap<string, string>;
  readonly outputs: readonly string[];
  readonly fixed: FixedOutput | null;
  /** Derivations by path, with the outputs of each that are needed. */
  readonly inputs: ReadonlyMap<string, ReadonlySet<string>>;
  readonly sources: ReadonlySet<string>;
}

export interface Instantiated {
  readonly path: string;
  readonly outputs: ReadonlyMap<string, string>;
}

type Known = ReadonlyMap<string, Derivation>;

/** The path of the derivation, and those of its outputs; `known` has every derivation that it needs. */
export function instantiate(derivation: Derivation, known: Known): Instantiated {
  const outputs = outputPaths(derivation, known);
  const references = [...derivation.sources, ...derivation.inputs.keys()];
  const path = textPath(`${derivation.name}.drv`, writeDerivation(derivation, outputs, derivation.inputs), references);
  return { path, outputs };
}

function outputPaths(derivation: Derivation, known: Known): ReadonlyMap<string, string> {
  const { name, fixed, outputs } = derivation;
  if (fixed !== null) return new Map([["out", fixedPath(name, fixed.hash, fixed.recursive)]]);
  const digest = hashWithout(derivation, null, known);
  return new Map(outputs.map((output) => [output, outputPath(name, output, digest)]));
}

/** Digests by derivation: computed once, for everything that needs it asks. */
const digests = new WeakMap<Derivation, string>();

/**
 * What identifies the derivation by what it does: its inputs are named by their own digests, so that an input that is
 * fetched in another way and is the same changes nothing.
 */
function digestOf(derivation: Derivation, known: Known): string {
  const before = digests.get(derivation);
  if (before !== undefined) return before;
  const outputs = outputPaths(derivation, known);
  const { fixed } = derivation;
  const digest =
    fixed === null
      ? hashWithout(derivation, outputs, known)
      : hashHex("sha256", `fixed:out:${fixedMethod(fixed)}:${fixedDigest(fixed)}:${outputs.get("out")}`);
  digests.set(derivation, digest);
  return digest;
}

/** With null for the outputs their paths are left out: they are not known yet. */
function hashWithout(derivation: Derivation, outputs: ReadonlyMap<string, string> | null, known: Known): string {
  const inputs = new Map<string, Set<string>>();
  for (const [path, names] of derivation.inputs) {
    const input = known.get(path);
    if (input === undefined) throw new Error(`the derivation ${path} is not known`);
    const digest = digestOf(input, known);
    inputs.set(digest, new Set([...(inputs.get(digest) ?? []), ...names]));
  }
  return hashHex("sha256", writeDerivation(derivation, outputs, inputs));
}

function fixedMethod({ hash, recursive }: FixedOutput): string {
  return `${recursive ? "r:" : ""}${hash.algorithm}`;
}

function fixedDigest({ hash }: FixedOutput): string {
  return Buffer.from(hash.bytes).toString("hex");
}

function writeDerivation(
  { fixed, outputs, sources, system, builder, args, env }: Derivation,
  paths: ReadonlyMap<string, string> | null,
  inputs: ReadonlyMap<string, ReadonlySet<string>>,
): string {
  const method = fixed === null ? ["", ""] : [fixedMethod(fixed), fixedDigest(fixed)];
  const names = [...outputs].sort(compareText);
  const variables = new Map(env);
  for (const name of names) variables.set(name, paths?.get(name) ?? "");
  return `Derive(${[
    list(names.map((name) => tuple([name, paths?.get(name) ?? "", ...method].map(quote)))),
    list(sortedKeys(inputs).map((path) => tuple([quote(path), list(sortedKeys(inputs.get(path)).map(quote))]))),
    list(sortedKeys(sources).map(quote)),
    quote(system),
    quote(builder),
    list(args.map(quote)),
    list(sortedKeys(variables).map((name) => tuple([quote(name), quote(variables.get(name) ?? "")]))),
  ].join(",")})`;
}

function sortedKeys(keyed: ReadonlyMap<string, unknown> | ReadonlySet<string> | undefined): string[] {
  return [...(keyed?.keys() ?? [])].sort(compareText);
}

function list(members: readonly string[]): string {
  return `[${members.join(",")}]`;
}

function tuple(members: readonly string[]): string {
  return `(${members.join(",")})`;
}

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function quote(text: string): string {
  return `"${text.replace(/["\\\n\r\t]/g, (character) => escapes[character] ?? `\\${character}`)}"`;
}
