// Spans as people and machines read them: path relative to the flake's root, lines and columns from 1.

import { relative, sep } from "node:path";
import type { Unknown } from "../eval/unknown.ts";
import type { Assumption } from "../flake/flake.ts";
import { type Position, positionAt, type SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";

/** What places are told in; a report is one. */
export interface Atlas {
  readonly root: string;
  readonly sources: { get(path: string): SourceFile | undefined };
}

export interface Location {
  readonly path: string;
  readonly start: Position;
  /** Exclusive. */
  readonly end: Position;
}

const firstPosition: Position = { line: 1, column: 1 };

/** A file without text (encrypted, unreadable) is pointed at as a whole: 1:1. */
export function locate(atlas: Atlas, span: Span): Location {
  const path = displayPath(atlas, span.file);
  const source = atlas.sources.get(span.file);
  if (source === undefined) return { path, start: firstPosition, end: firstPosition };
  return { path, start: positionAt(source, span.start), end: positionAt(source, span.end) };
}

/** Paths outside of the flake, which only inputs have, keep their `..`. */
export function displayPath(atlas: Atlas, path: string): string {
  if (!path.startsWith("/")) return path;
  return relative(atlas.root, path).split(sep).join("/") || ".";
}

/** `path:line:column`. */
export function showPlace(atlas: Atlas, span: Span): string {
  const { path, start } = locate(atlas, span);
  return `${path}:${start.line}:${start.column}`;
}

/** Why something is not known. */
export function showReason(atlas: Atlas, { message }: Unknown): string {
  return relativeText(atlas, message);
}

/** The same with the place that it comes from. */
export function showBecause(atlas: Atlas, reason: Unknown): string {
  return showReason(atlas, reason) + (reason.span === null ? "" : ` (${showPlace(atlas, reason.span)})`);
}

/** What is taken for granted, where it comes in, and for which hosts. */
export function showAssumption(atlas: Atlas, { message, at, hosts }: Assumption): string {
  const place = at === null ? "" : ` (${showPlace(atlas, at)})`;
  return `assumed: ${relativeText(atlas, message)}${place}${hosts.length === 0 ? "" : ` [${hosts.join(", ")}]`}`;
}

/** Evaluation names files by their absolute paths; a report does not. */
export function relativeText({ root }: Atlas, text: string): string {
  return text.replaceAll(`${root}/`, "");
}
