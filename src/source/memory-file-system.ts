// Files held in a map, for tests and for rule pages. Directories exist because something is in them.

import { type Directories, directoriesAbove } from "./directories.ts";
import type { ArchivableFileSystem, FileContent, FileKind, FileNode } from "./file-system.ts";

export class MemoryFileSystem implements ArchivableFileSystem {
  private readonly files: ReadonlyMap<string, string | Uint8Array>;
  private readonly directories: Directories;

  /** Keys are absolute, normalised paths. */
  constructor(files: ReadonlyMap<string, string | Uint8Array>) {
    this.files = files;
    this.directories = directoriesAbove([...files.keys()].map((path) => [path, "regular"]));
  }

  readFile(path: string): FileContent {
    const content = this.files.get(path);
    if (typeof content === "string") return { kind: "bytes", bytes: new TextEncoder().encode(content) };
    if (content !== undefined) return { kind: "bytes", bytes: content };
    return this.directories.has(path)
      ? { kind: "unreadable", why: "it is a directory" }
      : { kind: "missing", untracked: false };
  }

  readDir(path: string): ReadonlyMap<string, FileKind> | null {
    return this.directories.get(path) ?? null;
  }

  kindOf(path: string): FileKind | null {
    if (this.directories.has(path)) return "directory";
    return this.files.has(path) ? "regular" : null;
  }

  nodeAt(path: string): FileNode | null {
    if (this.directories.has(path)) return { kind: "directory" };
    return this.files.has(path) ? { kind: "regular", executable: false } : null;
  }
}
