// All texts below a value: strings, files of the flake, what writers wrote. For configuration that programs read, where
// the place in the tree matters less than the words.

import { force, spanOf } from "../eval/thunk.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attrs, List, NixPath, PartialString, type Value } from "../eval/value.ts";
import { isDerivation } from "../nixpkgs/derivation.ts";
import type { FileSystem } from "../source/file-system.ts";
import type { Span } from "../source/span.ts";
import { readScript } from "./commands.ts";
import { isUnset } from "./known.ts";

/** Configuration of other programs: what is not UTF-8 is replaced, nothing points into it. */
const decoder = new TextDecoder();

export interface DeepText {
  readonly text: string;
  readonly span: Span | null;
}

export interface DeepTexts {
  readonly texts: readonly DeepText[];
  /** The first thing on the way that is not known. */
  readonly unread: Unknown | null;
}

/** Configurations are not deeper, and what is deeper is a loop. */
const deepest = 12;
/** Nor are they larger: what is, holds packages or hosts, which are no text. */
const most = 20_000;

export function deepTexts(value: Value, fs: FileSystem, span: Span | null = null): DeepTexts {
  const texts: DeepText[] = [];
  let unread: Unknown | null = null;
  const seen = new Set<Value>();
  const visit = (current: Value, at: Span | null, depth: number) => {
    if (isUnset(current) || depth > deepest || seen.has(current)) return;
    if (typeof current === "object") seen.add(current);
    if (seen.size > most) unread ??= new Unknown("limit", `a value of more than ${most} parts`, at);
    else if (current instanceof Unknown) unread ??= current;
    else if (typeof current === "string") texts.push({ text: current, span: at });
    else if (current instanceof NixPath) texts.push(...fileTexts(fs, current.path).map((text) => ({ text, span: at })));
    else if (current instanceof PartialString || (current instanceof Attrs && isDerivation(current))) {
      const script = readScript(current);
      texts.push({ text: script.text, span: at }, ...copiedFiles(current, fs).map((text) => ({ text, span: at })));
      unread ??= script.unread;
    } else if (current instanceof List) {
      for (const element of [...current.elements, ...current.possible])
        visit(force(element), spanOf(element) ?? at, depth + 1);
      unread ??= current.rest;
    } else if (current instanceof Attrs && !isPlace(current)) {
      for (const attr of current.entries.values()) visit(force(attr.value), attr.span ?? at, depth + 1);
    }
  };
  visit(value, span, 0);
  return { texts, unread };
}

/** A flake or a source: its text is its path, not what it holds. */
function isPlace(set: Attrs): boolean {
  return set.entries.has("outPath");
}

/** `"${./rules.yaml}"`: the file whose store path stands in the text. */
function copiedFiles(value: Value, fs: FileSystem): readonly string[] {
  if (!(value instanceof PartialString)) return [];
  return value.parts.flatMap((part) =>
    typeof part !== "string" && part.storePathOf instanceof NixPath ? fileTexts(fs, part.storePathOf.path) : [],
  );
}

/** A file's text, or those of the files in a directory. */
function fileTexts(fs: FileSystem, path: string): readonly string[] {
  const content = fs.readFile(path);
  if (content.kind === "bytes") return [decoder.decode(content.bytes)];
  const names = [...(fs.readDir(path) ?? new Map()).keys()];
  return names.flatMap((name) => {
    const file = fs.readFile(`${path}/${name}`);
    return file.kind === "bytes" ? [decoder.decode(file.bytes)] : [];
  });
}
