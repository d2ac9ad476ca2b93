// What a run in a hook read, kept in git's own directory, so that the next commit can be told to touch nothing of it
// before anything is loaded. A record holds for the staged files it was made from and for no others.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { changedFiles, listIndex, type StagedChange, stagedChanges, type TreeEntries } from "../source/git.ts";
import type { OpenedFlake } from "./flake-arguments.ts";
import type { Io } from "./io.ts";
import { currentVersion, findGitRoot, gitDirectory, type Version } from "./repository.ts";
import { version } from "./version.ts";

interface HookRecord {
  readonly version: string;
  /** Of the staged files that count. */
  readonly digest: string;
  /** Files and directories, relative to the git root. */
  readonly read: readonly string[];
}

/** Nix, secrets and settings count whether or not they were read: a new one may be. */
const alwaysRelevant =
  /(?:^|\/)(?:flake\.lock|\.sops\.yaml|nixlint\.toml|\.nixlint-baseline\.json|[^/]*secret[^/]*\/.*|[^/]*\.(?:nix|age|gpg|asc|env))$/i;
/** Data may be a secret or be read by the next file that is; that of tools (`.github/`) is neither. */
const data = /^(?!\.)(?!.*\/\.).*\.(?:ya?ml|json|toml|ini)$/i;

/** Whether the commit under way touches nothing that the last run of this command line read. Never throws. */
export function touchesNothing(argv: readonly string[], io: Pick<Io, "env" | "cwd">): boolean {
  try {
    const repository = hookRepository(io);
    if (repository === null) return false;
    const { gitRoot, indexFile } = repository;
    const changes = stagedChanges(gitRoot, indexFile);
    if (changes.some(({ path }) => isAlwaysRelevant(path))) return false;
    const record = readRecord(recordFile(gitRoot, argv));
    if (record === null || record.version !== version) return false;
    const read = new Set(record.read);
    if (changes.some((change) => touches(change, read))) return false;
    return record.digest === digestOf(listIndex(gitRoot, indexFile), read);
  } catch {
    // Whatever is wrong here, the run itself says better.
    return false;
  }
}

interface HookRepository {
  readonly gitRoot: string;
  readonly indexFile: string;
}

/** Null when this is no hook. */
function hookRepository(io: Pick<Io, "env" | "cwd">): HookRepository | null {
  const gitRoot = findGitRoot(io.cwd);
  const state = currentVersion(io.cwd, io);
  return gitRoot === null || state.kind !== "index" ? null : { gitRoot, indexFile: state.file };
}

function isAlwaysRelevant(path: string): boolean {
  return alwaysRelevant.test(path) || data.test(path);
}

/** A directory that was listed changes with what comes and goes in it. */
function touches({ path, kind }: StagedChange, read: ReadonlySet<string>): boolean {
  return read.has(path) || (kind !== "M" && read.has(posix.dirname(path)));
}

/** Absolute paths of what a run read: evaluation names what it asked for, the rest asked for files alone. */
export function readPaths({ flake, looked: { files } }: Pick<OpenedFlake, "flake" | "looked">): string[] {
  const { touched } = flake.session;
  const others = [...files].filter((path) => !touched.has(path) && !isAlwaysRelevant(path));
  // Who read a file may have found it by listing its directory.
  return [...touched, ...others, ...others.map((path) => posix.dirname(path))];
}

export interface HookRun {
  readonly argv: readonly string[];
  /** Absolute paths. */
  readonly read: readonly string[];
  /** What it was of. */
  readonly state: Version;
}

/** A record that cannot be written costs time and nothing else. */
export function writeHookRecord({ argv, read, state }: HookRun, io: Pick<Io, "env" | "cwd">): void {
  const repository = hookRepository(io);
  if (repository === null) return;
  const { gitRoot, indexFile } = repository;
  // A run of the work tree says something of what is staged where the two are the same.
  if (state.kind !== "index" && changedFiles(gitRoot, indexFile).length > 0) return;
  const inside = read.map((path) => posix.relative(gitRoot, path) || ".").filter((path) => !path.startsWith(".."));
  const paths = [...new Set(inside)].sort();
  const digest = digestOf(listIndex(gitRoot, indexFile), new Set(paths));
  const record: HookRecord = { version, digest, read: paths };
  const file = recordFile(gitRoot, argv);
  if (file === null) return;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(record));
    renameSync(`${file}.${process.pid}`, file);
  } catch {}
}

/** Fixing reads what checking reads. */
function recordFile(gitRoot: string, argv: readonly string[]): string | null {
  const directory = gitDirectory(gitRoot);
  const line = JSON.stringify(argv.filter((argument) => !argument.startsWith("--fix")));
  const name = createHash("sha256").update(line).digest("hex").slice(0, 16);
  return directory === null ? null : join(directory, "nixlint", `${name}.json`);
}

function readRecord(file: string | null): HookRecord | null {
  if (file === null) return null;
  return JSON.parse(readFileSync(file, "utf8"));
}

function digestOf(staged: TreeEntries, read: ReadonlySet<string>): string {
  const hash = createHash("sha256");
  for (const [path, { kind, object }] of staged) {
    if (isAlwaysRelevant(path) || read.has(path)) hash.update(`${kind} ${object} ${path}\0`);
    // Of a listed directory the names.
    else if (read.has(posix.dirname(path))) hash.update(`${path}\0`);
  }
  return hash.digest("hex");
}
