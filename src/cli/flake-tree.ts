// The files that a flake can see: those git knows in the repository around it, or all of them when there is none.

import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { UserError } from "../lint/user-error.ts";
import { DiskFileSystem } from "../source/disk-file-system.ts";
import type { FileSystem } from "../source/file-system.ts";
import { listTrackedFiles } from "../source/git.ts";
import { joinTrees } from "./joined-trees.ts";

/** `root` holds the `flake.nix`. The tree starts at the git root: `../` of a flake in a subdirectory leads there. */
export function openFlakeTree(root: string): FileSystem {
  const gitRoot = findGitRoot(root);
  if (gitRoot === null) return new DiskFileSystem(root);
  const listed = listTrackedFiles(gitRoot);
  if (listed.kind === "no-repository") return new DiskFileSystem(root);
  if (listed.kind === "failed") throw new UserError(`cannot list what git tracks in \`${gitRoot}\`: ${listed.why}`);
  const flakeFile = join(root, "flake.nix");
  if (listed.files.has(flakeFile)) return new DiskFileSystem(gitRoot, { tracked: listed.files });
  const name = relative(gitRoot, flakeFile);
  throw new UserError(`\`${name}\` is not tracked by git, so there is no flake`, `git add ${name}`);
}

/** The same tree with the directories of inputs in it, each as git knows it. */
export function addInputTrees(main: FileSystem, directories: Iterable<string>): FileSystem {
  const trees = [...directories].map((directory): [string, FileSystem] => [directory, openInputTree(directory)]);
  return trees.length === 0 ? main : joinTrees(main, new Map(trees));
}

/** An input need not be a flake, and what git does not know of it is as invisible as in the flake itself. */
function openInputTree(directory: string): FileSystem {
  const listed = listTrackedFiles(directory);
  return new DiskFileSystem(directory, listed.kind === "tracked" ? { tracked: listed.files } : {});
}

/** The nearest directory upwards with a `.git`, which is a file in worktrees and submodules. */
export function findGitRoot(directory: string): string | null {
  if (existsSync(join(directory, ".git"))) return directory;
  const parent = dirname(directory);
  return parent === directory ? null : findGitRoot(parent);
}
