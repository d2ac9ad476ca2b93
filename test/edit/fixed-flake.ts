// Makes all fixes of a flake of a few files in memory: what changes, by path below the root.

import { rules } from "../../rules/index.ts";
import type { Safety } from "../../src/edit/edit.ts";
import { defaultConfig } from "../../src/lint/config.ts";
import type { Report } from "../../src/lint/finding.ts";
import { type FixResult, runFixes } from "../../src/lint/fix-loop.ts";
import { type LoadedFlake, lintFlake, loadFleet } from "../../src/lint/lint-flake.ts";
import type { FileSystem } from "../../src/source/file-system.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";

export const root = "/flake";

/** Hosts and the modules of each, as Nix. */
export function flakeOf(hosts: Readonly<Record<string, readonly string[]>>): string {
  const lines = Object.entries(hosts).map(
    ([name, modules]) =>
      `    nixosConfigurations.${name} = nixpkgs.lib.nixosSystem { modules = [ ${modules.join(" ")} ]; };\n`,
  );
  return `{\n  outputs = { nixpkgs, ... }: {\n${lines.join("")}  };\n}\n`;
}

export function memoryOf(files: Readonly<Record<string, string>>): FileSystem {
  return new MemoryFileSystem(new Map(Object.entries(files).map(([path, text]) => [`${root}/${path}`, text])));
}

export interface State {
  readonly loaded: LoadedFlake;
  readonly report: Report;
}

export function stateOf(fs: FileSystem): State {
  const loaded = loadFleet({ root, fs, overrideInputs: new Map() }, defaultConfig);
  return { loaded, report: lintFlake(loaded, { rules, config: defaultConfig, today: "2026-06-01" }) };
}

export interface FixedFlake extends FixResult {
  readonly texts: Readonly<Record<string, string>>;
}

/** With `rule`, only its findings. */
export function fixFlake(
  files: Readonly<Record<string, string>>,
  { rule, safeties = ["safe", "scaffold"] }: { readonly rule?: string; readonly safeties?: readonly Safety[] } = {},
): FixedFlake {
  const narrow = (report: Report) =>
    rule === undefined
      ? report
      : { ...report, diagnostics: report.diagnostics.filter((diagnostic) => diagnostic.rule === rule) };
  const result = runFixes({
    fs: memoryOf(files),
    lint: (fs) => stateOf(fs).report,
    narrow,
    safeties: new Set(safeties),
  });
  const texts = Object.fromEntries(result.files.map(({ path, after }) => [path.slice(root.length + 1), after]));
  return { ...result, texts };
}
