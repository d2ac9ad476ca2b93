// Every Nix file of a flake, reached by evaluation or not, parsed when somebody asks.

import { globalNames } from "../eval/globals.ts";
import type { Session } from "../eval/session.ts";
import { decodeSource } from "../source/decode.ts";
import type { FileSystem } from "../source/file-system.ts";
import { type ParsedFile, parseNix } from "../syntax/parse.ts";
import type { FlakeFiles } from "./files.ts";
import type { Skipped } from "./skipped.ts";

/** Never part of a configuration, where git does not say so itself. */
const ignoredDirectories = new Set([".git", ".direnv", "node_modules"]);

export function createFlakeFiles(root: string, session: Session): FlakeFiles {
  let parsed: Parsed | null = null;
  const read = () => {
    parsed ??= parseAll(root, session);
    return parsed;
  };
  return {
    root,
    fs: session.fs,
    reached: session.touched,
    problems: session.problems,
    get parsed() {
      return read().files;
    },
    get skipped() {
      return read().skipped;
    },
  };
}

interface Parsed {
  readonly files: ReadonlyMap<string, ParsedFile>;
  readonly skipped: readonly Skipped[];
}

function parseAll(root: string, session: Session): Parsed {
  const files = new Map<string, ParsedFile>();
  const skipped: Skipped[] = [];
  for (const path of nixFiles(session.fs, root)) {
    const file = session.files.get(path) ?? parseFile(session.fs, path);
    if ("why" in file) skipped.push(file);
    else files.set(path, file);
  }
  return { files, skipped };
}

function parseFile(fs: FileSystem, path: string): ParsedFile | Skipped {
  const content = fs.readFile(path);
  if (content.kind === "missing" || content.kind === "elsewhere") return { path, why: "it does not exist" };
  if (content.kind === "unreadable") return { path, why: content.why };
  const source = decodeSource(path, content.bytes);
  return "binary" in source ? { path, why: source.binary } : parseNix(source, globalNames);
}

/** Sorted by path. Symlinked directories are not followed: their files are seen where they are. */
export function nixFiles(fs: FileSystem, directory: string): readonly string[] {
  const found: string[] = [];
  for (const [name, kind] of fs.readDir(directory) ?? []) {
    const path = `${directory}/${name}`;
    if (kind === "directory" && !ignoredDirectories.has(name)) found.push(...nixFiles(fs, path));
    else if (name.endsWith(".nix") && kind !== "directory" && fs.kindOf(path) === "regular") found.push(path);
  }
  return found;
}
