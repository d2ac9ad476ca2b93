// A file system that remembers which files were read through it, and how long that took.

import type { FileContent, FileKind, FileSystem } from "../source/file-system.ts";
import { timed } from "../source/stopwatch.ts";

export function notingReads(fs: FileSystem, read: Set<string>): FileSystem {
  return {
    readFile: (path: string): FileContent => {
      read.add(path);
      return timed("files", () => fs.readFile(path));
    },
    readDir: (path: string): ReadonlyMap<string, FileKind> | null => timed("files", () => fs.readDir(path)),
    kindOf: (path: string): FileKind | null => timed("files", () => fs.kindOf(path)),
  };
}
