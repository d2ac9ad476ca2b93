// When a calendar elapses. Follows systemd: local times that the clocks jump over do not count, and of a local time that
// comes twice only the first counts, unless the search starts between the two. The tests name two cases that differ.

import { type Calendar, type CalendarField, type CalendarItem, EVERY_WEEKDAY, LAST_YEAR } from "./calendar.ts";
import { offsetAt, openTimeZone, resolveLocal, type TimeZone } from "./time-zone.ts";
import { DAY, HOUR, MINUTE, type Micros, SECOND } from "./timespan.ts";

/** Half-open: `from` is in it, `to` is not. Microseconds since 1970 UTC. */
export interface TimeRange {
  readonly from: Micros;
  readonly to: Micros;
}

/**
 * The first elapse after an instant (never at it), null when there is none until the end of 2199. `zone` is the host's,
 * for calendars without their own; throws a RangeError when it is not a zone.
 */
export function nextElapse(calendar: Calendar, after: Micros, zone: string): Micros | null {
  const clock = openTimeZone(calendar.zone ?? zone);
  let local: Micros | null = after + 1 + offsetAt(clock, after + 1);
  while (local !== null) {
    local = nextLocal(calendar, local, clock);
    if (local === null) return null;
    const time = resolveLocal(clock, local);
    if (time.kind === "once") return time.instant;
    if (time.kind === "twice") return time.first > after ? time.first : time.second;
    local = behindGap(clock, local);
  }
  return null;
}

/** All elapses in a range, ascending, computed as they are asked for: `*:*:*` over years is no problem if you stop. */
export function* elapses(calendar: Calendar, range: TimeRange & { readonly zone: string }): Generator<Micros> {
  let elapse = nextElapse(calendar, range.from - 1, range.zone);
  while (elapse !== null && elapse < range.to) {
    yield elapse;
    elapse = nextElapse(calendar, elapse, range.zone);
  }
}

/** A time on the wall clock; months and days from 1, microseconds within the minute. */
interface Moment {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: Micros;
}

/**
 * What a step of the search comes to: a match, no match ever, a new moment to start from, or the wall-clock time that a
 * carry went to, from which only part is kept.
 */
type Outcome = "settled" | "never" | "moved" | Micros;

/**
 * The first matching wall-clock time at or after the given one. A step that leaves its unit is carried over as systemd
 * does it: what is left over is dropped when only the next unit changes, but kept when the carry goes further, so that
 * `*:0/13` goes from 23:52 to 00:13 and `*-*-1/7` from 29 December to 8 January.
 */
function nextLocal(calendar: Calendar, from: Micros, clock: TimeZone): Micros | null {
  let moment = momentOf(from);
  for (;;) {
    const date = settleDate(calendar, moment);
    const outcome = date === "settled" ? settleTime(calendar, moment) : date;
    if (outcome === "never") return null;
    if (outcome === "settled") return localOf(moment);
    if (typeof outcome === "number") moment = landCarry(moment, outcome, clock);
  }
}

/**
 * systemd keeps the offset of the time that a carry went to for the moment that it starts again from: when the clocks
 * go back in between, the search starts an hour late, and `0/7:00` leaves out the midnight before. When they go forward
 * it starts early and never ends ("Resource deadlock avoided"); that is not followed.
 */
function landCarry(moment: Moment, carried: Micros, clock: TimeZone): Moment {
  const local = localOf(moment);
  const start = resolveLocal(clock, local);
  if (start.kind === "skipped") return momentOf(local + start.shift);
  const time = resolveLocal(clock, carried);
  if (time.kind === "skipped") return moment;
  const instant = local - carried + (time.kind === "once" ? time.instant : time.first);
  const landed = instant + offsetAt(clock, instant);
  return landed > local ? momentOf(landed) : moment;
}

/** A skipped time moves on by as much as the clocks did, from the start of the unit that was skipped first. */
function behindGap(clock: TimeZone, local: Micros): Micros {
  for (const unit of [DAY, HOUR, MINUTE]) {
    const start = local - (local % unit);
    const time = resolveLocal(clock, start);
    if (time.kind === "skipped") return start + time.shift;
  }
  const time = resolveLocal(clock, local);
  return time.kind === "skipped" ? local + time.shift : local;
}

