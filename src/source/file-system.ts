// The port through which everything is read. What stands behind it decides what a flake can see: git-tracked files on
// disk, a git tree, or a map in memory. Paths are absolute and normalised.

export type FileKind = "regular" | "directory" | "symlink" | "unknown";

export type FileContent =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** It does not exist, as far as a flake can see; `untracked` when it is on disk but git does not know it. */
  | { readonly kind: "missing"; readonly untracked: boolean }
  /** A place of the machine that evaluates, as `/etc/nixos/hardware-configuration.nix`: what is there is not known. */
  | { readonly kind: "elsewhere" }
  /** It exists and cannot be read as a file: no permission, a directory, a symlink loop, too large. */
  | { readonly kind: "unreadable"; readonly why: string };

export interface FileSystem {
  /** Never throws. Follows symlinks that stay inside the tree. */
  readFile(path: string): FileContent;
  /** The entries of a directory, sorted by name; null when there is no such directory. */
  readDir(path: string): ReadonlyMap<string, FileKind> | null;
  /** What is at the path, symlinks followed; null when nothing is. */
  kindOf(path: string): FileKind | null;
}

/** What is at a path itself: its symlink is not followed. */
export type FileNode =
  | { readonly kind: "regular"; readonly executable: boolean }
  | { readonly kind: "directory" }
  | { readonly kind: "symlink"; readonly target: string }
  | { readonly kind: "unknown" };

/** A file system that knows enough of its files to pack them into an archive. */
export interface ArchivableFileSystem extends FileSystem {
  /** Never throws; null when nothing is there. */
  nodeAt(path: string): FileNode | null;
}
