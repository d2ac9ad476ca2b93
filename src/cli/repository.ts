// The git repository around a directory, and which state of it is looked at.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
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
