// Where something stands in a file. Every syntax node is a span, so provenance costs no extra object.

/** A range of UTF-16 offsets in a file; `end` is exclusive. `file` is an absolute path in the file system being read. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** The file of the Nix programs that nixlint brings: nobody could look a place in it up. */
export const ownCode = "/<nixlint>";

/** The span itself, or null for one in a program of ours. */
export function userPlace<T extends Span>(span: T): T | null {
  return span.file === ownCode ? null : span;
}

/** A span that covers both, which must be of one file. */
export function coverSpans(first: Span, last: Span): Span {
  return { file: first.file, start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}
