// Schedules that repeat every day or every week need not be followed through years: between two changes of the clocks
// all periods are alike, so that the first ones tell of the rest.

import { type Calendar, type CalendarField, EVERY_WEEKDAY } from "./calendar.ts";
import type { TimeRange } from "./calendar-elapse.ts";
import { openTimeZone, transitionsOf } from "./time-zone.ts";
import { DAY, type Micros } from "./timespan.ts";

interface Repeating {
  readonly calendars: readonly Calendar[];
  readonly zone: string;
}

/** Longer windows are followed as they come. */
const longest: Micros = 7 * DAY;

/**
 * The parts of a range, ascending, in which schedules whose windows are at most `length` long meet first if they ever
 * do: its beginning, and what is around each change of the clocks. The whole range where nothing repeats.
 */
export function telltaleRanges(schedules: readonly Repeating[], length: Micros, range: TimeRange): TimeRange[] {
  const calendars = schedules.flatMap((schedule) => schedule.calendars);
  const periods = calendars.map(periodOf);
  if (length > longest || periods.includes(null)) return [range];
  // Two periods, because of a time that comes twice only the first counts; a day for what the clocks move.
  const after = 2 * Math.max(DAY, ...periods.map((period) => period ?? 0)) + length + DAY;
  const before = length + DAY;
  const zones = new Set(schedules.flatMap(({ calendars, zone }) => calendars.map((calendar) => calendar.zone ?? zone)));
  const changes = [...zones].flatMap((zone) => transitionsOf(openTimeZone(zone), range.from, range.to));
  return joinRanges([
    { from: range.from, to: Math.min(range.to, range.from + after) },
    ...changes.map(({ at }) => ({
      from: Math.max(range.from, at - before),
      to: Math.min(range.to, at + after),
    })),
  ]);
}

function joinRanges(ranges: readonly TimeRange[]): TimeRange[] {
  const joined: TimeRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last === undefined || range.from > last.to) joined.push(range);
    else joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
  }
  return joined;
}

/** After how long the calendar says the same again, as long as the clocks are not changed; null when it does not. */
function periodOf({ year, month, day, hour, minute, second, weekdays }: Calendar): Micros | null {
  if (year !== null || month !== null || day !== null) return null;
  if (![hour, minute, second].every(staysInside)) return null;
  return weekdays === EVERY_WEEKDAY ? DAY : 7 * DAY;
}

/** A step without an end goes on past its unit, and then depends on where it came from. */
function staysInside(field: CalendarField): boolean {
  return field === null || field.every(({ stop, step }) => step === 0 || stop !== null);
}
