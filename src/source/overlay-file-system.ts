// A tree with some files written over it in memory: what a flake would be after a change that nobody made yet.

import { posix } from "node:path";
import type { FileContent, FileKind, FileSystem } from "./file-system.ts";
import { MemoryFileSystem } from "./memory-file-system.ts";

export class OverlayFileSystem implements FileSystem {
  private readonly base: FileSystem;
  private readonly written: MemoryFileSystem;

  /** Keys are absolute, normalised paths. Written files are visible although git does not know them. */
  constructor(base: FileSystem, texts: ReadonlyMap<string, string>) {
    this.base = base;
    this.written = new MemoryFileSystem(texts);
  }

  readFile(path: string): FileContent {
    const own = this.written.readFile(path);
    return own.kind === "bytes" ? own : this.base.readFile(path);
  }

  readDir(path: string): ReadonlyMap<string, FileKind> | null {
    const own = path === "/" ? null : this.written.readDir(path);
    const below = this.base.readDir(path);
    if (own === null || below === null) return below ?? own;
    return new Map([...below, ...own].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  kindOf(path: string): FileKind | null {
    const own = this.written.kindOf(posix.normalize(path));
    return own === "regular" ? own : (this.base.kindOf(path) ?? own);
  }
}
