// The faults that people make, by the rule that has to find each. A kind looks for its places in the model of a flake
// that has none: a job, the owner of a secret, a timer. To add one, write a generator and a row of the table in
// all.ts.

import type { Edit } from "../../src/edit/edit.ts";
import type { Run } from "../run-flake.ts";
import type { Places } from "./places.ts";

/** One fault: the edits that make it, and what has to be said of it where. */
export interface Fault {
  readonly edits: readonly Edit[];
  /** What the finding has to be about, one of these. */
  readonly subjects: readonly string[];
  /** Files in which it may stand. */
  readonly files: readonly string[];
  /** Files that are made besides, which git does not know. */
  readonly newFiles?: ReadonlyMap<string, string>;
}

export interface FaultKind {
  readonly rule: string;
  readonly name: string;
  readonly plant: (run: Run, places: Places) => Iterable<Fault>;
}

/** Joins edits of which each has to be possible. */
export function joined(parts: readonly (readonly Edit[] | null)[]): readonly Edit[] | null {
  if (parts.length === 0 || parts.includes(null)) return null;
  const edits = parts.flatMap((part) => part ?? []);
  return edits.filter((edit, index) => edits.findIndex((other) => isSameEdit(edit, other)) === index);
}

function isSameEdit(a: Edit, b: Edit): boolean {
  return a.span.file === b.span.file && a.span.start === b.span.start && a.span.end === b.span.end && a.text === b.text;
}

export function filesOf(edits: readonly Edit[]): readonly string[] {
  return [...new Set(edits.map(({ span }) => span.file))];
}
