// A file system that remembers what was looked at through it, and how long that took. It reads each file once: what a
// fix changes is the text that was looked at, whatever others write meanwhile.

import type { FileContent, FileKind, FileSystem } from "../source/file-system.ts";
import { timed } from "../source/stopwatch.ts";

/** Absolute paths; where nothing is counts too. */
export interface LookedAt {
  /** The files that were read. */
  readonly files: ReadonlySet<string>;
  /** The same, and directories that were listed. */
  readonly contents: ReadonlySet<string>;
  /** What was only asked for. */
  readonly kinds: ReadonlySet<string>;
  /** False when something could not be read, for a reason that does not show in a file's state. */
  readonly isCertain: boolean;
}

export class NotingReads implements FileSystem, LookedAt {
  readonly files = new Set<string>();
  readonly contents = new Set<string>();
  readonly kinds = new Set<string>();
  isCertain = true;
  private readonly fs: FileSystem;
  private readonly read = new Map<string, FileContent>();

  constructor(fs: FileSystem) {
    this.fs = fs;
  }

  readFile(path: string): FileContent {
    this.files.add(path);
    this.contents.add(path);
    const content = this.read.get(path) ?? timed("files", () => this.fs.readFile(path));
    this.read.set(path, content);
    if (content.kind === "unreadable") this.isCertain = false;
    return content;
  }

  readDir(path: string): ReadonlyMap<string, FileKind> | null {
    this.contents.add(path);
    return timed("files", () => this.fs.readDir(path));
  }

  kindOf(path: string): FileKind | null {
    this.kinds.add(path);
    const kind = timed("files", () => this.fs.kindOf(path));
    if (kind === "unknown") this.isCertain = false;
    return kind;
  }
}
