// Finds the flake a path belongs to: the nearest `flake.nix` upwards, never above the git root.

import { existsSync, lstatSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../lint/user-error.ts";

/** An existing path as the person gave it, made absolute and free of symlinks. */
export function resolveExisting(path: string, cwd: string, hint: string | null = null): string {
  const absolute = resolve(cwd, path);
  try {
    return realpathSync(absolute);
  } catch {
    throw new UserError(`\`${path}\`: no such file or directory`, hint);
  }
}

/** The directory that holds the `flake.nix`. `path` is absolute; it may be a file or a directory. */
export function findFlakeRoot(path: string): string {
  const start = statSync(path).isDirectory() ? path : dirname(path);
  const looked: string[] = [];
  for (let directory = start; ; directory = dirname(directory)) {
    if (isFile(join(directory, "flake.nix"))) return directory;
    looked.push(directory);
    // `.git` is a file in worktrees and submodules.
    if (existsSync(join(directory, ".git")) || dirname(directory) === directory) break;
  }
  throw new UserError("no `flake.nix` found", `looked in ${looked.join(", ")}`);
}

/** Something is there, which is either a file or a mistake worth saying: a directory, a link that leads nowhere. */
function isFile(path: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return false;
  const kind = kindOf(path);
  if (kind === "file") return true;
  throw new UserError(`\`${path}\` is ${kind}, so there is no flake`);
}

function kindOf(path: string): string {
  try {
    return statSync(path).isDirectory() ? "a directory" : "file";
  } catch {
    return "a symlink that leads nowhere";
  }
}
