// Runs the command line in this process, on flakes written to a temporary git repository.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function run(cwd: string, argv: readonly string[], extra: Partial<Io> = {}): Promise<Result> {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    stdout: (text) => out.push(text),
    stderr: (text) => err.push(text),
    env: {},
    cwd,
    stdoutIsTerminal: false,
    now: () => new Date("2026-06-01T12:00:00Z"),
    ...extra,
  };
  const code = await main(argv, io);
  return { code, stdout: out.join(""), stderr: err.join("") };
}

/** A directory that goes away with the test; symlinks in its path are resolved. */
export function makeDirectory(files: Readonly<Record<string, string>>): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "nixlint-cli-")));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}

/** All files are added to git; `untracked` are written afterwards. */
export function makeRepository(
  files: Readonly<Record<string, string>>,
  untracked: Readonly<Record<string, string>> = {},
): string {
  const directory = makeDirectory(files);
  git(directory, "init", "-q");
  git(directory, "add", "-A");
  for (const [path, text] of Object.entries(untracked)) writeFileSync(join(directory, path), text);
  return directory;
}

function git(directory: string, ...args: string[]): void {
  execFileSync("git", ["-C", directory, ...args], { stdio: "ignore" });
}

export const flake = `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.nas = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [ ./hosts/nas.nix ];
    };
  };
}
`;

/** Radicale keeps state, and nothing saves it. */
export const uncovered = "{\n  services.radicale.enable = true;\n}\n";
export const nothing = "{\n  services.openssh.enable = true;\n}\n";
