// The two file systems answer alike, and what is wrong on disk becomes an answer, never an exception.

import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DiskFileSystem } from "../../src/source/disk-file-system.ts";
import { listTrackedFiles } from "../../src/source/git.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";

let root: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "nixlint-files-")));
  mkdirSync(join(root, "tree/dir.nix"), { recursive: true });
  writeFileSync(join(root, "tree/a.nix"), "1");
  writeFileSync(join(root, "tree/dir.nix/b.nix"), "2");
  writeFileSync(join(root, "outside.nix"), "3");
  writeFileSync(join(root, "tree/closed.nix"), "4");
  chmodSync(join(root, "tree/closed.nix"), 0);
  writeFileSync(join(root, "tree/large.nix"), "");
  truncateSync(join(root, "tree/large.nix"), 17 * 1024 * 1024);
  symlinkSync("a.nix", join(root, "tree/link.nix"));
  symlinkSync("loop.nix", join(root, "tree/loop.nix"));
  symlinkSync("../outside.nix", join(root, "tree/out.nix"));
  symlinkSync("nowhere.nix", join(root, "tree/dangling.nix"));
  symlinkSync("dir.nix", join(root, "tree/linked"));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

const disk = (tracked?: readonly string[]) =>
  new DiskFileSystem(
    join(root, "tree"),
    tracked ? { tracked: new Set(tracked.map((name) => join(root, "tree", name))) } : {},
  );

test.each([
  ["dir.nix", "it is a directory"],
  ["loop.nix", "it is a symlink loop"],
  ["out.nix", "it is a symlink that leads out of the flake"],
  ["large.nix", "it is larger than 16 MiB"],
])("%s is unreadable: %s", (name, why) => {
  expect(disk().readFile(join(root, "tree", name))).toEqual({ kind: "unreadable", why });
});

test.skipIf(process.getuid?.() === 0)("a file without permission is unreadable", () => {
  expect(disk().readFile(join(root, "tree/closed.nix"))).toEqual({ kind: "unreadable", why: "permission denied" });
});

test.each(["none.nix", "a.nix/b.nix", "dangling.nix", "../outside.nix"])("%s is missing", (name) => {
  expect(disk().readFile(join(root, "tree", name))).toEqual({ kind: "missing", untracked: false });
  expect(disk().kindOf(join(root, "tree", name))).toBeNull();
});

test("symlinks inside the tree are followed", () => {
  expect(disk().readFile(join(root, "tree/link.nix"))).toMatchObject({ kind: "bytes" });
  expect(disk().readFile(join(root, "tree/linked/b.nix"))).toMatchObject({ kind: "bytes" });
  expect(disk().kindOf(join(root, "tree/linked"))).toBe("directory");
  expect(disk().readDir(join(root, "tree"))?.get("linked")).toBe("symlink");
});

test("only tracked files exist", () => {
  const fs = disk(["dir.nix/b.nix"]);
  expect(fs.readFile(join(root, "tree/a.nix"))).toEqual({ kind: "missing", untracked: true });
  expect([...(fs.readDir(join(root, "tree")) ?? [])]).toEqual([["dir.nix", "directory"]]);
  expect(fs.readFile(join(root, "tree/dir.nix/b.nix"))).toMatchObject({ kind: "bytes" });
});

test("git says which files are tracked, staged ones included", () => {
  const repository = join(root, "repository");
  mkdirSync(repository);
  expect(listTrackedFiles(repository)).toEqual({ kind: "no-repository" });
  execFileSync("git", ["init", "-q", repository]);
  writeFileSync(join(repository, "staged ä.nix"), "1");
  writeFileSync(join(repository, "new.nix"), "2");
  execFileSync("git", ["-C", repository, "add", "staged ä.nix"]);
  expect(listTrackedFiles(repository)).toEqual({ kind: "tracked", files: new Set([join(repository, "staged ä.nix")]) });
});

test("memory: directories are implied and sorted", () => {
  const fs = new MemoryFileSystem(
    new Map([
      ["/f/d/y.nix", "1"],
      ["/f/a.nix", "2"],
    ]),
  );
  expect([...(fs.readDir("/f") ?? [])]).toEqual([
    ["a.nix", "regular"],
    ["d", "directory"],
  ]);
  expect(fs.kindOf("/f/d")).toBe("directory");
  expect(fs.readDir("/f/a.nix")).toBeNull();
  expect(fs.readFile("/f/d")).toEqual({ kind: "unreadable", why: "it is a directory" });
  expect(fs.readFile("/f/none")).toEqual({ kind: "missing", untracked: false });
});
