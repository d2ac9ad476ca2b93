// The files beside `flake.nix` that are for nixlint and not for Nix: which of them there are, and what they say.

import { existsSync, lstatSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { rules } from "../../rules/index.ts";
import { type BaselineEntry, baselineFileName } from "../lint/baseline.ts";
import { parseBaseline } from "../lint/baseline-file.ts";
import {
  type Config,
  type ConfiguredInput,
  type ConfiguredInputs,
  configFileName,
  defaultConfig,
  localConfigFileName,
  parseConfig,
  parseLocalConfig,
} from "../lint/config.ts";
import { type MistakePlace, UserError } from "../lint/user-error.ts";
import { decodeSource } from "../source/decode.ts";
import { DiskFileSystem } from "../source/disk-file-system.ts";
import type { FileSystem } from "../source/file-system.ts";
import { listTrackedFiles } from "../source/git.ts";
import type { SourceFile } from "../source/source-file.ts";
import { findGitRoot, liesWithin, limitOf, type Version } from "./repository.ts";

export interface ProjectFiles {
  readonly root: string;
  /** What the flake can see. */
  readonly fs: FileSystem;
  readonly version: Version;
}

/** `given` is the path on the command line, relative to `cwd`. */
export function readConfig(files: ProjectFiles, given: string | undefined, cwd: string): Config {
  if (given === undefined) {
    const source = readOwnFile(files, configFileName);
    return source === null ? defaultConfig : parseConfig(source, rules);
  }
  const source = readFrom(new DiskFileSystem("/"), resolve(cwd, given), given);
  if (source === null) throw new UserError(`\`${given}\`: no such file`);
  return parseConfig(source, rules, given);
}

/** The configuration as it is in the files, when a fix has changed it. */
export function configIn(files: FileSystem, config: Config): Config {
  const { source } = config;
  const now = source && readFrom(files, source.path, configFileName);
  return now === null || now.text === source?.text ? config : parseConfig(now, rules);
}

export function readBaseline(files: ProjectFiles): BaselineEntry[] {
  const source = readOwnFile(files, baselineFileName);
  return source === null ? [] : parseBaseline(source);
}

/** A file beside `flake.nix`; in the work tree it counts from the moment it is written, tracked or not. */
function readOwnFile({ root, fs, version }: ProjectFiles, name: string): SourceFile | null {
  // As it comes with the repository, it must not be a symlink to what does not.
  return readFrom(version.kind === "work-tree" ? new DiskFileSystem(limitOf(root)) : fs, join(root, name), name);
}

/** Null when there is none. `name` is how messages call it. */
function readFrom(fs: FileSystem, path: string, name: string): SourceFile | null {
  const content = fs.readFile(path);
  if (content.kind === "unreadable") throw new UserError(`cannot read \`${name}\`: ${content.why}`);
  if (content.kind !== "bytes") {
    if (fs instanceof DiskFileSystem && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
      const why = existsSync(path) ? "a symlink to what is no part of the repository" : "a symlink that leads nowhere";
      throw new UserError(`cannot read \`${name}\`: it is ${why}`);
    }
    return null;
  }
  const source = decodeSource(path, withoutMark(content.bytes));
  if ("binary" in source) throw new UserError(`cannot read \`${name}\`: ${source.binary}`);
  return source;
}

/** Some editors begin a file with one; it says nothing. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

export interface InputDirectory {
  readonly directory: string;
  readonly place: MistakePlace;
}

/** By input. What the machine says counts before what the repository says. */
export function configuredInputs(files: ProjectFiles, config: Config): Map<string, InputDirectory> {
  return new Map([...sharedInputs(files.root, config), ...localInputs(files)]);
}

/** The configuration comes with the repository: it must not choose what is read outside of it. */
function sharedInputs(root: string, { inputs }: Config): Map<string, InputDirectory> {
  const limit = limitOf(root);
  return directoriesOf(inputs, root, (directory, { path, place }, name) => {
    if (liesWithin(directory, limit)) return;
    const hint = `on this machine alone: in ${localConfigFileName}, or --override-input ${name}=${path}`;
    throw new UserError(`the input \`${name}\` lies outside of the repository: \`${path}\``, hint, place);
  });
}

/** Whoever sends changes must not choose what is read on this machine: the file counts only where git does not know it. */
export function localInputs({ root }: Pick<ProjectFiles, "root">): Map<string, InputDirectory> {
  const source = readFrom(new DiskFileSystem("/"), join(root, localConfigFileName), localConfigFileName);
  if (source === null) return new Map();
  const gitRoot = findGitRoot(root);
  if (gitRoot === null) {
    const hint = "on the command line: --override-input NAME=PATH";
    throw new UserError(
      `\`${localConfigFileName}\` counts only in a git repository, where git does not track it`,
      hint,
    );
  }
  if (isTracked(source.path, gitRoot)) {
    const hint = `git rm --cached ${localConfigFileName}, and name it in .gitignore`;
    throw new UserError(`\`${localConfigFileName}\` is tracked by git, so it may come from anybody`, hint);
  }
  return directoriesOf(parseLocalConfig(source), root, () => {});
}

/** Where names differ only in case, a file system may not tell them apart. */
function isTracked(path: string, gitRoot: string): boolean {
  const listed = listTrackedFiles(gitRoot);
  if (listed.kind !== "tracked") return true;
  return [...listed.files].some((file) => file.toLowerCase() === path.toLowerCase());
}

type Limit = (directory: string, input: ConfiguredInput, name: string) => void;

/** Symlinks resolved: a link in the repository must not lead out of it either. */
function directoriesOf(inputs: ConfiguredInputs, root: string, limit: Limit): Map<string, InputDirectory> {
  const directories = new Map<string, InputDirectory>();
  for (const [name, input] of inputs) {
    const directory = resolve(root, withHome(input.path));
    if (!isDirectory(directory)) {
      const found = existsSync(directory) ? "is no directory" : "does not exist";
      const hint = `paths are relative to ${root}`;
      throw new UserError(`the input \`${name}\`: the directory \`${input.path}\` ${found}`, hint, input.place);
    }
    const real = realpathSync(directory);
    limit(real, input, name);
    directories.set(name, { directory: real, place: input.place });
  }
  return directories;
}

function withHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? homedir() + path.slice(1) : path;
}

export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
