// What real Nix says of every Nix file committed here: the reference flake parses, and so do the fixture flakes,
// except the files whose expected.txt names a syntax error.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { globbySync } from "globby";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const hasNix = spawnSync("nix-instantiate", ["--version"]).status === 0;
if (!hasNix) console.warn("skipped: nix-instantiate is not installed, so no Nix file is parsed by Nix");

/** null when Nix parses the file, else what it says. One process per file: Nix stops at the first error. */
function parseError(file: string): string | null {
  try {
    execFileSync("nix-instantiate", ["--parse", "--store", "dummy://", file], { stdio: ["ignore", "ignore", "pipe"] });
    return null;
  } catch (error) {
    return String((error as { stderr: Buffer }).stderr); // execFileSync throws with stderr when it is piped
  }
}

function nixFiles(directory: string): readonly string[] {
  return globbySync(`${directory}/**/*.nix`, { cwd: root }).sort();
}

/** Files, relative to the root, that a fixture says cannot be parsed. */
function expectedSyntaxErrors(): readonly string[] {
  return globbySync("fixtures/flakes/*/expected.txt", { cwd: root }).flatMap((expected) => {
    const lines = readFileSync(join(root, expected), "utf8").split("\n");
    const files = lines.filter((line) => / error syntax-error:/.test(line)).map((line) => line.split(":")[0]!);
    return files.map((file) => expected.replace("expected.txt", file));
  });
}

describe.skipIf(!hasNix)("real Nix parses", () => {
  test("the reference flake", () => {
    const files = nixFiles("nix");
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => parseError(join(root, file)) !== null)).toEqual([]);
  });

  test("the fixture flakes, but for the syntax errors they are meant to have", () => {
    const files = nixFiles("fixtures/flakes");
    expect(files.length).toBeGreaterThan(30);
    expect(files.filter((file) => parseError(join(root, file)) !== null)).toEqual([...expectedSyntaxErrors()].sort());
  });
});

test("every fixture flake says what is expected of it", () => {
  const flakes = globbySync("fixtures/flakes/*", { cwd: root, onlyDirectories: true });
  expect(flakes.length).toBeGreaterThanOrEqual(9);
  for (const flake of flakes) expect(existsSync(join(root, flake, "expected.txt")), flake).toBe(true);
});
