// When a calendar elapses. Follows systemd: local times that the clocks jump over do not count, and of a local time that
// comes twice only the first counts, unless the search starts between the two. The tests name two cases that differ.

import { type Calendar, type CalendarField, type CalendarItem, EVERY_WEEKDAY, LAST_YEAR } from "./calendar.ts";
import { offsetAt, openTimeZone, resolveLocal, type TimeZone } from "./time-zone.ts";
import { MINUTE, type Micros, SECOND } from "./timespan.ts";

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
    local = time.until;
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
 * The first matching wall-clock time at or after the given one. A step that leaves its unit is carried over as systemd
 * does it: what is left over is dropped when only the next unit changes, but kept when the carry goes further, so that
 * `*:0/13` goes from 23:52 to 00:13 and `*-*-1/7` from 29 December to 8 January.
 */
function nextLocal(calendar: Calendar, from: Micros, clock: TimeZone): Micros | null {
  let moment = momentOf(from);
  for (;;) {
    const date = settleDate(calendar, moment);
    if (date === "never") return null;
    const time = date === "settled" ? settleTime(calendar, moment) : date;
    if (time === "settled") return localOf(moment);
    if (time === "carried") moment = landOutsideGap(moment, clock);
  }
}

/** A carry into an hour that the clocks jump over lands as far behind the gap as it went into it. */
function landOutsideGap(moment: Moment, clock: TimeZone): Moment {
  const local = localOf(moment);
  const time = resolveLocal(clock, local);
  return time.kind === "skipped" ? momentOf(local + time.shift) : moment;
}

/** Moves to the first matching date; `moved` when the search has to start again from the moment's new date. */
function settleDate(calendar: Calendar, moment: Moment): "settled" | "moved" | "never" {
  const year = nextValue(calendar.year, moment.year);
  if (year === null || year > LAST_YEAR) return "never";
  if (year > moment.year) startYear(moment, year);
  const month = nextValue(calendar.month, moment.month);
  if (month === null || month > 12) return startYear(moment, moment.year + 1);
  if (month > moment.month) startMonth(moment, month);
  const length = monthLength(moment);
  const days = calendar.fromMonthEnd ? countFromEnd(calendar.day, length) : calendar.day;
  const day = nextValue(days, moment.day);
  if (day === null) return startMonth(moment, moment.month + 1);
  if (day > length) {
    const carriedFar = moment.month === 12;
    startMonth(moment, moment.month + 1);
    if (carriedFar) moment.day = day - length;
    return "moved";
  }
  if (day > moment.day) startDay(moment, day);
  return matchesWeekday(calendar.weekdays, moment) ? "settled" : startDay(moment, moment.day + 1);
}

/** Moves to the first matching time; else the search has to start again from the moment's new date and time. */
function settleTime(calendar: Calendar, moment: Moment): "settled" | "moved" | "carried" {
  const hour = nextValue(calendar.hour, moment.hour);
  if (hour === null) return startDay(moment, moment.day + 1);
  if (hour > 23) {
    const carriedFar = moment.day === monthLength(moment);
    startDay(moment, moment.day + 1);
    if (carriedFar) moment.hour = hour - 24;
    return "carried";
  }
  if (hour > moment.hour) startHour(moment, hour);
  const minute = nextValue(calendar.minute, moment.minute);
  if (minute === null) return startHour(moment, moment.hour + 1);
  if (minute > 59) {
    const carriedFar = moment.hour === 23;
    startHour(moment, moment.hour + 1);
    if (carriedFar) moment.minute = minute - 60;
    return "carried";
  }
  if (minute > moment.minute) startMinute(moment, minute);
  const second = nextValue(calendar.second, moment.second);
  if (second === null) return startMinute(moment, moment.minute + 1);
  if (second >= MINUTE) {
    const carriedFar = moment.minute === 59;
    startMinute(moment, moment.minute + 1);
    // The fraction is kept in any case.
    moment.second = carriedFar ? second - MINUTE : second % SECOND;
    return "carried";
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
