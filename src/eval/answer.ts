// Three-valued answers: yes, no, or undecided with the reasons why.

import type { Unknown } from "./unknown.ts";

export type Answer = Yes | No | Undecided;

interface Yes {
  readonly kind: "yes";
}

interface No {
  readonly kind: "no";
}

export interface Undecided {
  readonly kind: "undecided";
  /** Never empty. */
  readonly reasons: readonly Unknown[];
}

export const yes: Answer = { kind: "yes" };
export const no: Answer = { kind: "no" };

export function undecided(...reasons: readonly Unknown[]): Answer {
  return { kind: "undecided", reasons };
}

export function toAnswer(value: boolean | Unknown): Answer {
  if (typeof value === "boolean") return value ? yes : no;
  return undecided(value);
}

/** Yes as soon as one is yes; no when all are no. */
export function any(answers: Iterable<Answer>): Answer {
  const reasons: Unknown[] = [];
  for (const answer of answers) {
    if (answer.kind === "yes") return yes;
    if (answer.kind === "undecided") reasons.push(...answer.reasons);
  }
  return reasons.length > 0 ? undecided(...reasons) : no;
}

/** No as soon as one is no; yes when all are yes. */
export function all(answers: Iterable<Answer>): Answer {
  const reasons: Unknown[] = [];
  for (const answer of answers) {
    if (answer.kind === "no") return no;
    if (answer.kind === "undecided") reasons.push(...answer.reasons);
  }
  return reasons.length > 0 ? undecided(...reasons) : yes;
}

export function not(answer: Answer): Answer {
  if (answer.kind === "undecided") return answer;
  return answer.kind === "yes" ? no : yes;
}
