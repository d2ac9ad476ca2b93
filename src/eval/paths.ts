// Paths as Nix writes and normalises them.

import { posix } from "node:path";

/** Absolute and normalised: `text` as written in the file at `file`. */
export function resolvePath(file: string, text: string): string {
  return normalizePath(text.startsWith("/") ? text : `${posix.dirname(file)}/${text}`);
}

/** Without `.`, `..`, doubled and trailing slashes; `..` above the root stays at the root. */
export function normalizePath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}
