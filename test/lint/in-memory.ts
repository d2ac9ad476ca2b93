// Flakes in memory for tests of the engine: a flake.nix with literal hosts, and rules made for the test.

import { defaultConfig, parseConfig } from "../../src/lint/config.ts";
import { lint } from "../../src/lint/engine.ts";
import type { Report } from "../../src/lint/finding.ts";
import { loadFleet } from "../../src/lint/lint-flake.ts";
import type { Settings } from "../../src/lint/settings.ts";
import type { Rule } from "../../src/rule.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";

export const root = "/flake";

/** Each host imports `./<name>.nix`. */
export function flakeWithHosts(names: readonly string[]): string {
  const hosts = names.map(
    (name) => `nixosConfigurations.${name} = nixpkgs.lib.nixosSystem { modules = [ ./${name}.nix ]; };`,
  );
  return `{ outputs = { nixpkgs, ... }: { ${hosts.join(" ")} }; }\n`;
}

export interface LintInMemory {
  readonly rules: readonly Rule[];
  readonly settings?: Partial<Settings>;
  readonly config?: string;
}

export function lintInMemory(files: Readonly<Record<string, string>>, request: LintInMemory): Report {
  const texts = new Map(Object.entries(files).map(([path, text]) => [`${root}/${path}`, text]));
  const config =
    request.config === undefined
      ? defaultConfig
      : parseConfig({ path: `${root}/nixlint.toml`, text: request.config }, request.rules);
  const { flake, fleet } = loadFleet({ root, fs: new MemoryFileSystem(texts), overrideInputs: new Map() }, config);
  const { files: flakeFiles, assumptions, unresolved } = flake;
  return lint({ files: flakeFiles, assumptions, unresolved, fleet }, request.rules, {
    profile: config.fleet.profile,
    rules: config.rules,
    waivers: config.waivers,
    overrides: config.overrides,
    source: config.source,
    today: "2026-06-01",
    ...request.settings,
  });
}
