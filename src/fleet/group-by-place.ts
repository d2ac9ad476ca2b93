// What was found at one place for one reason is one finding: a module that makes twelve jobs is mended once.

import type { Answer } from "../eval/answer.ts";
import type { Span } from "../source/span.ts";

interface Placed {
  readonly span: Span | null;
  readonly answer: Answer;
}

export interface PlaceGroup<T extends Placed> extends Placed {
  /** Never empty. */
  readonly members: readonly T[];
  readonly first: T;
}

/**
 * Those that are not "no", by place; what is decided and what is not stay apart, and so does what has no place, or what
 * `apart` tells apart.
 */
export function groupByPlace<T extends Placed>(
  found: readonly T[],
  apart: (one: T) => string = () => "",
): readonly PlaceGroup<T>[] {
  const groups = new Map<string, T[]>();
  for (const [index, one] of found.entries()) {
    const { span, answer } = one;
    if (answer.kind === "no") continue;
    const isAlone = span === null || answer.kind === "undecided";
    const key = isAlone ? String(index) : `${span.file}:${span.start}:${span.end} ${apart(one)}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    return first === undefined ? [] : [{ members, first, span: first.span, answer: first.answer }];
  });
}
