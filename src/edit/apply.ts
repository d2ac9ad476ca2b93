// Applies edits to a text, and says which edits get in each other's way.

import type { Edit } from "./edit.ts";

/** Edits of one file that do not overlap, in any order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let offset = 0;
  for (const { span, text: replacement } of [...edits].sort(compareEdits)) {
    result += text.slice(offset, span.start) + replacement;
    offset = span.end;
  }
  return result + text.slice(offset);
}

function compareEdits({ span: a }: Edit, { span: b }: Edit): number {
  return a.start - b.start || a.end - b.end;
}

/** Two edits at one insertion point overlap too: their order would be chance. */
export function overlaps({ span: a }: Edit, { span: b }: Edit): boolean {
  if (a.file !== b.file) return false;
  return a.start === b.start || (a.start < b.end && b.start < a.end);
}

/** The same change, as two findings with one cause ask for it. */
export function isSameEdit(a: Edit, b: Edit): boolean {
  return a.text === b.text && a.span.file === b.span.file && a.span.start === b.span.start && a.span.end === b.span.end;
}
