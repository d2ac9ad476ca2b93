// The installed Nix as a judge: expressions in, their values as JSON out, without a store.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const hasNix = spawnSync("nix-instantiate", ["--version"]).status === 0;

/** One process for all: an error in one hides the rest. */
export function evaluateWithNix(sources: readonly string[]): readonly unknown[] {
  return inTemporaryDirectory((directory) => {
    const file = join(directory, "expressions.nix");
    writeFileSync(file, `[\n${sources.map((source) => `(${source})`).join("\n")}\n]\n`);
    return JSON.parse(runNix(directory, ["--json", file]));
  });
}

/** The file's value as Nix prints it. */
export function printWithNix(file: string): string {
  return inTemporaryDirectory((directory) => runNix(directory, [file]));
}

function runNix(directory: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync("nix-instantiate", ["--eval", "--strict", ...args], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    // Nix needs a store to start, not to evaluate.
    env: { ...process.env, NIX_STATE_DIR: join(directory, "state"), NIX_REMOTE: "dummy://" },
  });
  if (stderr.includes("error:")) throw new Error(stderr);
  return stdout;
}

function inTemporaryDirectory<T>(run: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), "nixlint-nix-"));
  try {
    return run(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
