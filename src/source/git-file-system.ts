// The files of a revision or of the index, read from git's objects and never checked out. What lies on disk unchanged
// is read there: it is the same text, and also what a filter (git-crypt, line ends) made of it.

import { posix } from "node:path";
import { type Directories, directoriesAbove } from "./directories.ts";
import type { FileContent, FileKind, FileSystem } from "./file-system.ts";
import { readObjects, type TreeEntries, type TreeEntry } from "./git.ts";

export interface GitTree {
  /** The repository's absolute root. */
  readonly root: string;
  readonly entries: TreeEntries;
  /** What is staged: where it is the same and the disk agrees, the disk is read. */
  readonly staged: TreeEntries;
  /** Staged paths whose file on disk may say something else. */
  readonly changed: ReadonlySet<string>;
  /** Every file on disk, tracked or not. */
  readonly disk: FileSystem;
}

/** Larger files are no configuration; as on disk. */
const maxBytes = 16 * 1024 * 1024;
/** Configuration is small: so much of each object is worth reading ahead. */
const readAheadBytes = 128 * 1024;
const maxLinks = 40;

export class GitFileSystem implements FileSystem {
  private readonly tree: GitTree;
  private readonly directories: Directories;
  private readonly links: ReadonlyMap<string, string>;
  /** By object. */
  private contents: Map<string, Uint8Array> | null = null;

  constructor(tree: GitTree) {
    this.tree = tree;
    this.directories = directoriesAbove(
      [...tree.entries].map(([path, { kind }]) => [
        posix.join(tree.root, path),
        kind === "submodule" ? "directory" : kind,
      ]),
      tree.root,
    );
    this.links = this.readLinks();
  }

  readFile(path: string): FileContent {
    const real = this.resolve(path);
    if (real === null) return { kind: "unreadable", why: "it is a symlink that leads out of the flake" };
    // Outside of the repository there is nothing, or the machine.
    if (!this.isInside(real)) return this.tree.disk.readFile(real);
    const entry = this.entryAt(real);
    if (entry?.kind === "regular") return this.isOnDisk(real, entry) ? this.tree.disk.readFile(real) : this.read(entry);
    if (this.directories.has(real) || entry?.kind === "submodule") {
      return { kind: "unreadable", why: "it is a directory" };
    }
    return { kind: "missing", untracked: this.tree.disk.kindOf(real) !== null };
  }

  readDir(path: string): ReadonlyMap<string, FileKind> | null {
    const real = this.resolve(path);
    if (real === null) return null;
    // A flake does not contain its submodules' files.
    return this.directories.get(real) ?? (this.entryAt(real)?.kind === "submodule" ? new Map() : null);
  }

  kindOf(path: string): FileKind | null {
    const real = this.resolve(path);
    if (real === null) return "unknown";
    if (this.directories.has(real)) return "directory";
    const entry = this.entryAt(real);
    if (entry === undefined) return null;
    return entry.kind === "submodule" ? "directory" : entry.kind;
  }

  private entryAt(path: string): TreeEntry | undefined {
    const { root, entries } = this.tree;
    return entries.get(posix.relative(root, path));
  }

  private isOnDisk(path: string, { object }: TreeEntry): boolean {
    const { root, staged, changed } = this.tree;
    const name = posix.relative(root, path);
    return staged.get(name)?.object === object && !changed.has(name);
  }

  private read({ object }: TreeEntry): FileContent {
    this.contents ??= this.readAhead();
    let bytes = this.contents.get(object);
    if (bytes === undefined) {
      bytes = readObjects(this.tree.root, [object], maxBytes).get(object);
      // A partial clone may lack it, and nothing is fetched.
      const why = `it is larger than ${maxBytes / 1024 / 1024} MiB, or not in this clone`;
      if (bytes === undefined) return { kind: "unreadable", why };
      this.contents.set(object, bytes);
    }
    return { kind: "bytes", bytes };
  }

  /** All that differs from the disk, at once: starting git for each file would take longer than everything else. */
  private readAhead(): Map<string, Uint8Array> {
    const { root, entries } = this.tree;
    const absent = [...entries].filter(
      ([path, entry]) => entry.kind === "regular" && !this.isOnDisk(posix.join(root, path), entry),
    );
    const objects = absent.map(([, { object }]) => object);
    return readObjects(root, objects, readAheadBytes);
  }

  private readLinks(): ReadonlyMap<string, string> {
    const { root, entries } = this.tree;
    const links = [...entries].filter(([, { kind }]) => kind === "symlink");
    if (links.length === 0) return new Map();
    const objects = links.map(([, { object }]) => object);
    const targets = readObjects(root, objects, readAheadBytes);
    return new Map(
      links.map(([path, { object }]) => [posix.join(root, path), Buffer.from(targets.get(object) ?? []).toString()]),
    );
  }

  /** Symlinks followed in every part of the path; null when they lead out of the repository or in a circle. */
  private resolve(path: string): string | null {
    if (this.links.size === 0) return path;
    let real = path;
    for (let followed = 0; followed <= maxLinks; followed++) {
      if (!this.isInside(real)) return followed === 0 ? real : null;
      const link = this.firstLink(real);
      if (link === null) return real;
      const target = this.links.get(link) ?? "";
      real = posix.resolve(posix.dirname(link), target, posix.relative(link, real));
    }
    return null;
  }

  private isInside(path: string): boolean {
    const { root } = this.tree;
    return path === root || path.startsWith(`${root}/`);
  }

  private firstLink(path: string): string | null {
    const { root } = this.tree;
    let at = root;
    for (const part of posix.relative(root, path).split("/")) {
      at = posix.join(at, part);
      if (this.links.has(at)) return at;
    }
    return null;
  }
}
