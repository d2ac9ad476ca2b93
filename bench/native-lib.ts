// A checkout of nixpkgs (or nixpkgs.lib) in which `lib/default.nix` is the native `lib`.

import { join } from "node:path";
import { createSession, type Session } from "../src/eval/session.ts";
import { force } from "../src/eval/thunk.ts";
import { Attrs, type Lazy } from "../src/eval/value.ts";
import { libOfSession } from "../src/nixpkgs/session-lib.ts";
import { DiskFileSystem } from "../src/source/disk-file-system.ts";
import type { FileContent, FileSystem } from "../src/source/file-system.ts";

/** A file system in which one file says something else. */
class PatchedFileSystem extends DiskFileSystem implements FileSystem {
  private readonly file: string;
  private readonly text: string;

  constructor(file: string, text: string) {
    super("/");
    this.file = file;
    this.text = text;
  }

  override readFile(path: string): FileContent {
    if (path !== this.file) return super.readFile(path);
    return { kind: "bytes", bytes: new TextEncoder().encode(this.text) };
  }
}

/** `adapt` may replace functions of `lib`. */
export function sessionWithNativeLib(checkout: string, adapt: (lib: Attrs) => Attrs = (lib) => lib): Session {
  const session = createSession({
    fs: new PatchedFileSystem(join(checkout, "lib/default.nix"), "<native-lib>"),
    searchPath: (name): Lazy | undefined => (name === "native-lib" ? lib : undefined),
    system: "x86_64-linux",
  });
  const original = force(libOfSession(session));
  if (!(original instanceof Attrs)) throw new Error("`lib` is not a set");
  const lib = adapt(original);
  return session;
}
