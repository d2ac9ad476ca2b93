// One flake on disk as the command line would see it: its fleet and its report.

import { rules } from "../rules/index.ts";
import { type Config, defaultConfig } from "../src/lint/config.ts";
import type { Report } from "../src/lint/finding.ts";
import { type LoadedFlake, lintFlake, loadFleet } from "../src/lint/lint-flake.ts";
import { commitOf, nameOf, openFlake } from "./flake-directories.ts";

export interface Run extends LoadedFlake {
  readonly report: Report;
  readonly seconds: number;
}

export function runFlake(root: string, config: Config = defaultConfig): Run {
  const start = performance.now();
  const loaded = loadFleet({ root, fs: openFlake(root), overrideInputs: new Map() }, config);
  const report = lintFlake(loaded, { rules, config, today: new Date().toISOString().slice(0, 10) });
  return { ...loaded, report, seconds: (performance.now() - start) / 1000 };
}

/** `owner/repository@commit`. */
export function versionOf(root: string): string {
  return `${nameOf(root)}@${commitOf(root).slice(0, 12)}`;
}
