// What `check` and `fleet` share: which flake, under which configuration, with which inputs, on which hosts.

import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { rules } from "../../rules/index.ts";
import { type BaselineEntry, baselineFileName } from "../lint/baseline.ts";
import { parseBaseline } from "../lint/baseline-file.ts";
import { type Config, configFileName, defaultConfig, parseConfig } from "../lint/config.ts";
import { type LoadedFlake, loadFleet } from "../lint/lint-flake.ts";
import { suggest } from "../lint/suggestion.ts";
import { UserError } from "../lint/user-error.ts";
import { DiskFileSystem } from "../source/disk-file-system.ts";
import type { FileSystem } from "../source/file-system.ts";
import { timed } from "../source/stopwatch.ts";
import { addInputTrees, addStoreTrees, openFlakeTree } from "./flake-tree.ts";
import { type LookedAt, NotingReads } from "./noting-reads.ts";
import { liesWithin, limitOf, type Version } from "./repository.ts";

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
  const config = withProfile(readConfig(project, flags, cwd), flags.profile);
  const overrideInputs = new Map([...configuredInputs(root, config), ...givenInputs(flags, cwd)]);
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
  rejectUnknownInputs(overrideInputs.keys(), loaded);
  rejectUnknownHosts(flags.host ?? [], loaded);
  return {
    ...loaded,
    config,
    baseline: readBaseline(project),
    reload,
    looked: fs,
    settings: [
      resolve(root, configFileName),
      ...(flags.config ? [resolve(cwd, flags.config)] : []),
      join(root, baselineFileName),
    ],
    isSelfContained: trees === own,
  };
}

interface ProjectFiles {
  readonly root: string;
  readonly fs: FileSystem;
  readonly version: Version;
}

function readConfig(files: ProjectFiles, { config: given }: FlakeFlags, cwd: string): Config {
  if (given !== undefined) {
    const path = resolve(cwd, given);
    if (!existsSync(path)) throw new UserError(`\`${given}\`: no such file`);
    return parseConfig({ path, text: readText(path) }, rules, given);
  }
  const text = readOwnFile(files, configFileName);
  return text === null ? defaultConfig : parseConfig({ path: join(files.root, configFileName), text }, rules);
}

/** The configuration as it is in the files, when a fix has changed it. */
function configIn(files: FileSystem, config: Config): Config {
  const { source } = config;
  const content = source && files.readFile(source.path);
  if (source === null || content?.kind !== "bytes") return config;
  const text = Buffer.from(content.bytes)
    .toString()
    .replace(/^\ufeff/, "");
  return text === source.text ? config : parseConfig({ path: source.path, text }, rules);
}

function readBaseline(files: ProjectFiles): BaselineEntry[] {
  const text = readOwnFile(files, baselineFileName);
  return text === null ? [] : parseBaseline(text);
}

/** A file beside `flake.nix`; in the work tree it counts from the moment it is written, tracked or not. */
function readOwnFile({ root, fs, version }: ProjectFiles, name: string): string | null {
  // As it comes with the repository, it must not be a symlink to what does not.
  const files = version.kind === "work-tree" ? new DiskFileSystem(limitOf(root)) : fs;
  const content = files.readFile(join(root, name));
  if (content.kind === "unreadable") throw new UserError(`cannot read \`${name}\`: ${content.why}`);
  return content.kind === "bytes"
    ? Buffer.from(content.bytes)
        .toString()
        .replace(/^\ufeff/, "")
    : null;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    throw new UserError(`cannot read \`${basename(path)}\`: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function withProfile(config: Config, profile: FlakeFlags["profile"]): Config {
  return profile === undefined ? config : { ...config, fleet: { ...config.fleet, profile } };
}

/** The configuration comes with the repository: it must not choose what is read outside of it. */
function configuredInputs(root: string, { inputs }: Config): Map<string, string> {
  const limit = limitOf(root);
  const directories = new Map<string, string>();
  for (const [name, path] of inputs) {
    // Symlinks resolved: a link in the repository must not lead out of it either.
    const directory = existingDirectory(resolve(root, path), path);
    if (!liesWithin(directory, limit)) {
      const hint = `on the command line: --override-input ${name}=${path}`;
      throw new UserError(`${configFileName}: the input \`${name}\` lies outside of the repository: \`${path}\``, hint);
    }
    directories.set(name, directory);
  }
  return directories;
}

function givenInputs({ overrideInput }: FlakeFlags, cwd: string): Map<string, string> {
  const given = [...(overrideInput ?? [])];
  return new Map(given.map(([name, path]) => [name, existingDirectory(resolve(cwd, path), path)]));
}

function existingDirectory(directory: string, asGiven: string): string {
  if (existsSync(directory) && statSync(directory).isDirectory()) return realpathSync(directory);
  throw new UserError(`\`${asGiven}\`: no such directory`);
}

function rejectUnknownInputs(names: Iterable<string>, { flake }: LoadedFlake): void {
  for (const name of names) {
    if (flake.inputs.includes(name)) continue;
    const list = flake.inputs.length === 0 ? "the flake has no inputs" : `inputs: ${flake.inputs.join(", ")}`;
    throw new UserError(`the flake has no input \`${name}\``, suggest(name, flake.inputs) ?? list);
  }
}

function rejectUnknownHosts(names: readonly string[], { fleet }: LoadedFlake): void {
  const known = fleet.hosts.map((host) => host.name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const list = known.length === 0 ? "the flake has no hosts" : `hosts: ${known.join(", ")}`;
    throw new UserError(`unknown host \`${name}\``, suggest(name, known) ?? list);
  }
}
