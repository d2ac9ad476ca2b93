// The faults that people make, by the rule that has to find each. A kind looks for its places in the model of a flake
// that has none: a job, the owner of a secret, a timer. To add one, write a generator and a row of the table below.

import type { Edit } from "../../src/edit/edit.ts";
import type { Run } from "../run-flake.ts";
import { plantClash, plantReboot } from "./clashes.ts";
import { plantDroppedJob, plantDroppedPath, plantExclude } from "./coverage.ts";
import { plantOtherOwner, plantOtherUser } from "./owners.ts";
import type { Places } from "./places.ts";
import { plantUnwatched } from "./watching.ts";

/** One fault: the edits that make it, and what has to be said of it where. */
export interface Fault {
  readonly edits: readonly Edit[];
  /** What the finding has to be about, one of these. */
  readonly subjects: readonly string[];
  /** Files in which it may stand. */
  readonly files: readonly string[];
}

export interface FaultKind {
  readonly rule: string;
  readonly name: string;
  readonly plant: (run: Run, places: Places) => Iterable<Fault>;
}

export const faultKinds: readonly FaultKind[] = [
  { rule: "service-without-backup", name: "drop the job", plant: plantDroppedJob },
  { rule: "service-without-backup", name: "exclude the path", plant: plantExclude },
  { rule: "service-without-backup", name: "drop the path", plant: plantDroppedPath },
  { rule: "secret-owner-mismatch", name: "give the secret to another user", plant: plantOtherOwner },
  { rule: "secret-owner-mismatch", name: "run the job as another user", plant: plantOtherUser },
  { rule: "backup-schedule-clash", name: "move the timer onto the dump", plant: plantClash },
  { rule: "backup-schedule-clash", name: "upgrade with a reboot at the job's time", plant: plantReboot },
  { rule: "unmonitored-backup", name: "remove what watches", plant: plantUnwatched },
];

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
