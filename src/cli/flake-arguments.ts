// What `check` and `fleet` share: which flake, under which configuration, with which inputs.

import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { rules } from "../../rules/index.ts";
import { type Config, configFileName, defaultConfig, parseConfig } from "../lint/config.ts";
import { type FlakeSource, type LoadedFlake, loadFleet } from "../lint/lint-flake.ts";
import { suggest } from "../lint/suggestion.ts";
import { UserError } from "../lint/user-error.ts";
import { openTree } from "../source/open-tree.ts";
import { resolveExisting } from "./flake-root.ts";
import type { Io } from "./io.ts";

export interface FlakeFlags {
  readonly config?: string;
  readonly profile?: "recommended" | "strict";
  readonly overrideInput?: ReadonlyMap<string, string>;
  readonly host?: readonly string[];
}

export interface OpenedFlake extends LoadedFlake {
  readonly config: Config;
}

/** `root` is the absolute directory of `flake.nix`. */
export function openFlake(root: string, flags: FlakeFlags, io: Io): OpenedFlake {
  const config = withProfile(readConfig(root, flags, io), flags.profile);
  const source: FlakeSource = { root, fs: openTree(root), overrideInputs: overriddenInputs(root, config, { flags, io }) };
  const loaded = loadFleet(source, config);
  rejectUnknownHosts(flags.host ?? [], loaded);
  return { ...loaded, config };
}
