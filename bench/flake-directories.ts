// Where the flakes to measure are, and what the repository of each is called.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { DiskFileSystem } from "../src/source/disk-file-system.ts";
import { listTrackedFiles } from "../src/source/git.ts";

/** Directories with a flake.nix, not below another one nor inside of a repository. */
export function findFlakes(directory: string): string[] {
  if (existsSync(join(directory, "flake.nix"))) return [directory];
  if (existsSync(join(directory, ".git"))) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith("."))
    .flatMap((entry) => findFlakes(join(directory, entry.name)))
    .sort();
}

/** `owner/name` of a checkout in the directory `owner+name`. */
export function nameOf(root: string): string {
  return basename(root).replace("+", "/");
}

export function commitOf(root: string): string {
  return execFileSync("git", ["-C", root, "rev-parse", "HEAD"], { encoding: "utf8" }).trim();
}

/** The files that git knows of it, or all where there is no git. */
export function openFlake(root: string): DiskFileSystem {
  const tracked = listTrackedFiles(root);
  return new DiskFileSystem(root, tracked.kind === "tracked" ? { tracked: tracked.files } : {});
}
