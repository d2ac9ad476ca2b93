// Whether a commit can be told to touch nothing, decided from git and from what the last run read.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { touchesNothing } from "../../src/cli/hook-record.ts";
import { makeRepository, run } from "./run.ts";

const flake = `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.nas = nixpkgs.lib.nixosSystem {
      modules = [ { services.jellyfin.enable = builtins.readFile ./name == "media"; } ]
        ++ map (name: ./hosts + "/\${name}") (builtins.attrNames (builtins.readDir ./hosts));
    };
  };
}
`;
const files = { "flake.nix": flake, name: "nas", "hosts/a.nix": "{ }\n", "README.md": "", ".github/x.yaml": "" };
const env = { GIT_INDEX_FILE: ".git/index" };

function git(directory: string, ...args: string[]): void {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.net", "-c", "commit.gpgsign=false"];
  execFileSync("git", ["-C", directory, ...identity, ...args], { stdio: "ignore" });
}

function stage(directory: string, changes: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(changes)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  git(directory, "add", "-A");
}

const argv = ["check", "--hook"];

/** One commit, and what a run in its hook read. */
async function recorded(): Promise<string> {
  const directory = makeRepository(files);
  git(directory, "commit", "-qm", "x");
  expect((await run(directory, argv, { env })).code).toBe(0);
  return directory;
}

test("nothing is touched by what nobody reads", async () => {
  const directory = await recorded();
  const skips = (given = argv, more = {}) => touchesNothing(given, { env, cwd: directory, ...more });
  expect(skips()).toBe(true);
  stage(directory, { "README.md": "more", ".github/x.yaml": "on: push", "notes/new.txt": "x" });
  expect(skips()).toBe(true);
  expect(skips(["check", "--hook", "--fix=safe"])).toBe(true);
  expect(skips(["check", "--hook", "--profile=strict"])).toBe(false);
  // Not in a hook everything is checked.
  expect(skips(argv, { env: {} })).toBe(false);
});

test.each([
  ["a Nix file, read or not", { "unused.nix": "{ }\n" }],
  ["a file that is read", { name: "attic" }],
  ["a new file in a directory that is listed", { "hosts/x": "{ }\n" }],
  ["a secret", { "secrets/new": "x" }],
  ["data", { "a/b.yaml": "x: 1\n" }],
  ["settings", { "nixlint.toml": "" }],
  ["the baseline", { ".nixlint-baseline.json": "{}" }],
  ["a lock file", { "flake.lock": "{}" }],
] as const)("touched: %s", async (_, changes) => {
  const directory = await recorded();
  stage(directory, changes);
  expect(touchesNothing(argv, { env, cwd: directory })).toBe(false);
});

test("touched: a file that goes", async () => {
  const directory = await recorded();
  git(directory, "rm", "-q", "name");
  expect(touchesNothing(argv, { env, cwd: directory })).toBe(false);
});

test("a record holds for what it was made from", async () => {
  const directory = await recorded();
  stage(directory, { "flake.nix": flake.replace("./name", "./README.md") });
  git(directory, "commit", "-qm", "x");
  stage(directory, { "README.md": "x" });
  expect(touchesNothing(argv, { env, cwd: directory })).toBe(false);
});

test("without a record, with a broken one, before the first commit: not known", async () => {
  const fresh = makeRepository(files);
  expect(touchesNothing(argv, { env, cwd: fresh })).toBe(false);
  await run(fresh, argv, { env });
  expect(touchesNothing(argv, { env, cwd: fresh })).toBe(false);
  const directory = await recorded();
  const [name] = readdirSync(join(directory, ".git/nixlint"));
  writeFileSync(join(directory, ".git/nixlint", name!), "{");
  expect(touchesNothing(argv, { env, cwd: directory })).toBe(false);
});
