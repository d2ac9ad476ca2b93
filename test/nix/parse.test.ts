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

/** null when Nix parses all of the files, else what it says of the first that it does not. */
function parseError(files: readonly string[]): string | null {
  const paths = files.map((file) => join(root, file));
  try {
    execFileSync("nix-instantiate", ["--parse", "--store", "dummy://", ...paths], {
      stdio: ["ignore", "ignore", "pipe"],
    });
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
    expect(parseError(files)).toBeNull();
  });

  test("the fixture flakes, but for the syntax errors they are meant to have", () => {
    const files = nixFiles("fixtures/flakes");
    expect(files.length).toBeGreaterThan(30);
    const broken = expectedSyntaxErrors();
    expect(parseError(files.filter((file) => !broken.includes(file)))).toBeNull();
    for (const file of broken) expect(parseError([file]), file).not.toBeNull();
  });
});

test("every fixture flake says what is expected of it", () => {
  const flakes = globbySync("fixtures/flakes/*", { cwd: root, onlyDirectories: true });
  expect(flakes.length).toBeGreaterThanOrEqual(9);
  for (const flake of flakes) expect(existsSync(join(root, flake, "expected.txt")), flake).toBe(true);
});
