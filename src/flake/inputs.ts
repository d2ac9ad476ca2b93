// What each input of a flake stands for, decided by what it points to: a directory that can be read, nixpkgs, a
// framework with an adapter, an input that only declares options, or something that is not known.

import { posix } from "node:path";
import { force, lazily } from "../eval/thunk.ts";
import { Attr, Attrs, attrsOf, emptyAttrs, type Lazy, NixPath, type Value } from "../eval/value.ts";
import { adapterFor } from "./adapters/index.ts";
import { callFlake } from "./call-flake.ts";
import type { FlakeContext } from "./context.ts";
import { type InputSpec, indirectSpec } from "./input-spec.ts";
import { type InputFacts, moduleOnlyInput, opaqueInput, sourceInfo, stoodInInput, withFacts } from "./input-values.ts";
import { isModuleOnly, isNixpkgs, repositoryOf } from "./known-inputs.ts";
import { type Lock, type LockNode, lockedInput, storePathOf } from "./lock.ts";
import { parseReference, type Reference } from "./reference.ts";

/** A flake whose inputs are asked for: the root, or a flake on disk that is an input. */
export interface InputOwner {
  readonly directory: string;
  readonly lock: Lock | null;
  /** The flake's node in the lock. */
  readonly lockKey: string;
  readonly specs: ReadonlyMap<string, InputSpec>;
  /** The inputs of the root flake, where `follows` starts. */
  readonly root: (path: readonly string[]) => Lazy | undefined;
  /** Inputs that the parent sets by `inputs.x.follows`. */
  readonly followed: ReadonlyMap<string, InputSpec>;
  readonly isRoot: boolean;
}

export function createInput(context: FlakeContext, owner: InputOwner, name: string): Lazy {
  const override = owner.isRoot ? context.overrides.get(name) : undefined;
  const spec = owner.specs.get(name) ?? indirectSpec(name);
  const follows = owner.followed.get(name)?.follows ?? spec.follows;
  const key = owner.lock === null ? undefined : lockedInput(owner.lock, owner.lockKey, name);
  return lazily(() => {
    if (override !== undefined) return localInput(context, owner, { spec, directory: override, lockKey: key });
    const followed = follows === undefined ? undefined : owner.root(follows);
    if (followed !== undefined) return force(followed);
    return resolveInput(context, owner, spec, key);
  });
}

function resolveInput(context: FlakeContext, owner: InputOwner, spec: InputSpec, key: string | undefined): Value {
  const locked = key === undefined ? undefined : owner.lock?.nodes.get(key);
  const indirect = spec.reference === undefined || spec.reference.kind === "indirect";
  const reference = (indirect ? locked?.reference : undefined) ?? spec.reference ?? followedGuess(spec);
  const directory = reference?.kind === "path" ? posix.resolve(owner.directory, reference.path) : undefined;
  if (directory !== undefined && context.session.kindOf(directory) !== null) {
    return localInput(context, owner, { spec, directory, lockKey: key });
  }
  const repository = reference && repositoryOf(reference);
  const facts = { name: spec.name, repository, locked, inputs: lockedInputs(context, owner.lock, key) };
  return knownInput(context, facts) ?? storedInput(context, owner, spec, key) ?? opaqueInput(facts);
}

/** An input that Nix has fetched already, read from its store. Undefined when that is not wanted or not there. */
function storedInput(
  context: FlakeContext,
  owner: InputOwner,
  spec: InputSpec,
  lockKey: string | undefined,
): Value | undefined {
  const node = lockKey === undefined ? undefined : owner.lock?.nodes.get(lockKey);
  const path = node !== undefined && context.storeInputs ? storePathOf(node) : undefined;
  if (path === undefined || context.session.kindOf(path) === null) return undefined;
  const below = node?.locked.get("dir");
  const directory = typeof below === "string" ? posix.join(path, below) : path;
  return localInput(context, owner, { spec, directory, lockKey });
}

/** Without a lock, `follows = "other/nixpkgs"` is taken for what its last name says in the registry. */
function followedGuess(spec: InputSpec): Reference | undefined {
  const id = spec.follows?.at(-1);
  return id === undefined ? undefined : { kind: "indirect", id };
}

/** A tree that the flake fetches itself, known by its address as an input is; undefined when it is not. */
export function fetchedInput(context: FlakeContext, address: string): Value | undefined {
  const reference = parseReference(address);
  const repository = repositoryOf(reference);
  if (repository === undefined || reference.kind === "path") return undefined;
  const name = posix.basename(repository);
  return knownInput(context, { name, repository, locked: undefined, inputs: emptyAttrs });
}

function knownInput(context: FlakeContext, facts: InputFacts): Value | undefined {
  const { repository } = facts;
  if (repository === undefined) return undefined;
  if (isNixpkgs(repository)) return withFacts(context.nixpkgsNamed(facts.name).flake, facts);
  const adapter = adapterFor(repository);
  if (adapter)
    return stoodInInput(facts, adapter.outputs(context, facts), (path) =>
      adapter.importPath?.(context, path, repository),
    );
  return isModuleOnly(repository) ? moduleOnlyInput(facts) : undefined;
}

/** The inputs of an input that is not evaluated, as the lock knows them. */
function lockedInputs(context: FlakeContext, lock: Lock | null, parent: string | undefined): Lazy {
  if (lock === null || parent === undefined) return emptyAttrs;
  return lazily(() => {
    const entries = new Map<string, Attr>();
    for (const name of lock.nodes.get(parent)?.inputs.keys() ?? []) {
      const key = lockedInput(lock, parent, name);
      entries.set(name, new Attr(lazily(() => lockedNode(context, lock, name, key))));
    }
    return new Attrs(entries);
  });
}

function lockedNode(context: FlakeContext, lock: Lock, name: string, key: string | undefined): Value {
  const locked = key === undefined ? undefined : lock.nodes.get(key);
  const repository = locked?.reference && repositoryOf(locked.reference);
  const facts = { name, repository, locked, inputs: lockedInputs(context, lock, key) };
  return knownInput(context, facts) ?? opaqueInput(facts);
}

interface LocalInput {
  readonly spec: InputSpec;
  readonly directory: string;
  readonly lockKey: string | undefined;
}

function localInput(context: FlakeContext, owner: InputOwner, input: LocalInput): Value {
  const { spec, directory, lockKey } = input;
  const node = lockKey === undefined ? undefined : owner.lock?.nodes.get(lockKey);
  const hasFlake = context.session.kindOf(`${directory}/flake.nix`) !== null;
  if (!spec.isFlake || !hasFlake) return sourceTree(directory, node);
  const ownLock = lockKey === undefined ? undefined : { lock: owner.lock, key: lockKey };
  return force(
    callFlake(context, { directory, lock: ownLock, parent: { root: owner.root, followed: spec.inputs } }).self,
  );
}

/** `flake = false`: only files. */
function sourceTree(directory: string, node: LockNode | undefined): Attrs {
  const outPath = new NixPath(directory);
  return attrsOf({ ...sourceInfo(node), outPath, sourceInfo: attrsOf({ ...sourceInfo(node), outPath }) });
}
