// Finds the flake a path belongs to: the nearest `flake.nix` upwards, never above the git root.

import { existsSync, realpathSync, statSync } from "node:fs";
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
    if (existsSync(join(directory, "flake.nix"))) return directory;
    looked.push(directory);
    // `.git` is a file in worktrees and submodules.
    if (existsSync(join(directory, ".git")) || dirname(directory) === directory) break;
  }
  throw new UserError("no `flake.nix` found", `looked in ${looked.join(", ")}`);
}
