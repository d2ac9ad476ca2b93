// Where a key stands in a TOML text. The TOML parser gives values without places; error messages need both.

import type { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";

export type KeyPath = readonly (string | number)[];

interface Place {
  readonly path: KeyPath;
  readonly span: Span;
}

const header = /^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$/;
const assignment = /^\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=/;
const keyPart = /"([^"]*)"|'([^']*)'|([\w-]+)/g;

/** The key with that path, else the closest of its parents that is written on a line of its own, else the first line. */
export function placeOfKey(source: SourceFile, path: KeyPath): Span {
  const places = keyPlaces(source);
  for (let length = path.length; length > 0; length--) {
    const wanted = path.slice(0, length);
    const place = places.find((candidate) => startsWith(candidate.path, wanted));
    if (place !== undefined) return place.span;
  }
  return { file: source.path, start: 0, end: Math.max(source.text.search(/[\r\n]|$/), 0) };
}

function keyPlaces(source: SourceFile): Place[] {
  const places: Place[] = [];
  const tableCounts = new Map<string, number>();
  let table: KeyPath = [];
  for (const { line, start } of linesOf(source.text)) {
    const opened = header.exec(line);
    const assigned = assignment.exec(line);
    if (opened !== null) {
      table = tablePath(splitKey(opened[2] ?? ""), opened[1] === "[[", tableCounts);
      places.push({ path: table, span: spanOf(source, start, line) });
    } else if (assigned !== null) {
      places.push({
        path: [...table, ...splitKey(assigned[1] ?? "")],
        span: spanOf(source, start, assigned[1] ?? "", line),
      });
    }
  }
  return places;
}

/** `[[waive]]` opens one more element; `[waive.x]` goes on with the last one. */
function tablePath(keys: readonly string[], isArray: boolean, counts: Map<string, number>): KeyPath {
  const path: (string | number)[] = [];
  keys.forEach((key, index) => {
    path.push(key);
    const name = JSON.stringify(path);
    const isLast = index === keys.length - 1;
    if (isArray && isLast) counts.set(name, (counts.get(name) ?? -1) + 1);
    const count = counts.get(name);
    if (count !== undefined) path.push(count);
  });
  return path;
}

function splitKey(text: string): string[] {
  return [...text.matchAll(keyPart)].map((part) => part[1] ?? part[2] ?? part[3] ?? "");
}

function startsWith(path: KeyPath, prefix: KeyPath): boolean {
  return prefix.every((part, index) => path[index] === part);
}

function spanOf(source: SourceFile, lineStart: number, text: string, line = text): Span {
  const start = lineStart + line.length - line.trimStart().length;
  return { file: source.path, start, end: start + text.trim().length };
}

function* linesOf(text: string): Iterable<{ readonly line: string; readonly start: number }> {
  let start = 0;
  for (const line of text.split("\n")) {
    yield { line, start };
    start += line.length + 1;
  }
}
