// A flake.nix on disk: its inputs, and its outputs called with them and with itself.

import { apply } from "../eval/apply.ts";
import { interpolate } from "../eval/coerce.ts";
import { force, lazily } from "../eval/thunk.ts";
import { evalError, Unknown } from "../eval/unknown.ts";
import { Attr, Attrs, attrsOf, Lambda, type Lazy, NixPath, type Value } from "../eval/value.ts";
import type { FlakeContext } from "./context.ts";
import { type InputSpec, readInputSpecs } from "./input-spec.ts";
import { createInput, type InputOwner } from "./inputs.ts";
import { type Lock, readLock } from "./lock.ts";

export interface FlakeSource {
  readonly directory: string;
  /** The lock that knows this flake and its node there; its own flake.lock by default. */
  readonly lock?: { readonly lock: Lock | null; readonly key: string } | undefined;
  readonly parent?: Pick<InputOwner, "root" | "followed">;
}

export interface CalledFlake {
  readonly inputs: Attrs;
  /** What `outputs` gave. */
  readonly outputs: Lazy;
  /** The outputs with `outPath`, `inputs` and what else a flake is as an input. */
  readonly self: Attrs;
}

export function callFlake(context: FlakeContext, source: FlakeSource): CalledFlake {
  const { directory } = source;
  const flake = context.session.importFile(`${directory}/flake.nix`, null);
  const specs = readInputSpecs(attrOf(flake, "inputs"), directory);
  const fn = lazily(() => force(attrOf(flake, "outputs") ?? missingOutputs(flake, directory)));
  const inputs: Attrs = new Attrs(inputEntries(context, source, specs, force(fn)));
  const outputs: Lazy = lazily(() => apply(force(fn), withSelf(inputs, self), null));
  const self: Attrs = selfOf(directory, inputs, outputs);
  return { inputs, outputs, self };
}

function attrOf(value: Value, name: string): Lazy | undefined {
  return value instanceof Attrs ? value.lookup(name)?.value : undefined;
}

function missingOutputs(flake: Value, directory: string): Value {
  return flake instanceof Unknown ? flake : evalError(`\`${directory}/flake.nix\` has no \`outputs\``);
}

function inputEntries(
  context: FlakeContext,
  source: FlakeSource,
  specs: ReadonlyMap<string, InputSpec>,
  outputs: Value,
): ReadonlyMap<string, Attr> {
  const entries = new Map<string, Attr>();
  const owner = ownerOf(context, source, specs, entries);
  const lockedNames = owner.lock?.nodes.get(owner.lockKey)?.inputs.keys() ?? [];
  const names = new Set([...specs.keys(), ...formalNames(outputs), ...(specs.size === 0 ? lockedNames : [])]);
  names.delete("self");
  for (const name of [...names].sort()) entries.set(name, new Attr(createInput(context, owner, name)));
  return entries;
}

function ownerOf(
  context: FlakeContext,
  source: FlakeSource,
  specs: ReadonlyMap<string, InputSpec>,
  entries: ReadonlyMap<string, Attr>,
): InputOwner {
  const { directory, parent } = source;
  const lock = source.lock?.lock ?? readLock(context.session.fs, `${directory}/flake.lock`);
  return {
    directory,
    lock,
    lockKey: source.lock?.key ?? lock?.root ?? "root",
    specs,
    root: parent?.root ?? ((path) => followInputs(entries, path)),
    followed: parent?.followed ?? new Map(),
    isRoot: directory === context.root,
  };
}

/** `follows = "a/b"`: the input `b` of the input `a`. Undefined when that cannot be found. */
function followInputs(entries: ReadonlyMap<string, Attr>, path: readonly string[]): Lazy | undefined {
  const [first, ...others] = path;
  let value = first === undefined ? undefined : entries.get(first)?.value;
  for (const name of others) {
    const inputs = value === undefined ? undefined : attrOf(force(value), "inputs");
    value = inputs === undefined ? undefined : attrOf(force(inputs), name);
  }
  return value;
}

function formalNames(fn: Value): readonly string[] {
  if (!(fn instanceof Lambda) || fn.expr.parameter.kind === "simple") return [];
  // A formal with a default is no input: Nix calls `outputs` with what `inputs` lists and the formals without one.
  return fn.expr.parameter.formals.filter((formal) => formal.fallback === null).map((formal) => formal.name);
}

function withSelf(inputs: Attrs, self: Lazy): Attrs {
  return new Attrs(new Map([...inputs.entries, ["self", new Attr(self)]]));
}

/** What the flake is as an input. Its own attrs are known before its outputs are, so asking for them never waits. */
function selfOf(directory: string, inputs: Attrs, outputs: Lazy): Attrs {
  const own = ownAttrs(directory, inputs, outputs);
  const entries = () => {
    const result = force(outputs);
    return new Map([...(result instanceof Attrs ? result.entries : []), ...own]);
  };
  return new Attrs(entries, null, null, (name) => own.get(name) ?? outputAttr(force(outputs), name));
}

/** An output that is not known to exist is as unknown as the outputs are. */
function outputAttr(outputs: Value, name: string): Attr | Unknown | undefined {
  if (outputs instanceof Unknown) return outputs;
  if (!(outputs instanceof Attrs)) return undefined;
  // No output is a special attr: `toString self` is the path whatever else a module may add to the outputs.
  return outputs.lookup(name) ?? (name.startsWith("__") ? undefined : (outputs.rest ?? undefined));
}

function ownAttrs(directory: string, inputs: Attrs, outputs: Lazy): ReadonlyMap<string, Attr> {
  const info = selfInfo(directory);
  const own = new Map(attrsOf({ ...info, inputs, outputs, sourceInfo: attrsOf(info), _type: "flake" }).entries);
  // Only one of them is there, depending on whether the work tree is clean.
  const revision = new Unknown("impure", "the revision of the flake");
  for (const name of ["rev", "shortRev", "dirtyRev", "dirtyShortRev"])
    own.set(name, new Attr(revision, null, revision));
  return own;
}

function selfInfo(directory: string): Record<string, Lazy> {
  const impure = (what: string) => new Unknown("impure", `${what} of the flake`);
  const outPath = directory.startsWith("/nix/store/") ? directory : interpolate(new NixPath(directory), null);
  return {
    outPath,
    narHash: impure("the hash"),
    lastModified: impure("the time of the last change"),
    lastModifiedDate: impure("the time of the last change"),
  };
}
