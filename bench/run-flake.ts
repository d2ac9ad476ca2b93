// One flake on disk as the command line would see it: its fleet and its report.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { rules } from "../rules/index.ts";
import { type Config, defaultConfig } from "../src/lint/config.ts";
import type { Report } from "../src/lint/finding.ts";
import { type LoadedFlake, lintFlake, loadFleet } from "../src/lint/lint-flake.ts";
import { DiskFileSystem } from "../src/source/disk-file-system.ts";
import { listTrackedFiles } from "../src/source/git.ts";

export interface Run extends LoadedFlake {
  readonly report: Report;
  readonly seconds: number;
}

export function runFlake(root: string, config: Config = defaultConfig): Run {
  const start = performance.now();
  const tracked = listTrackedFiles(root);
  const fs = new DiskFileSystem(root, tracked.kind === "tracked" ? { tracked: tracked.files } : {});
  const loaded = loadFleet({ root, fs, overrideInputs: new Map() }, config);
  const report = lintFlake(loaded, { rules, config, today: new Date().toISOString().slice(0, 10) });
  return { ...loaded, report, seconds: (performance.now() - start) / 1000 };
}

/** The directory itself when it has a flake.nix, else its directories that have one; links to directories count. */
export function findFlakes(directory: string): readonly string[] {
  if (existsSync(join(directory, "flake.nix"))) return [directory];
  return readdirSync(directory)
    .map((name) => join(directory, name))
    .filter((path) => existsSync(join(path, "flake.nix")))
    .sort();
}

/** `owner/repository@commit`, from a checkout named `owner+repository`. */
export function nameOf(root: string): string {
  const commit = execFileSync("git", ["-C", root, "rev-parse", "--short=12", "HEAD"], { encoding: "utf8" }).trim();
  return `${basename(root).replace("+", "/")}@${commit}`;
}
