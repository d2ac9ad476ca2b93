// The `inputs` of a flake.nix as written: where each input points to and what it follows.

import { posix } from "node:path";
import { force } from "../eval/thunk.ts";
import { Attrs, type Lazy, NixPath, type Value } from "../eval/value.ts";
import { type Reference, referenceOfAttrs } from "./reference.ts";

export interface InputSpec {
  readonly name: string;
  /** Undefined for an input that only follows another one, or that only the lock or the registry knows. */
  readonly reference: Reference | undefined;
  /** `follows = "a/b"`: from the root flake, the input `b` of its input `a`. */
  readonly follows: readonly string[] | undefined;
  readonly isFlake: boolean;
  /** `inputs.x.follows` of this input. */
  readonly inputs: ReadonlyMap<string, InputSpec>;
}

export function readInputSpecs(inputs: Lazy | undefined, directory: string): ReadonlyMap<string, InputSpec> {
  const set = inputs === undefined ? null : force(inputs);
  const specs = new Map<string, InputSpec>();
  if (!(set instanceof Attrs)) return specs;
  for (const [name, attr] of set.entries) specs.set(name, readSpec(name, force(attr.value), directory));
  return specs;
}

function readSpec(name: string, value: Value, directory: string): InputSpec {
  if (!(value instanceof Attrs)) return indirectSpec(name);
  const follows = textAttr(value, "follows");
  return {
    name,
    reference: referenceOf(value, directory),
    follows: follows === undefined ? undefined : follows.split("/").filter((part) => part !== ""),
    isFlake: force(value.lookup("flake")?.value ?? true) !== false,
    inputs: readInputSpecs(value.lookup("inputs")?.value, directory),
  };
}

/** An input that the flake names only as a formal of `outputs`: the registry says what it is. */
export function indirectSpec(name: string): InputSpec {
  return { name, reference: { kind: "indirect", id: name }, follows: undefined, isFlake: true, inputs: new Map() };
}

function referenceOf(value: Attrs, directory: string): Reference | undefined {
  const read = (name: string) => textAttr(value, name);
  const reference = referenceOfAttrs({
    type: read("type"),
    url: read("url"),
    owner: read("owner"),
    repo: read("repo"),
    path: read("path"),
    id: read("id"),
  });
  if (reference?.kind !== "path") return reference;
  const below = /[?&]dir=([^&#]+)/.exec(read("url") ?? "")?.[1] ?? ".";
  return { kind: "path", path: posix.resolve(directory, reference.path, below) };
}

function textAttr(value: Attrs, name: string): string | undefined {
  const attr = value.lookup(name);
  const text = attr === undefined ? undefined : force(attr.value);
  if (text instanceof NixPath) return text.path;
  return typeof text === "string" ? text : undefined;
}
