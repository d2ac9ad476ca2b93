// The files that a flake can see: those git knows in the repository around it, or all of them when there is none.

import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { readLock, storePathOf } from "../flake/lock.ts";
import { UserError } from "../lint/user-error.ts";
import { DiskFileSystem } from "../source/disk-file-system.ts";
import type { FileSystem } from "../source/file-system.ts";
import {
  changedFiles,
  findTree,
  GitError,
  isShallow,
  listIndex,
  listTrackedFiles,
  listTree,
  type TreeEntries,
} from "../source/git.ts";
import { GitFileSystem } from "../source/git-file-system.ts";
import { joinTrees } from "./joined-trees.ts";
import { findGitRoot, type Version } from "./repository.ts";

/** `root` holds the `flake.nix`. The tree starts at the git root: `../` of a flake in a subdirectory leads there. */
export function openFlakeTree(root: string, version: Version): FileSystem {
  const gitRoot = findGitRoot(root);
  if (version.kind !== "work-tree") {
    if (gitRoot === null) throw new UserError(`\`${root}\` is in no git repository, so it has no revisions`);
    return throughGit(gitRoot, () => openGitTree(root, gitRoot, version));
  }
  if (gitRoot === null) return new DiskFileSystem(root);
  const listed = listTrackedFiles(gitRoot);
  if (listed.kind === "no-repository") return new DiskFileSystem(root);
  if (listed.kind === "failed") throw new UserError(`cannot list what git tracks in \`${gitRoot}\`: ${listed.why}`);
  requireFlake(root, gitRoot, new Set([...listed.files].map((path) => relative(gitRoot, path))));
  return new DiskFileSystem(gitRoot, { tracked: listed.files });
}

function requireFlake(root: string, gitRoot: string, tracked: ReadonlySet<string>): void {
  const name = relative(gitRoot, join(root, "flake.nix"));
  if (tracked.has(name)) return;
  throw new UserError(`\`${name}\` is not tracked by git, so there is no flake`, `git add ${name}`);
}

function throughGit<T>(gitRoot: string, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new UserError(`cannot read what git has in \`${gitRoot}\`: ${error.message}`);
  }
}

function openGitTree(root: string, gitRoot: string, version: Exclude<Version, { kind: "work-tree" }>): FileSystem {
  const indexFile = version.kind === "index" ? version.file : version.indexFile;
  const staged = listIndex(gitRoot, indexFile);
  if (version.kind === "index") requireFlake(root, gitRoot, new Set(staged.keys()));
  return new GitFileSystem({
    root: gitRoot,
    entries: version.kind === "index" ? staged : revisionEntries(gitRoot, version.name),
    staged,
    changed: new Set(changedFiles(gitRoot, indexFile)),
    disk: new DiskFileSystem(gitRoot),
  });
}

/** Before the first commit there is no `HEAD`, and nothing in it. */
function revisionEntries(gitRoot: string, name: string): TreeEntries {
  const tree = findTree(gitRoot, name);
  if (tree !== null) return listTree(gitRoot, tree);
  if (name === "HEAD") return new Map();
  const hint = isShallow(gitRoot)
    ? "the clone is shallow: fetch that revision too"
    : "as git names it: a branch, a tag, a commit";
  throw new UserError(`unknown revision \`${name}\``, hint);
}

/** The same tree with the directories of inputs in it, each as git knows it. */
export function addInputTrees(main: FileSystem, directories: Iterable<string>): FileSystem {
  const trees = [...directories].map((directory): [string, FileSystem] => [directory, openInputTree(directory)]);
  return trees.length === 0 ? main : joinTrees(main, new Map(trees));
}

/** The same tree with those locked inputs of the flakes in `directories` that Nix has in its store. */
export function addStoreTrees(main: FileSystem, directories: readonly string[]): FileSystem {
  const locks = directories.map((directory) => readLock(main, join(directory, "flake.lock")));
  const paths = locks.flatMap((lock) => [...(lock?.nodes.values() ?? [])].map(storePathOf));
  const present = paths.filter((path): path is string => path !== undefined && existsSync(path));
  return present.length === 0
    ? main
    : joinTrees(main, new Map(present.map((path) => [path, new DiskFileSystem(path)])));
}

/** An input need not be a flake, and what git does not know of it is as invisible as in the flake itself. */
function openInputTree(directory: string): FileSystem {
  const listed = listTrackedFiles(directory);
  return new DiskFileSystem(directory, listed.kind === "tracked" ? { tracked: listed.files } : {});
}
