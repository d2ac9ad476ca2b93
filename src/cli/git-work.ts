// What `--fix` asks of git: what it would ignore, what it tracks, and to take notice of new files.

import { GitError, git } from "../source/git.ts";

/** `path` is absolute and below the repository. */
export function isIgnored(repository: string, path: string): boolean {
  return failure(repository, ["check-ignore", "--quiet", "--no-index", "--", path]) === null;
}

export function isTracked(repository: string, path: string): boolean {
  return failure(repository, ["ls-files", "--error-unmatch", "--", path]) === null;
}

/** Makes new files part of the flake without staging what is in them. Why it failed, or null. */
export function addIntent(repository: string, paths: readonly string[]): string | null {
  // The hooks are those of whoever made the repository, and an index that changes has one too.
  return failure(repository, ["-c", "core.hooksPath=/dev/null", "add", "--intent-to-add", "--", ...paths]);
}

/** What git prints, or null when it fails. */
export function answerOfGit(repository: string, args: readonly string[]): string | null {
  try {
    return git(repository, args).toString();
  } catch (error) {
    if (error instanceof GitError) return null;
    throw error;
  }
}

/** One line, or null when git did what it was told. */
function failure(repository: string, args: readonly string[]): string | null {
  try {
    git(repository, args);
    return null;
  } catch (error) {
    if (error instanceof GitError) return error.message;
    throw error;
  }
}
