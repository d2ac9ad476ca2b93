// A mistake of the person who called: shown as what is wrong, where, and what to do about it, without a stack, exit 2.

import { positionAt, type SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";

/** The text that is wrong. */
export interface MistakePlace {
  readonly source: SourceFile;
  readonly span: Span;
  /** How messages call the file. */
  readonly name: string;
}

export class UserError extends Error {
  /** What to do about it, one line. */
  readonly hint: string | null;
  /** Null for what stands in no file. */
  readonly place: MistakePlace | null;

  constructor(message: string, hint: string | null = null, place: MistakePlace | null = null) {
    super(place === null ? message : `${showMistakePlace(place)}: ${message}`);
    this.name = "UserError";
    this.hint = hint;
    this.place = place;
  }
}

function showMistakePlace({ source, span, name }: MistakePlace): string {
  const { line, column } = positionAt(source, span.start);
  return `${name}:${line}:${column}`;
}

/** Several at once, so that nobody has to run again for each. It says itself what the first one says. */
export class UserErrors extends UserError {
  readonly all: readonly UserError[];

  constructor(first: UserError, others: readonly UserError[]) {
    super(first.message, first.hint);
    this.all = [first, ...others];
  }
}
