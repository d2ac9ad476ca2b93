// A run of which nothing changed since an earlier one says what that one said. All that an answer can come from counts:
// the command line, the environment that was read, the day, the build, and every file that was read or looked for.

import { createHash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import type { Cache } from "./cache.ts";
import { findFlakeRoot, resolveExisting } from "./flake-root.ts";
import { type Io, today } from "./io.ts";
import type { LookedAt } from "./noting-reads.ts";
import { findGitRoot, gitDirectory } from "./repository.ts";

/** What a command says of its own run when it can be repeated without it. */
export interface Repeatable {
  /** The directory of the flake. */
  readonly root: string;
  /** The paths of the command line, or the current directory. */
  readonly paths: readonly string[];
  readonly looked: LookedAt;
  /** Read beside what the flake can see. */
  readonly settings: readonly string[];
}

export interface Outcome {
  readonly stdout: string;
  readonly code: number;
}

/**
 * What is compared of a file: its content cannot change without the first four. Where they differ the last one decides:
 * hooks put files aside and back, and branches are changed to and fro. Null: there is none.
 */
type State = readonly [inode: number, size: number, modified: number, changed: number, digest: string] | null;

interface RunRecord extends Outcome {
  readonly day: string;
  /** Null for a variable that is not set. */
  readonly env: Readonly<Record<string, string | null>>;
  readonly root: string;
  readonly gitRoot: string | null;
  /** Paths as they were given, and what they are. */
  readonly paths: readonly (readonly [given: string, real: string])[];
  readonly contents: readonly (readonly [path: string, state: State])[];
  /** Of these only what they are and that they are there. */
  readonly kinds: readonly (readonly [path: string, kind: string])[];
}

export interface RunKey {
  readonly argv: readonly string[];
  readonly build: string;
}

type Surroundings = Pick<Io, "env" | "cwd" | "stdoutIsTerminal" | "now">;

/** What the same run said before; null when there was none, or something may be different. */
export function replay(key: RunKey, cache: Cache, io: Surroundings): Outcome | null {
  const kept = cache.read(nameOf(key, io));
  if (kept === null) return null;
  try {
    const record: RunRecord = JSON.parse(kept.toString());
    return isUnchanged(record, io) ? record : null;
  } catch {
    // Whatever is wrong here, the run itself says better.
    return null;
  }
}

export interface Run extends RunKey, Outcome {
  readonly repeatable: Repeatable;
  /** The names of the variables that were read. */
  readonly variables: Iterable<string>;
  /** When the run began, in milliseconds since 1970. */
  readonly started: number;
}

/** What cannot be told of a file now is a reason not to keep the run, and no more. */
export function keepRun(run: Run, cache: Cache, io: Surroundings): void {
  try {
    const record = recordOf(run, io);
    if (record !== null) cache.write(nameOf(run, io), Buffer.from(JSON.stringify(record)));
  } catch {}
}

function recordOf(run: Run, io: Surroundings): RunRecord | null {
  const { root, paths, looked, settings } = run.repeatable;
  if (!looked.isCertain) return null;
  const gitRoot = findGitRoot(root);
  const files = [...looked.contents, ...settings, ...indexOf(gitRoot)];
  const contents = files.map((path) => [path, stateOf(path)] as const);
  // What was changed while it was read may not be what was read.
  if (contents.some(([, state]) => state !== null && state[3] > run.started - clockTick)) return null;
  return {
    stdout: run.stdout,
    code: run.code,
    day: today(io),
    env: Object.fromEntries([...run.variables].map((name) => [name, io.env[name] ?? null])),
    root,
    gitRoot,
    paths: paths.map((path) => [path, resolveExisting(path, io.cwd)]),
    contents,
    kinds: [...looked.kinds].map((path) => [path, kindOf(path)]),
  };
}

/** File systems do not know the time more exactly. */
const clockTick = 20;

function nameOf({ argv, build }: RunKey, { cwd, stdoutIsTerminal }: Surroundings): string {
  const key = JSON.stringify([build, process.version, argv, cwd, stdoutIsTerminal]);
  return `run-${createHash("sha256").update(key).digest("hex").slice(0, 32)}`;
}

function isUnchanged(record: RunRecord, io: Surroundings): boolean {
  if (record.day !== today(io) || findGitRoot(record.root) !== record.gitRoot) return false;
  if (Object.entries(record.env).some(([name, value]) => (io.env[name] ?? null) !== value)) return false;
  for (const [given, real] of record.paths) {
    if (resolveExisting(given, io.cwd) !== real || findFlakeRoot(real) !== record.root) return false;
  }
  for (const [path, kind] of record.kinds) if (kindOf(path) !== kind) return false;
  for (const [path, state] of record.contents) if (!isSame(path, state)) return false;
  return true;
}

function isSame(path: string, before: State): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || before === null) return stat === undefined && before === null;
  const isUntouched = timesOf(stat).every((part, index) => part === before[index]);
  return isUntouched || digestOf(path, stat) === before[4];
}

function stateOf(path: string): State {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? null : [...timesOf(stat), digestOf(path, stat)];
}

function timesOf({ ino, size, mtimeMs, ctimeMs }: Stats): readonly [number, number, number, number] {
  return [ino, size, mtimeMs, ctimeMs];
}

/** Of what is there, and where symlinks lead to it. */
function digestOf(path: string, stat: Stats): string {
  const content = stat.isDirectory() ? listingOf(path) : readFileSync(path);
  return createHash("sha256").update(realpathSync(path)).update("\0").update(content).digest("base64");
}

function listingOf(path: string): string {
  const entries = readdirSync(path, { withFileTypes: true });
  const kind = (entry: Dirent) =>
    entry.isDirectory() ? "d" : entry.isSymbolicLink() ? "l" : entry.isFile() ? "f" : "o";
  return entries
    .map((entry) => `${kind(entry)}${entry.name}`)
    .sort()
    .join("/");
}

function kindOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return "";
  return `${stat.isDirectory() ? "directory" : "file"} ${realpathSync(path)}`;
}

/** Which files a flake can see. */
function indexOf(gitRoot: string | null): readonly string[] {
  const directory = gitRoot === null ? null : gitDirectory(gitRoot);
  return directory === null ? [] : [join(directory, "index")];
}
