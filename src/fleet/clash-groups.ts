// Clashes by their cause: however many jobs meet one dump, or share one repository, somebody has to change one schedule.

import { type Answer, any } from "../eval/answer.ts";
import type { Span } from "../source/span.ts";
import type { Clash, ScheduledUnit } from "./clashes.ts";

export interface ClashGroup {
  readonly kind: Clash["kind"];
  /** Never empty; the finding is about the first. */
  readonly ones: readonly ScheduledUnit[];
  /** What they meet; never empty. */
  readonly others: readonly ScheduledUnit[];
  /** Never "no". */
  readonly answer: Answer;
  /** Where the one of them was chosen; the place that gives several of them their time. */
  readonly at: Span | null;
  /** The first time any of them meet. */
  readonly first: string | null;
}

/** `pairs` are those of one host, `all` those of the fleet, asked for only when repositories are shared. */
export function groupClashes(pairs: readonly Clash[], all: () => readonly Clash[]): readonly ClashGroup[] {
  const relevant = pairs.filter(({ answer }) => answer.kind !== "no");
  const byOther = new Map<string, Clash[]>();
  for (const clash of relevant.filter(({ kind }) => kind !== "repository")) {
    const key = `${clash.kind} ${clash.other.host.name} ${clash.other.option} ${clash.answer.kind}`;
    byOther.set(key, [...(byOther.get(key) ?? []), clash]);
  }
  const groups = [...byOther.values()].map((clashes) =>
    groupOf(
      clashes,
      clashes.map(({ one }) => one),
      clashes.map(({ other }) => other),
    ),
  );
  const shared = relevant.filter(({ kind }) => kind === "repository");
  return [...groups, ...(shared.length === 0 ? [] : repositoryGroups(shared, all()))];
}

/** One group for a repository, at the first of its jobs. */
function repositoryGroups(own: readonly Clash[], all: readonly Clash[]): readonly ClashGroup[] {
  const identities = [...new Set(own.map(({ one }) => one.repository?.identity))];
  return identities.flatMap((identity): readonly ClashGroup[] => {
    const of = all.filter(
      ({ kind, one, answer }) => kind === "repository" && answer.kind !== "no" && one.repository?.identity === identity,
    );
    const [first] = of;
    const isFirst = first !== undefined && own.some(({ one }) => one === first.one);
    return isFirst
      ? [
          groupOf(
            of,
            [first.one],
            of.flatMap(({ one, other }) => [one, other]).filter((unit) => unit !== first.one),
          ),
        ]
      : [];
  });
}

function groupOf(
  clashes: readonly Clash[],
  ones: readonly ScheduledUnit[],
  others: readonly ScheduledUnit[],
): ClashGroup {
  const [clash] = clashes;
  if (clash === undefined) throw new Error("a group of clashes without a clash");
  const times = clashes.flatMap(({ first }) => (first === null ? [] : [first]));
  return {
    kind: clash.kind,
    ones: [...new Set(ones)],
    at: placeOf([...new Set([...ones, ...others])].filter(({ kind: of }) => of === "backup")),
    others: [...new Set(others)],
    answer: any(clashes.map(({ answer }) => answer)),
    first: times.sort()[0] ?? null,
  };
}

function placeOf(backups: readonly ScheduledUnit[]): Span | null {
  const [first, ...more] = backups;
  if (first === undefined) return null;
  const isShared = more.length > 0 && more.every(({ writtenAt }) => isSameSpan(writtenAt, first.writtenAt));
  return isShared ? first.writtenAt : first.span;
}

function isSameSpan(a: Span | null, b: Span | null): boolean {
  return a?.file === b?.file && a?.start === b?.start;
}

/** `a`, `a` and `b`, `a` and 3 more. */
export function showOptions(named: readonly { readonly option: string }[]): string {
  const [first, second, ...more] = [...new Set(named.map(({ option }) => `\`${option}\``))];
  if (second === undefined) return first ?? "";
  return more.length === 0 ? `${first} and ${second}` : `${first} and ${more.length + 1} more`;
}
