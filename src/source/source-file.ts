// A file's text and the two ways to point into it: UTF-16 offsets inside nixlint, lines and columns for people.

export interface SourceFile {
  readonly path: string;
  /** Decoded text without a byte order mark; line ends as they are on disk. */
  readonly text: string;
}

/** Line and column from 1; the column counts code points, as the reports do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const lineStartsOf = new WeakMap<SourceFile, readonly number[]>();

/** Offsets at which lines start. `\n`, `\r\n` and a lone `\r` end a line. */
export function lineStarts(source: SourceFile): readonly number[] {
  const known = lineStartsOf.get(source);
  if (known) return known;
  const starts = [0];
  for (const match of source.text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  lineStartsOf.set(source, starts);
  return starts;
}

export function positionAt(source: SourceFile, offset: number): Position {
  const starts = lineStarts(source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const before = source.text.slice(starts[low] ?? 0, offset);
  return { line: low + 1, column: [...before].length + 1 };
}
