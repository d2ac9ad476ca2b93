// Where a path of a tree really is, symlinks followed one by one: what is out of the tree is not even asked for, so that
// nobody learns through a symlink what is there.

import { lstatSync, readlinkSync } from "node:fs";
import { posix } from "node:path";

export type RealPath =
  | { readonly kind: "found"; readonly real: string }
  | { readonly kind: "missing" | "out" | "loop" };

/** As the kernel has it. */
const maxLinks = 40;

export class RealPaths {
  /** Absolute, normalised; `realRoot` is free of symlinks. */
  private readonly root: string;
  private readonly realRoot: string;
  /** Directories do not move while a flake is read. */
  private readonly directories = new Map<string, RealPath>();

  constructor(root: string, realRoot: string) {
    this.root = root;
    this.realRoot = realRoot;
  }

  /** `path` is absolute and normalised, and below the root. Throws what the disk does, but for missing files. */
  of(path: string): RealPath {
    return path === this.root ? { kind: "found", real: this.realRoot } : this.follow(path, { left: maxLinks });
  }

  private follow(path: string, links: { left: number }): RealPath {
    const directory = this.directoryOf(path, links);
    return directory.kind === "found" ? this.step(directory.real, posix.basename(path), links) : directory;
  }

  private directoryOf(path: string, links: { left: number }): RealPath {
    const directory = posix.dirname(path);
    if (directory === this.root) return { kind: "found", real: this.realRoot };
    const known = this.directories.get(directory);
    if (known) return known;
    const real = this.follow(directory, links);
    this.directories.set(directory, real);
    return real;
  }

  /** From a real directory to what a name in it is. */
  private step(directory: string, name: string, links: { left: number }): RealPath {
    if (name === "" || name === ".") return { kind: "found", real: directory };
    if (name === "..")
      return directory === this.realRoot ? { kind: "out" } : { kind: "found", real: posix.dirname(directory) };
    const path = posix.join(directory, name);
    const stat = statOf(path);
    if (stat === undefined) return { kind: "missing" };
    if (!stat.isSymbolicLink()) return { kind: "found", real: path };
    return links.left-- > 0 ? this.walk(directory, readlinkSync(path), links) : { kind: "loop" };
  }

  private walk(from: string, target: string, links: { left: number }): RealPath {
    let at: RealPath = { kind: "found", real: from };
    let rest = target;
    if (target.startsWith("/")) {
      const below = this.belowRoot(target);
      if (below === null) return { kind: "out" };
      at = { kind: "found", real: this.realRoot };
      rest = below;
    }
    for (const name of rest.split("/")) {
      if (at.kind !== "found") return at;
      at = this.step(at.real, name, links);
    }
    return at;
  }

  private belowRoot(target: string): string | null {
    const root = [this.root, this.realRoot].find((candidate) => isBelow(target, candidate));
    return root === undefined ? null : target.slice(root.length);
  }
}

export function isBelow(path: string, root: string): boolean {
  return path === root || root === "/" || path.startsWith(`${root}/`);
}

function statOf(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // Below a file there is nothing.
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR") return undefined;
    throw error;
  }
}
