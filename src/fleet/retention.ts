// What a job keeps, by day, week, month and year, and whether that leaves holes.

import { type Answer, toAnswer, undecided } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attrs } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Job } from "./jobs.ts";
import { attrsEntries, doubtOf, isUnset, showText, type TextList } from "./known.ts";

export const periods = ["hourly", "daily", "weekly", "monthly", "yearly"] as const;
export type Period = (typeof periods)[number];

/** How many snapshots are kept, one for each period; absent ones are none. */
export type Kept = Readonly<Partial<Record<Period, number>>>;

export interface Retention {
  readonly kept: Kept;
  /** Why there may be more. */
  readonly doubt: Unknown | null;
}

/** How many of a period make one of the next, as far as retention goes: four weeks are a month. */
const perNext: Readonly<Record<Period, number>> = { hourly: 24, daily: 7, weekly: 4, monthly: 12, yearly: 1 };

/** Null when the job does not prune, or keeps by other rules than time. */
export function retentionOf(host: Host, job: Job): Retention | null {
  if (job.mechanism === "restic") return fromOptions(job.pruneOpts);
  if (job.mechanism !== "borg") return null;
  const keep = host.option(["services", "borgbackup", "jobs", job.name, "prune", "keep"]).value;
  if (keep instanceof Unknown && !isUnset(keep)) return { kept: {}, doubt: keep };
  const entries = attrsEntries(keep).map(({ name, value }) => [name, String(value)] as const);
  const doubt = keep instanceof Attrs ? keep.rest : null;
  return entries.length === 0 && doubt === null ? null : fromPairs(entries, doubt);
}

/** `--keep-daily 7`, `--keep-within-daily=14d`, as one text or as two. */
function fromOptions({ items, possible, rest }: TextList): Retention | null {
  const text = items.map((item) => showText(item.text)).join(" ");
  const pairs = [...text.matchAll(/--keep-([a-z-]+)[=\s]+["']?([\w\u2026-]+)/g)].map(
    ([, name = "", value = ""]) => [name, value] as const,
  );
  const short = [...text.matchAll(/(?:^|\s)-([HdwmyL])\s*(\d+)/g)].map(
    ([, name = "", value = ""]) => [shortNames[name] ?? name, value] as const,
  );
  const doubt = rest ?? [...items, ...possible].map((item) => doubtOf(item.text)).find((reason) => reason !== null);
  const all = [...pairs, ...short];
  return all.length === 0 && !doubt ? null : fromPairs(all, doubt ?? null);
}

const shortNames: Readonly<Record<string, string>> = {
  H: "hourly",
  d: "daily",
  w: "weekly",
  m: "monthly",
  y: "yearly",
  l: "last",
};

function fromPairs(pairs: readonly (readonly [string, string])[], doubt: Unknown | null): Retention | null {
  const kept: Partial<Record<Period, number>> = {};
  const add = (period: Period, count: number) => {
    kept[period] = Math.max(kept[period] ?? 0, count);
  };
  for (const [name, value] of pairs) {
    const period = periods.find((known) => name === known || name === `within-${known}`);
    if (name === "within") for (const each of periods) add(each, withinCount(value, each));
    else if (period !== undefined)
      add(period, name.startsWith("within-") ? withinCount(value, period) : countOf(value));
    // A tag keeps what is marked by hand; the last ones say nothing of time.
  }
  return Object.keys(kept).length === 0 && doubt === null ? null : { kept, doubt };
}

/** `unlimited` and -1 keep all. */
function countOf(value: string): number {
  if (value === "unlimited" || value.startsWith("-")) return Number.POSITIVE_INFINITY;
  return Number.parseInt(value, 10) || 0;
}

const days: Readonly<Record<string, number>> = { y: 365, Y: 365, m: 30, w: 7, d: 1, h: 1 / 24, H: 1 / 24 };
const length: Readonly<Record<Period, number>> = { hourly: 1 / 24, daily: 1, weekly: 7, monthly: 30, yearly: 365 };

/** `2y5m7d3h` as a number of periods. */
function withinCount(value: string, period: Period): number {
  const parts = [...value.matchAll(/(\d+)([a-zA-Z])/g)];
  const total = parts.reduce((sum, [, count = "0", unit = ""]) => sum + Number(count) * (days[unit] ?? 0), 0);
  return Math.floor(total / length[period]);
}

/** With what finer periods keep counted in: fourteen dailies are two weeklies. */
export function effective(kept: Kept, period: Period): number {
  let best = kept[period] ?? 0;
  let factor = 1;
  for (const finer of periods.slice(0, periods.indexOf(period)).reverse()) {
    factor *= perNext[finer];
    best = Math.max(best, Math.floor((kept[finer] ?? 0) / factor));
  }
  return best;
}

/** Periods that do not reach back to where the next one that is kept begins, each in one clause. */
export function holesOf(kept: Kept): readonly string[] {
  const used = periods.filter((period) => (kept[period] ?? 0) > 0);
  return used.slice(1).flatMap((next, index): readonly string[] => {
    const before = used[index] ?? next;
    const needed = periods
      .slice(periods.indexOf(before), periods.indexOf(next))
      .reduce((product, period) => product * perNext[period], 1);
    const count = kept[before] ?? 0;
    if (count >= needed) return [];
    return [`${count} ${before} snapshots do not reach back to the ${next} ones`];
  });
}

/** Periods of which less is kept than is wanted. */
export function shortOf<Wanted extends Period>(
  kept: Kept,
  wanted: Readonly<Record<Wanted, number>>,
): readonly Wanted[] {
  return periods.filter(
    (period): period is Wanted & Period => period in wanted && effective(kept, period) < wanted[period as Wanted],
  );
}

export function isFlawed({ doubt }: Retention, flaws: number): Answer {
  return doubt !== null ? undecided(doubt) : toAnswer(flaws > 0);
}
