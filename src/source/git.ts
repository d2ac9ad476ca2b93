// What git knows of a repository: which files are tracked, what is staged, what a revision holds.

import { spawnSync } from "node:child_process";
import { posix } from "node:path";

export type TrackedFiles =
  | { readonly kind: "tracked"; readonly files: ReadonlySet<string> }
  /** Not in a git repository: every file is visible. */
  | { readonly kind: "no-repository" }
  /** It is a repository, and git did not say what is in it; `why` is one clause. */
  | { readonly kind: "failed"; readonly why: string };

/** What stands at a path of a tree. */
export interface TreeEntry {
  readonly kind: "regular" | "symlink" | "submodule";
  /** The object that holds its content. */
  readonly object: string;
}

/** By path, relative to the repository. */
export type TreeEntries = ReadonlyMap<string, TreeEntry>;

export class GitError extends Error {}

const maxOutputBytes = 256 * 1024 * 1024;

/** `directory` is absolute and normalised; the paths that come back are too. Files of submodules are not listed. */
export function listTrackedFiles(directory: string): TrackedFiles {
  try {
    const names = paths(git(directory, ["ls-files", "-z", "--cached"]));
    return { kind: "tracked", files: new Set(names.map((name) => posix.join(directory, name))) };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return error.message.includes("not a git repository")
      ? { kind: "no-repository" }
      : { kind: "failed", why: error.message };
  }
}

/** What the next commit would hold. `indexFile` is absolute; null: the repository's own. */
export function listIndex(root: string, indexFile: string | null): TreeEntries {
  const listed = paths(git(root, ["ls-files", "-z", "--stage"], { indexFile }));
  const staged = new Map<string, TreeEntry>();
  let mayBeIntended = false;
  for (const line of listed) {
    const [meta = "", path = ""] = splitAt(line, "\t");
    const [mode = "", object = "", stage] = meta.split(" ");
    // In a conflict: our side.
    if (stage !== "0" && stage !== "2") continue;
    staged.set(path, { kind: kindOfMode(mode), object });
    mayBeIntended ||= emptyBlobs.has(object);
  }
  // `git add -N` lists a file that no commit would hold.
  if (mayBeIntended) for (const path of changedFiles(root, indexFile, ["--diff-filter=A"])) staged.delete(path);
  return staged;
}

/** The object of an empty file, by either hash. */
const emptyBlobs: ReadonlySet<string> = new Set([
  "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
  "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
]);

/** `tree` is an object name. */
export function listTree(root: string, tree: string): TreeEntries {
  const listed = paths(git(root, ["ls-tree", "-r", "-z", "--full-tree", tree]));
  const entries = listed.map((line): [string, TreeEntry] => {
    const [meta = "", path = ""] = splitAt(line, "\t");
    const [mode = "", , object = ""] = meta.split(" ");
    return [path, { kind: kindOfMode(mode), object }];
  });
  return new Map(entries);
}

/** The tree of a revision; null when there is none of that name. */
export function findTree(root: string, revision: string): string | null {
  try {
    // What starts with a dash would be a flag, and is no revision.
    if (revision.startsWith("-")) return null;
    return git(root, ["rev-parse", "--verify", "--quiet", `${revision}^{tree}`])
      .toString()
      .trim();
  } catch (error) {
    if (error instanceof GitError) return null;
    throw error;
  }
}

/** Whether history was cut off, as CI does. */
export function isShallow(root: string): boolean {
  return git(root, ["rev-parse", "--is-shallow-repository"]).toString().trim() === "true";
}

/** Tracked files whose text on disk may differ from what is staged. Relative paths. */
export function changedFiles(root: string, indexFile: string | null, flags: readonly string[] = []): readonly string[] {
  return paths(git(root, ["diff-files", "--name-only", "-z", "--ignore-submodules", ...flags], { indexFile }));
}

export interface StagedChange {
  readonly path: string;
  readonly kind: "A" | "D" | "M" | "T";
}

/** What the commit under way changes; a rename is a file that goes and one that comes. Throws before the first commit. */
export function stagedChanges(root: string, indexFile: string | null): readonly StagedChange[] {
  const flags = ["--cached", "--name-status", "--no-renames", "--ignore-submodules", "-z"];
  const fields = paths(git(root, ["diff-index", ...flags, "HEAD"], { indexFile }));
  const changes: StagedChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    changes.push({ kind: fields[at] as StagedChange["kind"], path: fields[at + 1] ?? "" });
  }
  return changes;
}

/** The contents of objects that are no larger than `maxBytes`. */
export function readObjects(root: string, objects: Iterable<string>, maxBytes: number): Map<string, Uint8Array> {
  const wanted = [...new Set(objects)];
  const sizes = git(root, ["cat-file", "--batch-check"], { input: lines(wanted) });
  const small = sizes
    .toString()
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, type, size]) => type === "blob" && Number(size) <= maxBytes)
    .map(([object = ""]) => object);
  return parseBatch(git(root, ["cat-file", "--batch"], { input: lines(small) }));
}

/** `<object> blob <size>`, a line feed, the content, a line feed; again and again. */
function parseBatch(output: Buffer): Map<string, Uint8Array> {
  const contents = new Map<string, Uint8Array>();
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0x0a, at);
    const [object = "", , size] = output.toString("latin1", at, end).split(" ");
    const start = end + 1;
    at = start + Number(size) + 1;
    contents.set(object, output.subarray(start, at - 1));
  }
  return contents;
}

function lines(objects: readonly string[]): string {
  return objects.map((object) => `${object}\n`).join("");
}

function kindOfMode(mode: string): TreeEntry["kind"] {
  if (mode === "120000") return "symlink";
  return mode === "160000" ? "submodule" : "regular";
}

function splitAt(text: string, sign: string): readonly [string, string] {
  const at = text.indexOf(sign);
  return [text.slice(0, at), text.slice(at + 1)];
}

function paths(output: Buffer): string[] {
  return output
    .toString()
    .split("\0")
    .filter((name) => name !== "");
}

interface GitInput {
  readonly input?: string;
  /** Null: the repository's own. */
  readonly indexFile?: string | null;
}

/** What git prints; throws `GitError` with its first line when it fails. */
export function git(
  directory: string,
  args: readonly string[],
  { input = "", indexFile = null }: GitInput = {},
): Buffer {
  const result = spawnSync("git", [...harmless, "-C", directory, ...args], {
    input,
    maxBuffer: maxOutputBytes,
    env: environment(indexFile),
  });
  if (result.error) throw new GitError(`git could not be run: ${result.error.message}`);
  if (result.status === 0) return result.stdout;
  throw new GitError(result.stderr.toString().trim().split("\n")[0] || "git failed");
}

/**
 * A repository's configuration may name programs that git would start when it is only asked a question, and a directory
 * that was committed may look like a repository of its own.
 */
const harmless = [
  ...["-c", "core.fsmonitor=false"],
  ...["-c", "diff.external="],
  ...["-c", "safe.bareRepository=explicit"],
  "--no-pager",
];

/** Objects that a partial clone lacks stay missing: fetching them would start whatever reaches the remote. */
const offline = { GIT_NO_LAZY_FETCH: "1", GIT_ALLOW_PROTOCOL: "none", GIT_TERMINAL_PROMPT: "0" };

/** A hook's variables name the repository it runs for, and must not turn other directories into it. */
function environment(indexFile: string | null): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_PREFIX, ...inherited } = process.env;
  // Answers must not depend on the language of the user.
  const env = { ...inherited, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", ...offline };
  return indexFile === null ? env : { ...env, GIT_INDEX_FILE: indexFile };
}
