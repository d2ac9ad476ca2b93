// The order in which everything is reported: by file, then offset, then rule. Never by locale.

import type { Span } from "../source/span.ts";

interface Placed {
  readonly rule: string;
  readonly at: Span | null;
  readonly subject: string;
  readonly message?: string;
}

/** What has no place comes last. */
export function comparePlaced(a: Placed, b: Placed): number {
  return (
    compareSpans(a.at, b.at) ||
    compareText(a.rule, b.rule) ||
    compareText(a.subject, b.subject) ||
    compareText(a.message ?? "", b.message ?? "")
  );
}

export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function compareSpans(a: Span | null, b: Span | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareText(a.file, b.file) || a.start - b.start || a.end - b.end;
}
