// When schedules get into each other's way. A window is half-open, from an elapse to the end of the longest run it may
// start; windows that only touch do not meet.

import { type Calendar, normalizeCalendar } from "./calendar.ts";
import { nextElapse, type TimeRange } from "./calendar-elapse.ts";
import { telltaleRanges } from "./calendar-period.ts";
import { openTimeZone, transitionsOf } from "./time-zone.ts";
import { DAY, HOUR, MINUTE, type Micros } from "./timespan.ts";

/** What decides when a unit runs and for how long. All lengths in microseconds; `Infinity` is allowed. */
export interface Schedule {
  /** The unit starts when any of them elapses. */
  readonly calendars: readonly Calendar[];
  /** The host's zone; ask `isTimeZone` first. */
  readonly zone: string;
  /** `RandomizedDelaySec`. */
  readonly randomizedDelay: Micros;
  /** `AccuracySec`; a minute, systemd's default, is too short to matter. */
  readonly accuracy: Micros;
  /** How long a run is taken to last. With 0 (and no delay) the schedule has empty windows and meets nothing. */
  readonly budget: Micros;
}

export interface Window {
  readonly start: Micros;
  /** Exclusive. */
  readonly end: Micros;
}

export interface Overlap {
  /** The moment both run. */
  readonly at: Micros;
  readonly a: Window;
  readonly b: Window;
}

/** The years that schedules are compared over when nothing else is said: four, with a leap day, summer times and all. */
export const COMPARED_RANGE: TimeRange = { from: Date.UTC(2025, 0) * 1000, to: Date.UTC(2029, 0) * 1000 };

/** What systemd takes for `AccuracySec` when a timer does not say. */
export const DEFAULT_ACCURACY: Micros = MINUTE;

const SLOT: Micros = 5 * MINUTE;
const SLOTS_A_DAY = DAY / SLOT;

/** From an elapse to the latest end of the run it starts. */
export function windowLength({ randomizedDelay, accuracy, budget }: Schedule): Micros {
  return randomizedDelay + (accuracy > DEFAULT_ACCURACY ? accuracy : 0) + budget;
}

/** The windows that start in a range, ascending; computed as they are asked for. */
export function* windows(schedule: Schedule, range: TimeRange = COMPARED_RANGE): Generator<Window> {
  const length = windowLength(schedule);
  for (
    let start = nextStart(schedule, range.from - 1);
    start !== null && start < range.to;
    start = nextStart(schedule, start)
  ) {
    yield { start, end: start + length };
  }
}

/**
 * The first time that two schedules run at once, among the windows that start in the range; null when they never do.
 * Leaps over what cannot meet, so that a minutely schedule against a yearly one is as quick as the yearly one.
 */
export function firstOverlap(a: Schedule, b: Schedule, range: TimeRange = COMPARED_RANGE): Overlap | null {
  const lengthA = windowLength(a);
  const lengthB = windowLength(b);
  if (lengthA <= 0 || lengthB <= 0) return null;
  for (const part of telltaleRanges([a, b], Math.max(lengthA, lengthB), range)) {
    const overlap = overlapWithin(a, b, part);
    if (overlap !== null) return overlap;
  }
  return null;
}

function overlapWithin(a: Schedule, b: Schedule, range: TimeRange): Overlap | null {
  const lengthA = windowLength(a);
  const lengthB = windowLength(b);
  let startA = nextStart(a, range.from - 1);
  let startB = nextStart(b, range.from - 1);
  while (startA !== null && startB !== null && startA < range.to && startB < range.to) {
    if (startA + lengthA <= startB) startA = nextStart(a, startB - lengthA);
    else if (startB + lengthB <= startA) startB = nextStart(b, startA - lengthB);
    else {
      const at = Math.max(startA, startB);
      return { at, a: { start: startA, end: startA + lengthA }, b: { start: startB, end: startB + lengthB } };
    }
  }
  return null;
}

