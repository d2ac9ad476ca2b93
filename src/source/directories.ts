// The directories that a set of file paths makes: what each of them holds.

import { posix } from "node:path";
import type { FileKind } from "./file-system.ts";

export type Directories = ReadonlyMap<string, ReadonlyMap<string, FileKind>>;

/** Keys are absolute, normalised paths; every directory down from `root` is there, its entries sorted by name. */
export function directoriesAbove(files: Iterable<readonly [path: string, kind: FileKind]>, root = "/"): Directories {
  const directories = new Map<string, Map<string, FileKind>>([[root, new Map()]]);
  const add = (path: string, kind: FileKind): void => {
    const directory = posix.dirname(path);
    if (path === root || path === directory) return;
    const entries = directories.get(directory);
    if (entries) entries.set(posix.basename(path), kind);
    else {
      directories.set(directory, new Map([[posix.basename(path), kind]]));
      add(directory, "directory");
    }
  };
  for (const [path, kind] of files) add(path, kind);
  for (const [path, entries] of directories) directories.set(path, new Map([...entries].sort(byName)));
  return directories;
}

function byName([a]: readonly [string, FileKind], [b]: readonly [string, FileKind]): number {
  return a < b ? -1 : 1;
}
