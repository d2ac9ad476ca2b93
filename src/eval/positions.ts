// Positions as Nix shows them to programs: `{ file, line, column }`.

import { lineStarts } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import type { Session } from "./session.ts";
import { attrsOf, type Value } from "./value.ts";

/** Line and column from 1, the column in bytes as in Nix; null for what stands in no file. */
export function positionOf(session: Session, span: Span | null): Value {
  const source = span && session.files.get(span.file)?.source;
  if (!span || !source) return null;
  const starts = lineStarts(source);
  let line = starts.length - 1;
  while (line > 0 && (starts[line] ?? 0) > span.start) line--;
  const before = source.text.slice(starts[line] ?? 0, span.start);
  return attrsOf({ column: BigInt(Buffer.byteLength(before) + 1), file: span.file, line: BigInt(line + 1) });
}
