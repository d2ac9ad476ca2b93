// A command that is not asked to write leaves every file, directory and time of the repository as it was, git's own too.

import { execFileSync } from "node:child_process";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { flake, makeRepository, run, uncovered } from "../cli/run.ts";

function stateOf(root: string): readonly string[] {
  const names = ["", ...readdirSync(root, { recursive: true, encoding: "utf8" })].sort();
  return names.map((name) => {
    const stat = lstatSync(join(root, name));
    const text = stat.isFile() ? readFileSync(join(root, name), "latin1") : "";
    return `${name} ${stat.mode} ${stat.mtimeMs} ${text}`;
  });
}

test.each([
  "check",
  "check -v --profile strict",
  "check --format sarif",
  "check --changed",
  "check --hook",
  "check --diff --unsafe-fixes",
  "fleet",
  "eval .",
  "rules",
  "explain service-without-backup",
])("%s", async (line) => {
  const root = makeRepository({ "flake.nix": flake, "hosts/nas.nix": uncovered });
  execFileSync("git", ["-C", root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"]);
  const before = stateOf(root);
  const { stderr } = await run(root, line.split(" "));
  expect(stderr).not.toContain("bug in nixlint");
  expect(stateOf(root)).toEqual(before);
});