/** Moves to the first matching date. */
function settleDate(calendar: Calendar, moment: Moment): Outcome {
  const year = nextValue(calendar.year, moment.year);
  if (year === null || year > LAST_YEAR) return "never";
  if (year > moment.year) startYear(moment, year);
  const month = nextValue(calendar.month, moment.month);
  if (month === null) return startYear(moment, moment.year + 1);
  if (month > 12) {
    startYear(moment, moment.year + 1);
    return localOf({ ...moment, month: month - 12 });
  }
  if (month > moment.month) startMonth(moment, month);
  const length = monthLength(moment);
  const days = calendar.fromMonthEnd ? countFromEnd(calendar.day, length) : calendar.day;
  const day = nextValue(days, moment.day);
  if (day === null) return startMonth(moment, moment.month + 1);
  if (day > length) {
    const carriedFar = moment.month === 12;
    startMonth(moment, moment.month + 1);
    const carried = localOf({ ...moment, day: day - length });
    if (carriedFar) moment.day = day - length;
    return carried;
  }
  if (day > moment.day) startDay(moment, day);
  return matchesWeekday(calendar.weekdays, moment) ? "settled" : startDay(moment, moment.day + 1);
}

/** Moves to the first matching time of the day. */
function settleTime(calendar: Calendar, moment: Moment): Outcome {
  const hour = nextValue(calendar.hour, moment.hour);
  if (hour === null) return startDay(moment, moment.day + 1);
  if (hour > 23) {
    const carriedFar = moment.day === monthLength(moment);
    startDay(moment, moment.day + 1);
    const carried = localOf({ ...moment, hour: hour - 24 });
    if (carriedFar) moment.hour = hour - 24;
    return carried;
  }
  if (hour > moment.hour) startHour(moment, hour);
  const minute = nextValue(calendar.minute, moment.minute);
  if (minute === null) return startHour(moment, moment.hour + 1);
  if (minute > 59) {
    const carriedFar = moment.hour === 23;
    startHour(moment, moment.hour + 1);
    const carried = localOf({ ...moment, minute: minute - 60 });
    if (carriedFar) moment.minute = minute - 60;
    return carried;
  }
  if (minute > moment.minute) startMinute(moment, minute);
  const second = nextValue(calendar.second, moment.second);
  if (second === null) return startMinute(moment, moment.minute + 1);
  if (second >= MINUTE) {
    const carriedFar = moment.minute === 59;
    startMinute(moment, moment.minute + 1);
    // The fraction is kept in any case.
    moment.second = second - MINUTE;
    const carried = localOf(moment);
    if (!carriedFar) moment.second = second % SECOND;
    return carried;
  }
  moment.second = second;
  return "settled";
}

function startYear(moment: Moment, year: number): "moved" {
  moment.year = year;
  return startMonth(moment, 1);
}

/** These take one more than the unit has and carry it. */
function startMonth(moment: Moment, month: number): "moved" {
  if (month > 12) return startYear(moment, moment.year + 1);
  moment.month = month;
  return startDay(moment, 1);
}

function startDay(moment: Moment, day: number): "moved" {
  if (day > monthLength(moment)) return startMonth(moment, moment.month + 1);
  moment.day = day;
  return startHour(moment, 0);
}

function startHour(moment: Moment, hour: number): "moved" {
  if (hour > 23) return startDay(moment, moment.day + 1);
  moment.hour = hour;
  return startMinute(moment, 0);
}

function startMinute(moment: Moment, minute: number): "moved" {
  if (minute > 59) return startHour(moment, moment.hour + 1);
  moment.minute = minute;
  moment.second = 0;
  return "moved";
}

function momentOf(local: Micros): Moment {
  const date = new Date(Math.floor(local / 1000));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: ((local % MINUTE) + MINUTE) % MINUTE,
  };
}

function localOf({ year, month, day, hour, minute, second }: Moment): Micros {
  return Date.UTC(year, month - 1, day, hour, minute) * 1000 + second;
}

function monthLength({ year, month }: Moment): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** `~03` is the third last day; a step goes on towards the end of the month, a range becomes one in the usual order. */
function countFromEnd(field: CalendarField, length: number): CalendarField {
  if (field === null) return null;
  return field.map(({ start, stop, step }) => {
    const day = length + 1 - start;
    return stop === null ? { start: day, stop, step } : { start: length + 1 - stop, stop: day, step };
  });
}

function matchesWeekday(weekdays: number, { year, month, day }: Moment): boolean {
  if (weekdays === EVERY_WEEKDAY) return true;
  const sundayFirst = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return (weekdays & (1 << ((sundayFirst + 6) % 7))) !== 0;
}

/** The smallest value of a field at or above the given one. Steps without an end go on past the unit. */
function nextValue(field: CalendarField, from: number): number | null {
  if (field === null) return from;
  let best: number | null = null;
  for (const item of field) {
    const value = nextOfItem(item, from);
    if (value !== null && (best === null || value < best)) best = value;
  }
  return best;
}

function nextOfItem({ start, stop, step }: CalendarItem, from: number): number | null {
  if (from <= start) return start;
  if (step === 0) return null;
  const value = start + Math.ceil((from - start) / step) * step;
  return stop === null || value <= stop ? value : null;
}
