// Makes a flake in memory of an example: what the example does not say is a flake.nix with one host around it.

import { rules } from "../rules/index.ts";
import { type Config, defaultConfig, parseConfig } from "../src/lint/config.ts";
import type { Report } from "../src/lint/finding.ts";
import { lintFlake, loadFleet } from "../src/lint/lint-flake.ts";
import type { FileContent, FileSystem } from "../src/source/file-system.ts";
import { MemoryFileSystem } from "../src/source/memory-file-system.ts";
import type { ExampleFile } from "./rule-page.ts";

export const root = "/flake";

/** A secret that is in every example and must be in no report. */
export const canary = "canary-4f1c9a77";

/** One host, `example`, of everything below `roles/` and `hosts/`. */
export function defaultFlake(paths: readonly string[]): string {
  const modules = paths.filter((path) => /^(roles|hosts)\/[^/]+\.nix$/.test(path)).sort();
  return `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  outputs = { nixpkgs, ... }@inputs: {
    nixosConfigurations.example = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      specialArgs = { inherit inputs; };
      modules = [ ${modules.map((path) => `./${path}`).join(" ")} ];
    };
  };
}
`;
}

export interface LintExample {
  readonly profile: "recommended" | "strict";
  readonly today?: string;
}

export function lintExample(files: readonly ExampleFile[], options: LintExample): Report {
  return lintExampleIn(exampleFileSystem(files), files, options);
}

export function exampleFileSystem(files: readonly ExampleFile[]): FileSystem {
  return new ExampleFileSystem(files);
}

/** The example as it is in a file system that began as its own. */
export function lintExampleIn(
  fs: FileSystem,
  files: readonly ExampleFile[],
  { profile, today = "2026-06-01" }: LintExample,
): Report {
  const config = configOf(files, fs);
  const settings = { ...config, fleet: { ...config.fleet, profile } };
  const loaded = loadFleet({ root, fs, overrideInputs: new Map() }, settings);
  return lintFlake(loaded, { rules, config: settings, today });
}

function configOf(files: readonly ExampleFile[], fs: FileSystem): Config {
  if (!files.some(({ path }) => path === "nixlint.toml")) return defaultConfig;
  const path = `${root}/nixlint.toml`;
  const content = fs.readFile(path);
  const text = content.kind === "bytes" ? Buffer.from(content.bytes).toString() : "";
  return parseConfig({ path, text }, rules);
}

class ExampleFileSystem extends MemoryFileSystem implements FileSystem {
  private readonly untracked: ReadonlySet<string>;

  constructor(files: readonly ExampleFile[]) {
    const tracked = files.filter((file) => !file.untracked);
    const texts = new Map([
      ["flake.nix", defaultFlake(tracked.map(({ path }) => path))],
      ["secrets/canary.yaml", `password: ${canary}\n`],
      ...tracked.map(({ path, text }): [string, string] => [path, text]),
    ]);
    super(new Map([...texts].map(([path, text]) => [`${root}/${path}`, bytesOf(text)])));
    this.untracked = new Set(files.filter((file) => file.untracked).map(({ path }) => `${root}/${path}`));
  }

  override readFile(path: string): FileContent {
    return this.untracked.has(path) ? { kind: "missing", untracked: true } : super.readFile(path);
  }
}

/** `\xNN` at the start of a file stands for that byte: headers of encrypted files are no text. */
function bytesOf(text: string): string | Uint8Array {
  if (!text.startsWith("\\x")) return text;
  const unescaped = text.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(unescaped, "latin1");
}
