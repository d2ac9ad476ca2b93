// The store as an evaluation that may name its paths sees it: nothing is written, but what would be copied or
// instantiated is known by its path.

import { posix } from "node:path";
import type { ArchivableFileSystem } from "../source/file-system.ts";
import type { Derivation } from "./derivation.ts";
import { type ArchiveFilter, hashArchive } from "./nar.ts";
import { type Hash, hashHex } from "./store-hash.ts";
import { fixedPath, problemOfName } from "./store-path.ts";
import { evalError, Unknown } from "./unknown.ts";

export interface CopyOptions {
  readonly name: string;
  readonly filter?: ArchiveFilter;
  /** Stored by the bytes of the file rather than by its archive. */
  readonly flat?: boolean;
  /** What the hash has to be. */
  readonly expected?: Hash;
}

export class Store {
  private readonly fs: ArchivableFileSystem;
  private readonly copies = new Map<string, string | Unknown>();
  /** Derivations instantiated so far, by their path. */
  readonly derivations = new Map<string, Derivation>();

  constructor(fs: ArchivableFileSystem) {
    this.fs = fs;
  }

  /** Why an interpolated path has no copy in the store; null when it has one. */
  problemOf(path: string): Unknown | null {
    if (this.fs.nodeAt(path) === null) return evalError(`the path \`${path}\` does not exist`);
    return path.endsWith(".drv") ? evalError("names of files must not end in `.drv`") : null;
  }

  /** The store path of an interpolated path. */
  copyOf(path: string): string | Unknown {
    let copy = this.copies.get(path);
    if (copy === undefined) {
      copy = this.problemOf(path) ?? this.copy(path, { name: posix.basename(path) });
      this.copies.set(path, copy);
    }
    return copy;
  }

  copy(path: string, { name, filter, flat = false, expected }: CopyOptions): string | Unknown {
    const problem = problemOfName(name);
    if (problem !== null) return evalError(problem);
    const hash = flat ? this.hashFile(path) : hashArchive(this.fs, path, filter ?? null);
    if (hash instanceof Unknown) return hash;
    const stored = fixedPath(name, hash, !flat);
    if (expected === undefined || fixedPath(name, expected, !flat) === stored) return stored;
    return evalError(`what is added from \`${path}\` does not have the hash that is given for it`);
  }

  private hashFile(path: string): Hash | Unknown {
    const content = this.fs.readFile(path);
    if (content.kind !== "bytes") return evalError(`the file \`${path}\` cannot be read`);
    return { algorithm: "sha256", bytes: Buffer.from(hashHex("sha256", content.bytes), "hex") };
  }
}
