// Code frames: the lines of a span with carets below, aligned also behind tabs and wide characters.

import { lineStarts, positionAt, type SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import { hideSecrets } from "./hidden.ts";
import { displayWidth, visibleLine } from "./visible.ts";

export interface FrameLine {
  /** Null below a line of code. */
  readonly number: number | null;
  readonly text: string;
}

const tabWidth = 4;
/** Of a longer span only the beginning is shown: the caret matters, not the whole attrset. */
const maxLines = 3;
/** Lines of code are rarely longer; generated ones must not flood a terminal. */
const maxWidth = 160;
/** More than that is cut off whatever it is. */
const maxRead = 2 * maxWidth;

/** Code lines, each with its caret line. */
export function codeFrame(source: SourceFile, span: Span): FrameLine[] {
  const first = positionAt(source, span.start).line;
  const last = Math.max(first, positionAt(source, Math.max(span.end - 1, span.start)).line);
  const shown = Math.min(last, first + maxLines - 1);
  const frame: FrameLine[] = [];
  for (let line = first; line <= shown; line++) frame.push(...frameLine(source, span, line));
  if (shown < last) frame.push({ number: null, text: "…" });
  return frame;
}

/** The frame with line numbers, without colours: for messages that are no findings. */
export function plainFrame(source: SourceFile, span: Span): string[] {
  const frame = codeFrame(source, span);
  const width = Math.max(...frame.map(({ number }) => String(number ?? "").length));
  return frame.map(({ number, text }) => ` ${String(number ?? "").padStart(width)} | ${text}`.trimEnd());
}

function frameLine(source: SourceFile, span: Span, line: number): FrameLine[] {
  const starts = lineStarts(source);
  const lineStart = starts[line - 1] ?? 0;
  const end = Math.min(starts[line] ?? source.text.length, lineStart + maxRead);
  const text = hideSecrets(source.text.slice(lineStart, end).replace(/[\r\n]+$/, ""));
  const indent = text.length - text.trimStart().length;
  const from = Math.max(span.start - lineStart, span.start < lineStart ? indent : 0);
  const to = Math.min(span.end - lineStart, text.length);
  const before = expand(text.slice(0, from));
  const marked = expand(text.slice(from, Math.max(to, from)), before.width);
  const after = expand(text.slice(Math.max(to, from)), before.width + marked.width);
  const carets = " ".repeat(before.width) + "^".repeat(Math.max(marked.width, 1));
  return [
    { number: line, text: clip(before.text + marked.text + after.text) },
    { number: null, text: clip(carets) },
  ];
}

function clip(text: string): string {
  return text.length <= maxWidth ? text : `${text.slice(0, maxWidth - 1)}…`;
}

/** Tabs become spaces up to the next stop, control characters become visible. */
function expand(text: string, from = 0): { readonly text: string; readonly width: number } {
  let expanded = "";
  let width = 0;
  for (const character of text) {
    const shown = character === "\t" ? " ".repeat(tabWidth - ((from + width) % tabWidth)) : visibleLine(character);
    expanded += shown;
    width += displayWidth(shown);
  }
  return { text: expanded, width };
}
