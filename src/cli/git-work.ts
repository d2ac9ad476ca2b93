// What `--fix` asks of git: what it would ignore, what it tracks, and to take notice of new files.

import { spawnSync } from "node:child_process";

interface GitAnswer {
  readonly ok: boolean;
  readonly stdout: string;
  /** One line. */
  readonly error: string;
}

function git(directory: string, args: readonly string[], input = ""): GitAnswer {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_PREFIX, ...env } = process.env;
  const result = spawnSync("git", ["-C", directory, ...args], {
    input,
    encoding: "utf8",
    env: { ...env, LC_ALL: "C" },
  });
  const error = result.error?.message ?? result.stderr.trim().split("\n")[0] ?? "git failed";
  return { ok: result.status === 0, stdout: result.stdout ?? "", error };
}

/** `path` is absolute and below the repository. */
export function isIgnored(repository: string, path: string): boolean {
  return git(repository, ["check-ignore", "--quiet", "--no-index", "--", path]).ok;
}

export function isTracked(repository: string, path: string): boolean {
  return git(repository, ["ls-files", "--error-unmatch", "--", path]).ok;
}

/** Makes new files part of the flake without staging what is in them. Why it failed, or null. */
export function addIntent(repository: string, paths: readonly string[]): string | null {
  const { ok, error } = git(repository, ["add", "--intent-to-add", "--", ...paths]);
  return ok ? null : error;
}
