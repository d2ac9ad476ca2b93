// The files that a flake can see: those git knows in the repository around it, or all of them when there is none.

import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { UserError } from "../lint/user-error.ts";
import { DiskFileSystem } from "../source/disk-file-system.ts";
import type { FileSystem } from "../source/file-system.ts";
import { listTrackedFiles } from "../source/git.ts";

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

/** The nearest directory upwards with a `.git`, which is a file in worktrees and submodules. */
export function findGitRoot(directory: string): string | null {
  if (existsSync(join(directory, ".git"))) return directory;
  const parent = dirname(directory);
  return parent === directory ? null : findGitRoot(parent);
}
