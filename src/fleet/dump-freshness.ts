// Backups that carry a dump and run shortly before the next one is written: what they carry is old each time.

import { type Answer, all, no, undecided, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import { elapses } from "./calendar-elapse.ts";
import { COMPARED_RANGE } from "./calendar-window.ts";
import { readsDump, type ScheduledUnit } from "./clashes.ts";
import type { FleetHost } from "./fleet-host.ts";
import type { Clock } from "./schedules.ts";
import { DAY, HOUR, type Micros } from "./timespan.ts";

export interface StaleDump {
  readonly backup: ScheduledUnit;
  readonly dump: ScheduledUnit;
  /** How old the dump is when it is backed up, in hours; null when that is not known. */
  readonly hours: number | null;
  readonly answer: Answer;
}

export function staleDumps({ scheduled }: FleetHost): readonly StaleDump[] {
  const dumps = scheduled.filter(({ kind }) => kind === "dump");
  return scheduled.flatMap((backup) =>
    dumps
      .filter((dump) => backup.kind === "backup" && mayCarry(backup, dump))
      .map((dump): StaleDump => {
        const paths = readsDump(backup.job, dump.dump) ? null : backup.job?.paths.rest;
        const doubt = [paths, backup.clock, dump.clock].find((clock) => clock instanceof Unknown);
        if (doubt instanceof Unknown) return { backup, dump, hours: null, answer: undecided(doubt) };
        const age = ageWhenCarried(backup.clock, dump.clock);
        const answer = all([backup.certain, dump.certain, age === null ? no : yes]);
        return { backup, dump, hours: age === null ? null : Math.round(age / HOUR), answer };
      }),
  );
}

function mayCarry({ job }: ScheduledUnit, { dump }: ScheduledUnit): boolean {
  return readsDump(job, dump) || (job !== null && job.paths.rest !== null);
}

/** Every run counts: a job that once a week comes right behind the dump is no matter of its time of day. */
function ageWhenCarried(backup: Clock | Unknown, dump: Clock | Unknown): Micros | null {
  if (backup instanceof Unknown || dump instanceof Unknown) return null;
  const written = startsOf(dump);
  let youngest: Micros | null = null;
  for (const start of startsOf(backup)) {
    const behind = countUntil(written, start);
    const [last, next] = [written[behind - 1], written[behind]];
    if (next === undefined || last === undefined) continue;
    const age = start - last;
    const isShortlyBefore = (next - start) * 3 < age && start + backup.randomizedDelay < next;
    if (!isShortlyBefore) return null;
    youngest = Math.min(youngest ?? age, age);
  }
  return youngest;
}

const starts = new WeakMap<Clock, readonly Micros[]>();

function startsOf(clock: Clock): readonly Micros[] {
  const known = starts.get(clock) ?? findStarts(clock);
  starts.set(clock, known);
  return known;
}

/** How many of the ascending times are not after `end`. */
function countUntil(times: readonly Micros[], end: Micros): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= end) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Days to look at: of what runs every minute or second, few say as much as many. */
const spells = [60, 7, 1, 1 / 24];
const mostStarts = 20_000;

/** Two months, and of what runs less often than weekly a year. */
function findStarts(clock: Clock): readonly Micros[] {
  for (const days of spells) {
    const found = startsWithin(clock, days);
    if (found !== null) return found.length < 5 && days === 60 ? (startsWithin(clock, 366) ?? found) : found;
  }
  return [];
}

/** Ascending; null when there are too many. */
function startsWithin({ calendars, zone }: Clock, days: number): readonly Micros[] | null {
  const range = { from: COMPARED_RANGE.from, to: COMPARED_RANGE.from + days * DAY, zone };
  const found: Micros[] = [];
  for (const calendar of calendars) {
    for (const start of elapses(calendar, range)) if (found.push(start) > mostStarts) return null;
  }
  return found.sort((a, b) => a - b);
}