/** Whether a schedule elapses at all in the range. */
export function everElapses(schedule: Schedule, range: TimeRange = COMPARED_RANGE): boolean {
  const start = nextStart(schedule, range.from - 1);
  return start !== null && start < range.to;
}

function nextStart(schedule: Schedule, after: Micros): Micros | null {
  let first: Micros | null = null;
  for (const calendar of schedule.calendars) {
    const elapse = nextElapse(calendar, after, schedule.zone);
    if (elapse !== null && (first === null || elapse < first)) first = elapse;
  }
  return first;
}

export interface SlotQuestion {
  /** The schedule to move. It keeps the dates of its first calendar (or runs daily) and its zone. */
  readonly move: Schedule;
  /** Minutes after midnight, on the clock of `move`. */
  readonly wanted: number;
  readonly busy: readonly Schedule[];
  /** Time to leave free before and after every other window. */
  readonly gap: Micros;
  readonly range?: TimeRange;
}

export interface Slot {
  /** Minutes after midnight. */
  readonly minute: number;
  readonly calendar: Calendar;
  /** The calendar as it is to be written. */
  readonly text: string;
}

/**
 * The time of day nearest to the wanted one at which the schedule meets none of the others: the wanted time itself or
 * a multiple of five minutes, the later of two equally near ones. Times that some night skips are left out. Null when
 * the day is full.
 */
export function freeSlot({ move, wanted, busy, gap, range = COMPARED_RANGE }: SlotQuestion): Slot | null {
  // Most times that are taken are taken in the first weeks already.
  const start = { from: range.from, to: Math.min(range.to, range.from + 31 * DAY) };
  const spaced = busy.map((schedule) => ({ ...schedule, budget: schedule.budget + gap }));
  for (const minute of minutesByDistance(wanted)) {
    const calendar = atMinute(move.calendars[0] ?? null, minute);
    const moved = { ...move, calendars: [calendar], budget: move.budget + gap };
    if (spaced.some((schedule) => firstOverlap(moved, schedule, start) !== null)) continue;
    if (spaced.some((schedule) => firstOverlap(moved, schedule, range) !== null)) continue;
    if (!isSkipped(moved, calendar, range)) return { minute, calendar, text: normalizeCalendar(calendar) };
  }
  return null;
}

function minutesByDistance(wanted: number): number[] {
  const minutes = [wanted];
  for (let slot = 0; slot < SLOTS_A_DAY; slot++) minutes.push((slot * SLOT) / MINUTE);
  const day = DAY / MINUTE;
  const distance = (minute: number) => Math.min((minute - wanted + day) % day, (wanted - minute + day) % day);
  const isEarlier = (minute: number) => ((minute - wanted + day) % day > day / 2 ? 1 : 0);
  return [...new Set(minutes)].sort((a, b) => distance(a) - distance(b) || isEarlier(a) - isEarlier(b));
}

const DAILY: Pick<Calendar, "kind" | "weekdays" | "year" | "month" | "day" | "fromMonthEnd" | "zone"> = {
  kind: "calendar",
  weekdays: 127,
  year: null,
  month: null,
  day: null,
  fromMonthEnd: false,
  zone: null,
};

/** The dates of a calendar, once each at the given minute. */
function atMinute(dates: Calendar | null, minute: number): Calendar {
  const at = (value: number) => [{ start: value, stop: null, step: 0 }];
  const hour = Math.floor((minute * MINUTE) / HOUR);
  return { ...(dates ?? DAILY), hour: at(hour), minute: at(minute % 60), second: at(0) };
}

/** Whether the clocks jump over the time on a date that the calendar matches. */
function isSkipped(schedule: Schedule, calendar: Calendar, { from, to }: TimeRange): boolean {
  const onWall = { ...calendar, zone: "UTC" };
  return transitionsOf(openTimeZone(calendar.zone ?? schedule.zone), from, to).some(({ at, before, after }) => {
    const elapse = nextElapse(onWall, at + before - 1, "UTC");
    return elapse !== null && elapse < at + after;
  });
}
