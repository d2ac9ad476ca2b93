// Every flake of fixtures/flakes gives the findings and doubts written down beside it, and nothing else.
// `UPDATE_EXPECTED=1 npx vitest run test/fixture-flakes.test.ts` writes them anew: read the difference before you commit.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../src/cli/main.ts";

const directory = "fixtures/flakes";
const flakes = readdirSync(directory).filter((name) => existsSync(join(directory, name, "flake.nix")));

async function check(flake: string): Promise<string> {
  let output = "";
  await main(["check", flake, "--format", "concise", "-v"], {
    stdout: (text) => {
      output += text;
    },
    stderr: (text) => {
      output += text;
    },
    env: {},
    cwd: process.cwd(),
    stdoutIsTerminal: false,
    now: () => new Date("2026-01-01T00:00:00Z"),
  });
  return output;
}

describe("the fixture flake", () => {
  it.each(flakes)("%s", async (name) => {
    const output = await check(join(directory, name));
    const expected = join(directory, name, "expected.txt");
    expect(output).not.toContain("bug in nixlint");
    if (process.env.UPDATE_EXPECTED === "1") writeFileSync(expected, output);
    expect(output).toBe(readFileSync(expected, "utf8"));
  });
});
