// The files of one directory tree on disk, of which only the tracked ones exist when it is known which are. Never
// throws, never leaves the tree, follows symlinks only within it.

import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from "node:fs";
import { posix } from "node:path";
import type { ArchivableFileSystem, FileContent, FileKind, FileNode } from "./file-system.ts";
import { isBelow, type RealPath, RealPaths } from "./real-path.ts";

/** Larger files are no configuration; reading them would only cost memory. */
const maxBytes = 16 * 1024 * 1024;

/** A symlink that takes the file's place meanwhile is not followed, and a pipe is not waited for. */
const asItWasFound = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
/** What is git's own is in no flake, and credentials may be in it. */
const gitsOwn = /\/\.git(?:\/|$)/;

export interface DiskOptions {
  /** Absolute paths of the files that git knows; absent: every file is visible. */
  readonly tracked?: ReadonlySet<string>;
}

export class DiskFileSystem implements ArchivableFileSystem {
  private readonly root: string;
  /** Where the root really is; symlinks may lead anywhere below it. */
  private readonly realRoot: string;
  private readonly realPaths: RealPaths;
  private readonly tracked: ReadonlySet<string> | null;
  /** The directories that tracked files are in. */
  private readonly trackedDirectories: ReadonlySet<string>;
  /** What directories hold that no symlink leads to; null for what is no such directory. Each is read once. */
  private readonly listings = new Map<string, Listing | null>();

  /** `root` is absolute and normalised. */
  constructor(root: string, options: DiskOptions = {}) {
    this.root = root;
    this.realRoot = realPath(root) ?? root;
    this.realPaths = new RealPaths(root, this.realRoot);
    this.tracked = options.tracked ?? null;
    this.trackedDirectories = directoriesOf(options.tracked ?? new Set(), root);
  }

