// From the files of a flake to its report: the whole pipeline behind one function.

import type { Flake } from "../flake/flake.ts";
import { loadFlake } from "../flake/load.ts";
import { buildFleet, type Fleet } from "../fleet/fleet.ts";
import type { Rule } from "../rule.ts";
import type { FileSystem } from "../source/file-system.ts";
import { timed } from "../source/stopwatch.ts";
import { applyBaseline, type BaselineEntry } from "./baseline.ts";
import type { Config } from "./config.ts";
import { lint } from "./engine.ts";
import type { Report } from "./finding.ts";
import type { Settings } from "./settings.ts";

export interface FlakeSource {
  /** Absolute; the directory that holds `flake.nix`. */
  readonly root: string;
  readonly fs: FileSystem;
  /** Input name -> absolute directory, instead of what `flake.lock` says. */
  readonly overrideInputs: ReadonlyMap<string, string>;
  /** Reads inputs from the Nix store where `fs` has them. */
  readonly storeInputs?: boolean;
}

export interface LoadedFlake {
  readonly flake: Flake;
  readonly fleet: Fleet;
}

export interface LintOptions {
  /** The whole registry; configuration and profile choose from it. */
  readonly rules: readonly Rule[];
  readonly config: Config;
  /** Findings to mark as known. */
  readonly baseline?: readonly BaselineEntry[];
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

export function loadFleet({ root, fs, ...inputs }: FlakeSource, config: Config): LoadedFlake {
  const flake = loadFlake(root, fs, { roles: config.fleet.roles, ...inputs });
  return { flake, fleet: buildFleet(flake, config.fleet) };
}

export function lintFlake({ flake, fleet }: LoadedFlake, { rules, config, baseline = [], today }: LintOptions): Report {
  const settings: Settings = {
    profile: config.fleet.profile,
    rules: config.rules,
    overrides: config.overrides,
    waivers: config.waivers,
    source: config.source,
    today,
  };
  const { files, assumptions, unresolved } = flake;
  const report = timed("rules", () => lint({ files, assumptions, unresolved, fleet }, rules, settings));
  return baseline.length === 0 ? report : applyBaseline(report, baseline, { rules, settings });
}
