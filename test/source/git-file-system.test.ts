// What a revision or the index shows of a repository, against a checkout of the same.

import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { DiskFileSystem } from "../../src/source/disk-file-system.ts";
import type { FileSystem } from "../../src/source/file-system.ts";
import { changedFiles, findTree, listIndex, listTree } from "../../src/source/git.ts";
import { GitFileSystem } from "../../src/source/git-file-system.ts";

function git(directory: string, ...args: string[]): string {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.net", "-c", "protocol.file.allow=always"];
  return execFileSync("git", ["-C", directory, ...identity, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function temporary(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "nixlint-git-")));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function repository(files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}): string {
  const directory = temporary();
  git(directory, "init", "-q");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(directory, path));
  git(directory, "add", "-A");
  git(directory, "commit", "-q", "-m", "x");
  return directory;
}

function open(root: string, revision: string | null): FileSystem {
  const staged = listIndex(root, null);
  const entries = revision === null ? staged : listTree(root, findTree(root, revision)!);
  return new GitFileSystem({
    root,
    entries,
    staged,
    changed: new Set(changedFiles(root, null)),
    disk: new DiskFileSystem(root),
  });
}

function text(fs: FileSystem, path: string): string {
  const content = fs.readFile(path);
  return content.kind === "bytes" ? Buffer.from(content.bytes).toString() : content.kind;
}

const files = { "a.nix": "a\n", "d/b.nix": "b\n", "d/e/c.nix": "ü\n", "empty.nix": "" };

test("a revision reads as its checkout does, whatever the disk says now", () => {
  const links = { "to-file": "d/b.nix", "to-directory": "d", "d/up": "../a.nix", out: "/etc/passwd", loop: "loop" };
  const root = repository(files, links);
  const checkout = join(temporary(), "tree");
  git(root, "worktree", "add", "-q", "--detach", checkout);
  rmSync(join(root, "d"), { recursive: true });
  writeFileSync(join(root, "a.nix"), "changed\n");
  const [tree, disk] = [open(root, "HEAD"), new DiskFileSystem(checkout)];
  const paths = ["", "a.nix", "d", "d/b.nix", "d/e", "d/e/c.nix", "empty.nix", "to-file", "to-directory"];
  for (const path of [...paths, "to-directory/e/c.nix", "d/up", "out", "loop", "absent", "a.nix/x"]) {
    const [here, there] = [join(root, path), join(checkout, path)];
    expect([path, text(tree, here), tree.kindOf(here)]).toEqual([path, text(disk, there), disk.kindOf(there)]);
    const names = (fs: FileSystem, at: string) =>
      fs.readDir(at) && [...fs.readDir(at)!].filter(([name]) => name !== ".git");
    expect([path, names(tree, here)]).toEqual([path, names(disk, there)]);
  }
});

test("the index is what is staged", () => {
  const root = repository(files);
  writeFileSync(join(root, "a.nix"), "staged\n");
  git(root, "add", "a.nix");
  writeFileSync(join(root, "a.nix"), "on disk\n");
  writeFileSync(join(root, "new.nix"), "new\n");
  const index = open(root, null);
  expect(text(index, join(root, "a.nix"))).toBe("staged\n");
  expect(text(open(root, "HEAD"), join(root, "a.nix"))).toBe("a\n");
  expect(index.readFile(join(root, "new.nix"))).toEqual({ kind: "missing", untracked: true });
  expect(index.readFile(join(root, "none.nix"))).toEqual({ kind: "missing", untracked: false });
});

test("what a filter made of a file on disk is what counts", () => {
  const root = repository({ ".gitattributes": "*.nix filter=rot\n" });
  git(root, "config", "filter.rot.clean", "tr a-z n-za-m");
  git(root, "config", "filter.rot.smudge", "tr a-z n-za-m");
  writeFileSync(join(root, "a.nix"), "plain\n");
  git(root, "add", "-A");
  git(root, "commit", "-q", "-m", "x");
  expect(git(root, "show", "HEAD:a.nix")).toBe("cynva\n");
  expect(text(open(root, "HEAD"), join(root, "a.nix"))).toBe("plain\n");
});

test("large files, and many small ones", () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`m/${index}.nix`, `${index}\n`]));
  const root = repository({ ...many, "large.json": "x".repeat(300_000), "binary.age": "\u0000\u0001\n\n" });
  rmSync(join(root, "m"), { recursive: true });
  rmSync(join(root, "large.json"));
  rmSync(join(root, "binary.age"));
  const tree = open(root, "HEAD");
  for (const [path, content] of Object.entries(many)) expect(text(tree, join(root, path))).toBe(content);
  expect(text(tree, join(root, "large.json"))).toHaveLength(300_000);
  expect(text(tree, join(root, "binary.age"))).toBe("\u0000\u0001\n\n");
});

test("names that git would quote, and executables", () => {
  const root = repository({ 'a "b"\n\tü.nix': "x\n", "run.sh": "y\n" });
  chmodSync(join(root, "run.sh"), 0o755);
  git(root, "commit", "-qam", "x");
  rmSync(join(root, 'a "b"\n\tü.nix'));
  expect(text(open(root, "HEAD"), join(root, 'a "b"\n\tü.nix'))).toBe("x\n");
  expect(text(open(root, "HEAD"), join(root, "run.sh"))).toBe("y\n");
});

test("a submodule is an empty directory", () => {
  const inner = repository({ "flake.nix": "{ }\n" });
  const root = repository({ "a.nix": "a\n" });
  git(root, "submodule", "add", "-q", inner, "inner");
  git(root, "commit", "-qm", "x");
  const tree = open(root, "HEAD");
  expect(tree.kindOf(join(root, "inner"))).toBe("directory");
  expect(tree.readDir(join(root, "inner"))).toEqual(new Map());
  expect(tree.readFile(join(root, "inner/flake.nix")).kind).toBe("missing");
});

test("revisions are found by name, flags are none", () => {
  const root = repository(files);
  expect(findTree(root, "HEAD")).toMatch(/^[0-9a-f]{40}$/);
  for (const name of ["--all", "-x", "nowhere", "HEAD:a.nix", ""]) expect(findTree(root, name)).toBeNull();
});