  readFile(path: string): FileContent {
    const place = this.locate(path);
    if (place.kind !== "found") return place;
    try {
      const descriptor = openSync(place.real, asItWasFound);
      try {
        return contentOf(descriptor);
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      return { kind: "unreadable", why: reasonOf(error) };
    }
  }

  readDir(path: string): ReadonlyMap<string, FileKind> | null {
    const place = this.locate(path);
    if (place.kind !== "found") return null;
    const listing = this.listingOf(path) ?? readListing(place.real);
    if (listing === null) return null;
    const visible = [...listing].filter(([name]) => this.sees(posix.join(this.unreal(place.real), name)));
    return new Map(visible.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  kindOf(path: string): FileKind | null {
    const place = this.locate(path);
    if (place.kind !== "found") return place.kind === "unreadable" ? "unknown" : null;
    if (place.listed !== undefined) return place.listed;
    try {
      return kindOfEntry(statSync(place.real));
    } catch {
      return "unknown";
    }
  }

  nodeAt(path: string): FileNode | null {
    const parent = this.locate(posix.dirname(path));
    if (path !== "/" && parent.kind !== "found") return null;
    const real = parent.kind === "found" ? posix.join(parent.real, posix.basename(path)) : path;
    if (!this.sees(path) && !this.sees(this.unreal(real))) return null;
    try {
      const stat = lstatSync(real);
      const kind = kindOfEntry(stat);
      if (kind === "symlink") return { kind, target: readlinkSync(real) };
      return kind === "regular" ? { kind, executable: (stat.mode & 0o100) !== 0 } : { kind };
    } catch {
      return null;
    }
  }

  /** The file behind a path, symlinks followed. */
  private locate(path: string): Place {
    if (!isBelow(path, this.root)) return outside(path, this.root);
    const listed = this.listingOf(posix.dirname(path))?.get(posix.basename(path));
    if (listed !== undefined && listed !== "symlink" && this.sees(path)) return { kind: "found", real: path, listed };
    const place = this.realPathOf(path);
    switch (place.kind) {
      case "missing":
        return { kind: "missing", untracked: false };
      case "out":
        return { kind: "unreadable", why: "it is a symlink that leads out of the flake" };
      case "loop":
        return { kind: "unreadable", why: "it is a symlink loop" };
      case "unreadable":
        return place;
    }
    const { real } = place;
    // Also a symlink that git knows leads nowhere when git does not know where it leads.
    return this.sees(this.unreal(real)) ? { kind: "found", real } : { kind: "missing", untracked: true };
  }

  private realPathOf(path: string): RealPath | Extract<FileContent, { kind: "unreadable" }> {
    try {
      return this.realPaths.of(path);
    } catch (error) {
      return { kind: "unreadable", why: reasonOf(error) };
    }
  }

  /** Asking for the kind of each file, and of each directory above it, would take longer than reading it. */
  private listingOf(directory: string): Listing | null {
    const known = this.listings.get(directory);
    if (known !== undefined) return known;
    const listing = this.isPlain(directory) ? readListing(directory) : null;
    this.listings.set(directory, listing);
    return listing;
  }

  /** Whether no part of the path is a symlink. */
  private isPlain(directory: string): boolean {
    if (directory === this.root) return this.root === this.realRoot;
    if (!isBelow(directory, this.root)) return false;
    return this.listingOf(posix.dirname(directory))?.get(posix.basename(directory)) === "directory";
  }

  /** A real path as it is called below the root that was given. */
  private unreal(real: string): string {
    return this.root + (this.realRoot === "/" ? real : real.slice(this.realRoot.length));
  }

  private sees(path: string): boolean {
    if (this.root !== "/" && path.slice(this.root.length).includes("/.git") && gitsOwn.test(path)) return false;
    return this.tracked === null || this.tracked.has(path) || this.trackedDirectories.has(path);
  }
}

type Listing = ReadonlyMap<string, FileKind>;

type Place =
  /** `listed` is what its directory says of it, where that is certain. */
  | { readonly kind: "found"; readonly real: string; readonly listed?: FileKind }
  | Exclude<FileContent, { kind: "bytes" }>;

function readListing(directory: string): Listing | null {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return new Map(entries.map((entry) => [entry.name, kindOfEntry(entry)]));
  } catch {
    return null;
  }
}

function contentOf(descriptor: number): FileContent {
  const stat = fstatSync(descriptor);
  if (stat.isDirectory()) return { kind: "unreadable", why: "it is a directory" };
  if (!stat.isFile()) return { kind: "unreadable", why: "it is not a regular file" };
  if (stat.size > maxBytes) return { kind: "unreadable", why: `it is larger than ${maxBytes / 1024 / 1024} MiB` };
  return { kind: "bytes", bytes: readFileSync(descriptor) };
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function directoriesOf(files: ReadonlySet<string>, root: string): ReadonlySet<string> {
  const directories = new Set([root]);
  for (const file of files) {
    for (let path = posix.dirname(file); !directories.has(path) && path !== "/"; path = posix.dirname(path)) {
      directories.add(path);
    }
  }
  return directories;
}

/** `../x` that leads out of the tree is a mistake; a path that has nothing in common with the tree is the machine's. */
function outside(path: string, root: string): Exclude<FileContent, { kind: "bytes" }> {
  const top = (place: string) => place.split("/")[1];
  return top(path) === top(root) ? { kind: "missing", untracked: false } : { kind: "elsewhere" };
}

function kindOfEntry(entry: Pick<Dirent, "isFile" | "isDirectory" | "isSymbolicLink">): FileKind {
  if (entry.isFile()) return "regular";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "symlink" : "unknown";
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function reasonOf(error: unknown): string {
  switch (errorCode(error)) {
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ELOOP":
      return "it is a symlink loop";
    case "ENAMETOOLONG":
      return "its name is too long";
    default:
      return error instanceof Error ? error.message.replace(/[,:] .*$/, "") : "it cannot be read";
  }
}
