// Which files of a directory git knows, staged ones included: those that a flake in it can see.

import { spawnSync } from "node:child_process";
import { posix } from "node:path";

export type TrackedFiles =
  | { readonly kind: "tracked"; readonly files: ReadonlySet<string> }
  /** Not in a git repository: every file is visible. */
  | { readonly kind: "no-repository" }
  /** It is a repository, and git did not say what is in it; `why` is one clause. */
  | { readonly kind: "failed"; readonly why: string };

const maxOutputBytes = 256 * 1024 * 1024;

/** `directory` is absolute and normalised; the paths that come back are too. Files of submodules are not listed. */
export function listTrackedFiles(directory: string): TrackedFiles {
  const result = spawnSync("git", ["-C", directory, "ls-files", "-z", "--cached"], {
    encoding: "utf8",
    maxBuffer: maxOutputBytes,
    // Answers must not depend on the language of the user.
    env: { ...process.env, LC_ALL: "C" },
  });
  if (result.error) return { kind: "failed", why: `git could not be run: ${result.error.message}` };
  if (result.status !== 0) {
    const message = result.stderr.trim();
    if (message.includes("not a git repository")) return { kind: "no-repository" };
    return { kind: "failed", why: message.split("\n")[0] ?? "git failed" };
  }
  const names = result.stdout.split("\0").filter((name) => name !== "");
  return { kind: "tracked", files: new Set(names.map((name) => posix.join(directory, name))) };
}
