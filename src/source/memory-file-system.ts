// Files held in a map, for tests and for rule pages. Directories exist because something is in them.

import { posix } from "node:path";
import type { FileContent, FileKind, FileSystem } from "./file-system.ts";

export class MemoryFileSystem implements FileSystem {
  private readonly files: ReadonlyMap<string, string | Uint8Array>;
  /** What each directory holds. */
  private readonly directories = new Map<string, Map<string, FileKind>>([["/", new Map()]]);

  /** Keys are absolute, normalised paths. */
  constructor(files: ReadonlyMap<string, string | Uint8Array>) {
    this.files = files;
    for (const path of files.keys()) this.addEntry(path, "regular");
  }

  private addEntry(path: string, kind: FileKind): void {
    const directory = posix.dirname(path);
    if (path === directory) return;
    const entries = this.directories.get(directory);
    if (entries) entries.set(posix.basename(path), kind);
    else {
      this.directories.set(directory, new Map([[posix.basename(path), kind]]));
      this.addEntry(directory, "directory");
    }
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
    const entries = this.directories.get(path);
    return entries ? new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1))) : null;
  }

  kindOf(path: string): FileKind | null {
    if (this.directories.has(path)) return "directory";
    return this.files.has(path) ? "regular" : null;
  }
}
