// What `check` and `fleet` share: which flake, under which configuration, with which inputs, on which hosts.

import { realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { type BaselineEntry, baselineFileName } from "../lint/baseline.ts";
import { type Config, configFileName, localConfigFileName } from "../lint/config.ts";
import { type LoadedFlake, loadFleet } from "../lint/lint-flake.ts";
import { isExact } from "../lint/override.ts";
import { suggest } from "../lint/suggestion.ts";
import { type MistakePlace, UserError } from "../lint/user-error.ts";
import type { FileSystem } from "../source/file-system.ts";
import { timed } from "../source/stopwatch.ts";
import {
  configIn,
  configuredInputs,
  type InputDirectory,
  isDirectory,
  type ProjectFiles,
  readBaseline,
  readConfig,
} from "./config-files.ts";
import { addInputTrees, addStoreTrees, openFlakeTree } from "./flake-tree.ts";
import { type LookedAt, NotingReads } from "./noting-reads.ts";
import type { Version } from "./repository.ts";

export interface FlakeFlags {
  readonly config?: string;
  readonly profile?: "recommended" | "strict";
  readonly overrideInput?: ReadonlyMap<string, string>;
  readonly inputs?: "store";
  readonly host?: readonly string[];
}

export interface OpenedFlake extends LoadedFlake {
  readonly config: Config;
  /** The same flake again, with other files: after fixes. */
  readonly reload: (fs: FileSystem) => LoadedFlake & { readonly config: Config };
  readonly baseline: readonly BaselineEntry[];
  /** What was looked at so far; grows while rules ask. */
  readonly looked: LookedAt;
  /** Files outside of what the flake sees that the run depends on. */
  readonly settings: readonly string[];
  /** Whether nothing is read from other trees. */
  readonly isSelfContained: boolean;
}

export interface Opening {
  /** What paths in the flags are relative to. */
  readonly cwd: string;
  readonly version: Version;
}

/** `root` is the absolute directory of `flake.nix`. */
export function openFlake(root: string, flags: FlakeFlags, { cwd, version }: Opening): OpenedFlake {
  const own = timed("files", () => openFlakeTree(root, version));
  const project: ProjectFiles = { root, fs: own, version };
  const config = withProfile(readConfig(project, flags.config, cwd), flags.profile);
  const configured = configuredInputs(project, config);
  const directories = [...configured].map(([name, { directory }]) => [name, directory] as const);
  const overrideInputs = new Map([...directories, ...givenInputs(flags, cwd)]);
  const storeInputs = flags.inputs === "store";
  const trees = addStoreTrees(
    addInputTrees(own, overrideInputs.values()),
    storeInputs ? [root, ...overrideInputs.values()] : [],
  );
  const fs = new NotingReads(trees);
  const load = (files: FileSystem, now: Config) => loadFleet({ root, fs: files, overrideInputs, storeInputs }, now);
  const reload = (files: FileSystem) => {
    const now = withProfile(configIn(files, config), flags.profile);
    return { ...load(files, now), config: now };
  };
  const loaded = load(fs, config);
  rejectUnknownInputs(overrideInputs.keys(), configured, loaded);
  rejectUnknownHosts(flags.host ?? [], loaded);
  rejectUnknownOverrides(config, loaded);
  return {
    ...loaded,
    config,
    baseline: readBaseline(project),
    reload,
    looked: fs,
    settings: [
      join(root, configFileName),
      join(root, localConfigFileName),
      ...(flags.config ? [resolve(cwd, flags.config)] : []),
      join(root, baselineFileName),
    ],
    isSelfContained: trees === own,
  };
}

function withProfile(config: Config, profile: FlakeFlags["profile"]): Config {
  return profile === undefined ? config : { ...config, fleet: { ...config.fleet, profile } };
}

function givenInputs({ overrideInput }: FlakeFlags, cwd: string): Map<string, string> {
  const given = [...(overrideInput ?? [])];
  return new Map(given.map(([name, path]) => [name, existingDirectory(resolve(cwd, path), path)]));
}

function existingDirectory(directory: string, asGiven: string): string {
  if (isDirectory(directory)) return realpathSync(directory);
  throw new UserError(`\`${asGiven}\`: no such directory`);
}

function rejectUnknownInputs(
  names: Iterable<string>,
  configured: ReadonlyMap<string, InputDirectory>,
  { flake }: LoadedFlake,
): void {
  for (const name of names) {
    if (flake.inputs.includes(name)) continue;
    const list = flake.inputs.length === 0 ? "the flake has no inputs" : `inputs: ${flake.inputs.join(", ")}`;
    throw new UserError(
      `the flake has no input \`${name}\``,
      suggest(name, flake.inputs) ?? list,
      configured.get(name)?.place,
    );
  }
}

function rejectUnknownHosts(names: readonly string[], { fleet }: LoadedFlake): void {
  const known = fleet.hosts.map((host) => host.name);
  for (const name of names) if (!known.includes(name)) throw unknownHost(name, known, null);
}

/** A pattern may be for hosts to come; a name that no host has is misspelt, or of one that is gone. */
function rejectUnknownOverrides({ overrides }: Config, { fleet, flake }: LoadedFlake): void {
  const known = [...fleet.hosts, ...flake.unresolved].map((host) => host.name);
  for (const { glob, place } of overrides.flatMap(({ hosts }) => hosts ?? []).filter(isExact)) {
    if (!known.includes(glob)) throw unknownHost(glob, known, place);
  }
  for (const { glob, place } of overrides.flatMap(({ paths }) => paths ?? []).filter(isExact)) {
    if (flake.session.fs.kindOf(join(flake.root, glob)) !== null) continue;
    throw new UserError(`the flake has no \`${glob}\``, "paths are those from its root", place);
  }
}

function unknownHost(name: string, known: readonly string[], place: MistakePlace | null): UserError {
  const list = known.length === 0 ? "the flake has no hosts" : `hosts: ${known.join(", ")}`;
  return new UserError(`unknown host \`${name}\``, suggest(name, known) ?? list, place);
}
