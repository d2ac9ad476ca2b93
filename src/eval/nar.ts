// The archive format of Nix (NAR) as far as its hash goes: files, directories and symlinks in one order, without times,
// owners or modes but for the executable bit.

import { createHash, type Hash as Hasher } from "node:crypto";
import type { ArchivableFileSystem, FileKind } from "../source/file-system.ts";
import { nested, payForElements } from "./budget.ts";
import { compareText } from "./equality.ts";
import type { Hash } from "./store-hash.ts";
import { evalError, Unknown } from "./unknown.ts";

/** Whether what is at a path below the root is part of the archive. */
export type ArchiveFilter = (path: string, kind: FileKind) => boolean | Unknown;

/** Nobody copies more than this into the store to configure a machine. */
const maxBytes = 256 * 1024 * 1024;

/** Hashing costs time and no memory: so many bytes are as dear as one element of a list. */
const bytesPerElement = 64;

/** The hash of the archive of what is at the path. */
export function hashArchive(fs: ArchivableFileSystem, path: string, filter: ArchiveFilter | null): Hash | Unknown {
  const archive = new ArchiveHash(fs, filter);
  const problem = archive.add(path);
  return problem ?? { algorithm: "sha256", bytes: archive.digest() };
}

class ArchiveHash {
  private readonly hasher: Hasher = createHash("sha256");
  private readonly fs: ArchivableFileSystem;
  private readonly filter: ArchiveFilter | null;
  private bytesLeft = maxBytes;

  constructor(fs: ArchivableFileSystem, filter: ArchiveFilter | null) {
    this.fs = fs;
    this.filter = filter;
  }

  digest(): Uint8Array {
    return this.hasher.digest();
  }

  add(path: string): Unknown | null {
    this.write("nix-archive-1");
    return this.addNode(path);
  }

  /** Text or bytes after their length, filled up with zeros to a multiple of eight. */
  private write(...pieces: readonly (string | Uint8Array)[]): void {
    for (const piece of pieces) {
      const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(bytes.length));
      this.hasher.update(length).update(bytes);
      if (bytes.length % 8 > 0) this.hasher.update(Buffer.alloc(8 - (bytes.length % 8)));
    }
  }

  private addNode(path: string): Unknown | null {
    const node = this.fs.nodeAt(path);
    if (node === null) return evalError(`the path \`${path}\` does not exist`);
    payForElements(16, 0);
    if (node.kind === "unknown") return evalError(`the file \`${path}\` has a type that the store cannot hold`);
    this.write("(", "type", node.kind);
    const problem = node.kind === "directory" ? nested(() => this.addEntries(path)) : null;
    if (node.kind === "symlink") this.write("target", node.target);
    const failed = problem ?? (node.kind === "regular" ? this.addFile(path, node.executable) : null);
    this.write(")");
    return failed;
  }

  private addFile(path: string, executable: boolean): Unknown | null {
    const content = this.fs.readFile(path);
    if (content.kind !== "bytes") {
      const why = content.kind === "unreadable" ? content.why : "it does not exist";
      return new Unknown("impure", `the file \`${path}\` cannot be read: ${why}`);
    }
    this.bytesLeft -= content.bytes.length;
    if (this.bytesLeft < 0) return new Unknown("limit", "a tree is too large to be hashed");
    payForElements(content.bytes.length / bytesPerElement, 0);
    if (executable) this.write("executable", "");
    this.write("contents", content.bytes);
    return null;
  }

  private addEntries(directory: string): Unknown | null {
    const listing = this.fs.readDir(directory);
    if (listing === null) return new Unknown("impure", `the directory \`${directory}\` cannot be read`);
    for (const [name, kind] of [...listing].sort(([a], [b]) => compareText(a, b))) {
      const path = directory === "/" ? `/${name}` : `${directory}/${name}`;
      const included = this.filter === null || this.filter(path, kind);
      if (included instanceof Unknown) return included;
      if (!included) continue;
      this.write("entry", "(", "name", name, "node");
      const problem = this.addNode(path);
      if (problem) return problem;
      this.write(")");
    }
    return null;
  }
}
