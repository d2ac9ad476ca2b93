// This repository as somebody else gets it: its tracked files in a repository of their own.

import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A directory that goes away with the tests of a file. */
export function temporaryDirectory(name: string): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), `nixlint-${name}-`)));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function git(directory: string, ...args: string[]): string {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.net", "-c", "commit.gpgsign=false"];
  return execFileSync("git", ["-C", directory, ...identity, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** What git tracks here and what it would, committed in `directory`. */
export function cloneProject(directory: string): void {
  const listed = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
  for (const path of listed.split("\0").filter((name) => name !== "")) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    copyFileSync(join(root, path), join(directory, path));
  }
  git(directory, "init", "-q");
  git(directory, "add", "-A");
  git(directory, "commit", "-q", "-m", "x");
}

/** The packed tarball, in `directory`. The bundle is made anew. */
export function packProject(directory: string): string {
  const { stdout, stderr, status } = spawnSync("npm", ["pack", "--pack-destination", directory], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return join(directory, stdout.trim().split("\n").at(-1) ?? "");
}

/** A directory that holds `node` and nothing else, for a PATH on which there is nothing else. */
export function onlyNode(directory: string, node = process.execPath): string {
  mkdirSync(directory, { recursive: true });
  symlinkSync(node, join(directory, "node"));
  return directory;
}
