// Takes a table out of the configuration: from its header to the next one, with the comments directly above it.

import type { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import type { Edit } from "./edit.ts";

/** `at` is the header, `[[waive]]`. */
export function removeTable({ path: file, text }: SourceFile, at: Span): Edit | null {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const starts = lines.map((_, index) => lines.slice(0, index).join("").length);
  const header = starts.findLastIndex((start) => start <= at.start);
  if (!isHeader(lines[header])) return null;
  let [first, next] = [header, header + 1];
  while (next < lines.length && !isHeader(lines[next])) next += 1;
  // What stands directly above the next header is about that one.
  if (next < lines.length) while (isComment(lines[next - 1])) next -= 1;
  while (isComment(lines[first - 1])) first -= 1;
  // Blank lines before the last table would end the file.
  if (next === lines.length) while (lines[first - 1]?.trim() === "") first -= 1;
  return { span: { file, start: starts[first] ?? 0, end: starts[next] ?? text.length }, text: "" };
}

function isHeader(line = ""): boolean {
  return /^\s*\[/.test(line);
}

function isComment(line = ""): boolean {
  return /^\s*#/.test(line);
}
