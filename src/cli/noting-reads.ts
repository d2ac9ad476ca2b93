// A file system that remembers which files were read through it.

import type { FileContent, FileKind, FileSystem } from "../source/file-system.ts";

export function notingReads(fs: FileSystem, read: Set<string>): FileSystem {
  return {
    readFile: (path: string): FileContent => {
      read.add(path);
      return fs.readFile(path);
    },
    readDir: (path: string): ReadonlyMap<string, FileKind> | null => fs.readDir(path),
    kindOf: (path: string): FileKind | null => fs.kindOf(path),
  };
}
