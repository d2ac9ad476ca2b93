// Spans as people and machines read them: path relative to the flake's root, lines and columns from 1.

import { relative, sep } from "node:path";
import type { Report } from "../lint/finding.ts";
import { type Position, positionAt } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";

export interface Location {
  readonly path: string;
  readonly start: Position;
  /** Exclusive. */
  readonly end: Position;
}

const firstPosition: Position = { line: 1, column: 1 };

/** A file without text (encrypted, unreadable) is pointed at as a whole: 1:1. */
export function locate(report: Report, span: Span): Location {
  const path = displayPath(report, span.file);
  const source = report.sources.get(span.file);
  if (source === undefined) return { path, start: firstPosition, end: firstPosition };
  return { path, start: positionAt(source, span.start), end: positionAt(source, span.end) };
}

/** Paths outside of the flake, which only inputs have, keep their `..`. */
export function displayPath(report: Report, path: string): string {
  if (!path.startsWith("/")) return path;
  return relative(report.root, path).split(sep).join("/") || ".";
}

/** `path:line:column`. */
export function showPlace(report: Report, span: Span): string {
  const { path, start } = locate(report, span);
  return `${path}:${start.line}:${start.column}`;
}
