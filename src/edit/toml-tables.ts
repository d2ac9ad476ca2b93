// Takes a table out of the configuration: from its header to the next one, with the comments directly above it.

import { lineStarts, positionAt, type SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import type { Edit } from "./edit.ts";

/** `at` is the header, `[[waive]]`. Looks at no more of the text than the table. */
export function removeTable(source: SourceFile, at: Span): Edit | null {
  const starts = lineStarts(source);
  // What follows the last line end is no line.
  const count = starts.at(-1) === source.text.length ? starts.length - 1 : starts.length;
  const line = (index: number) =>
    index < 0 || index >= count ? undefined : source.text.slice(starts[index], starts[index + 1]);
  const header = positionAt(source, at.start).line - 1;
  if (!isHeader(line(header))) return null;
  let [first, next] = [header, header + 1];
  while (next < count && !isHeader(line(next))) next += 1;
  // What stands directly above the next header is about that one.
  if (next < count) while (isComment(line(next - 1))) next -= 1;
  while (isComment(line(first - 1))) first -= 1;
  // Blank lines before the last table would end the file.
  if (next === count) while (line(first - 1)?.trim() === "") first -= 1;
  const span = { file: source.path, start: starts[first] ?? 0, end: starts[next] ?? source.text.length };
  return { span, text: "" };
}

function isHeader(line = ""): boolean {
  return /^\s*\[/.test(line);
}

function isComment(line = ""): boolean {
  return /^\s*#/.test(line);
}
