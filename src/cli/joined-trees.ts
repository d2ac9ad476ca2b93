// Several directory trees as one file system: the flake's own, and those that inputs are read from.

import type { FileContent, FileKind, FileSystem } from "../source/file-system.ts";

/** Each path is answered by the tree with the longest root above it, else by `main`. */
export function joinTrees(main: FileSystem, others: ReadonlyMap<string, FileSystem>): FileSystem {
  const roots = [...others.keys()].sort((a, b) => b.length - a.length);
  const treeOf = (path: string): FileSystem => {
    const root = roots.find((candidate) => path === candidate || path.startsWith(`${candidate}/`));
    return (root === undefined ? undefined : others.get(root)) ?? main;
  };
  return {
    readFile: (path: string): FileContent => treeOf(path).readFile(path),
    readDir: (path: string): ReadonlyMap<string, FileKind> | null => treeOf(path).readDir(path),
    kindOf: (path: string): FileKind | null => treeOf(path).kindOf(path),
  };
}
