// The files that nixlint itself looks for beside a flake come with the repository, and so may be anything: a symlink, a
// device, a pipe without end. They are read and written only where they really are in the repository.

import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { flake, makeDirectory, makeRepository, run, uncovered } from "../cli/run.ts";

const files = { "flake.nix": flake, "hosts/nas.nix": uncovered };
const settings = ["nixlint.toml", ".nixlint-baseline.json"];

function outsideFile(text = 'canary = "CANARY"\n'): string {
  return join(makeDirectory({ "outside.toml": text }), "outside.toml");
}

test.each(settings)("%s is no symlink out of the repository", async (name) => {
  const root = makeRepository(files);
  symlinkSync(outsideFile(), join(root, name));
  const { code, stdout, stderr } = await run(root, ["check"]);
  expect(stdout + stderr).not.toMatch(/canary/i);
  expect(stderr).toBe(`nixlint: cannot read \`${name}\`: it is a symlink that leads out of the flake\n`);
  expect(code).toBe(2);
});

test.each(settings)("%s is no device and no pipe", async (name) => {
  const root = makeRepository(files);
  execFileSync("mkfifo", [join(root, name)]);
  const { code, stderr } = await run(root, ["check"]);
  expect(stderr).toBe(`nixlint: cannot read \`${name}\`: it is not a regular file\n`);
  expect(code).toBe(2);
  const other = makeRepository(files);
  symlinkSync("/dev/zero", join(other, name));
  expect((await run(other, ["check"])).code).toBe(2);
});

test("a setting may be a symlink within the repository, but not to what is git's own", async () => {
  const root = makeRepository({ ...files, "shared/nixlint.toml": 'profile = "recommended"\n' });
  symlinkSync("shared/nixlint.toml", join(root, "nixlint.toml"));
  expect((await run(root, ["check"])).stdout).toContain("radicale");
  const other = makeRepository(files);
  symlinkSync(".git/config", join(other, "nixlint.toml"));
  expect(await run(other, ["check"])).toEqual({
    code: 2,
    stdout: "",
    stderr: "nixlint: cannot read `nixlint.toml`: it is a symlink to what is no part of the repository\n",
  });
});

test.each([".git", "inside/.git", "link", "..", "/", "~"])("[inputs] must not be `%s`", async (path) => {
  const root = makeRepository({
    ...files,
    "flake.nix": flake.replace("outputs", 'inputs.other.url = "github:a/b";\n  outputs'),
    "nixlint.toml": `[inputs]\nother = "${path}"\n`,
  });
  mkdirSync(join(root, "inside/.git"), { recursive: true });
  symlinkSync(makeDirectory({ "default.nix": "1" }), join(root, "link"));
  const { code, stderr } = await run(root, ["check"]);
  expect(stderr).toMatch(/lies outside of the repository|no such directory/);
  expect(code).toBe(2);
});

test("a baseline is not written through a symlink", async () => {
  for (const text of ["{}", null]) {
    const root = makeRepository(files);
    const outside = join(makeDirectory({}), "written");
    if (text !== null) writeFileSync(outside, text);
    symlinkSync(outside, join(root, ".nixlint-baseline.json"));
    expect((await run(root, ["baseline", text === null ? "create" : "update"])).code).toBe(2);
    expect(existsSync(outside) ? readFileSync(outside, "utf8") : null).toBe(text);
  }
});

test("a report is not written through a symlink of the repository", async () => {
  const root = makeRepository(files);
  const outside = outsideFile("mine");
  symlinkSync(outside, join(root, "report.json"));
  symlinkSync(join(root, ".git"), join(root, "reports"));
  const { code, stderr } = await run(root, ["check", "-f", "json", "-o", "report.json"]);
  expect(stderr).toMatch(/^nixlint: `.*report\.json` is a symlink out of the repository\n$/);
  expect(code).toBe(2);
  expect(readFileSync(outside, "utf8")).toBe("mine");
  expect((await run(root, ["check", "-f", "json", "-o", "reports/config"])).code).toBe(2);
  expect(readFileSync(join(root, ".git/config"), "utf8")).toContain("repositoryformatversion");
});

test("init writes through no symlink", async () => {
  const root = makeRepository(files);
  const outside = makeDirectory({});
  symlinkSync(join(outside, "written.toml"), join(root, "nixlint.toml"));
  symlinkSync(outside, join(root, ".github"));
  const { code, stderr } = await run(root, ["init", "--yes"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/exists already|EEXIST|symlink out of the repository/);
  expect(existsSync(join(outside, "written.toml"))).toBe(false);
  expect(existsSync(join(outside, "workflows"))).toBe(false);
});

test("fixes stay in the repository", async () => {
  const outside = makeDirectory({ "nas.nix": uncovered });
  const root = makeRepository({ "flake.nix": flake });
  symlinkSync(outside, join(root, "hosts"));
  execFileSync("git", ["-C", root, "add", "-A"]);
  await run(root, ["check", "--fix", "--unsafe-fixes"]);
  expect(readFileSync(join(outside, "nas.nix"), "utf8")).toBe(uncovered);
  expect(lstatSync(join(root, "hosts")).isSymbolicLink()).toBe(true);
});
