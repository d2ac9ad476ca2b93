// The git repository around a directory, and which state of it is looked at.

import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { DiskFileSystem } from "../source/disk-file-system.ts";
import type { Io } from "./io.ts";

export type Version =
  | { readonly kind: "work-tree" }
  /** What is staged; the absolute path of the index. */
  | { readonly kind: "index"; readonly file: string }
  | { readonly kind: "revision"; readonly name: string; readonly indexFile: string | null };

/** In a git hook the index counts: what is not staged is not in the commit. */
export function currentVersion(root: string, { env, cwd }: Pick<Io, "env" | "cwd">): Version {
  const file = env.GIT_INDEX_FILE;
  const gitRoot = findGitRoot(root);
  if (file === undefined || file === "" || gitRoot === null) return { kind: "work-tree" };
  // Hooks start at the root of their repository, which the path is relative to.
  return findGitRoot(cwd) === gitRoot ? { kind: "index", file: resolve(gitRoot, file) } : { kind: "work-tree" };
}

/** The nearest directory upwards with a `.git`, which is a file in worktrees and submodules. */
export function findGitRoot(directory: string): string | null {
  if (existsSync(join(directory, ".git"))) return directory;
  const parent = dirname(directory);
  return parent === directory ? null : findGitRoot(parent);
}

/** What nixlint may read and write for a flake: the repository, or the flake where there is none. */
export function limitOf(root: string): string {
  return findGitRoot(root) ?? root;
}

/** `path` is free of symlinks. What is git's own is not part of it. */
export function liesWithin(path: string, limit: string): boolean {
  if (path !== limit && !path.startsWith(limit.endsWith(sep) ? limit : limit + sep)) return false;
  return !path.slice(limit.length).split(sep).includes(".git");
}

/** The text of a file that is really below the directory; null when there is none. */
export function readWithin(directory: string, path: string): string | null {
  const content = new DiskFileSystem(directory).readFile(path);
  return content.kind === "bytes" ? Buffer.from(content.bytes).toString() : null;
}

/** With the symlinks resolved of as much of the path as exists. */
export function realPathOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realPathOf(parent), path.slice(parent.length + 1));
}

/** Where git keeps what is its own; null when it cannot be told. */
export function gitDirectory(gitRoot: string): string | null {
  const path = join(gitRoot, ".git");
  try {
    const link = /^gitdir: (.*)$/m.exec(readFileSync(path, "utf8"))?.[1];
    return link === undefined ? null : resolve(gitRoot, link);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EISDIR" ? path : null;
  }
}
