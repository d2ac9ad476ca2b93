// systemd calendar expressions (`OnCalendar`, `startAt`): parsed and printed exactly as systemd does. When they elapse
// is calendar-elapse.ts, what an error suggests is calendar-hint.ts.

import { suggestCalendar } from "./calendar-hint.ts";
import { isTimeZone } from "./time-zone.ts";
import { SECOND } from "./timespan.ts";

/** One item of a list: `start`, `start/step`, `start..stop/step`. */
export interface CalendarItem {
  readonly start: number;
  /** Inclusive; null for none. */
  readonly stop: number | null;
  /** 0: `start` alone. */
  readonly step: number;
}

/** Sorted, without duplicates; null stands for `*`. */
export type CalendarField = readonly CalendarItem[] | null;

export interface Calendar {
  readonly kind: "calendar";
  /** Bit 0 is Monday; 127 is every day. */
  readonly weekdays: number;
  readonly year: CalendarField;
  readonly month: CalendarField;
  readonly day: CalendarField;
  /** Days count back from the end of the month, 1 being its last day (`*-*~01`). */
  readonly fromMonthEnd: boolean;
  readonly hour: CalendarField;
  readonly minute: CalendarField;
  /** Microseconds within the minute; `*` is every whole second. */
  readonly second: readonly CalendarItem[];
  /** A zone of its own, as written; `UTC` in any case becomes `UTC`. Null: the host's zone. */
  readonly zone: string | null;
}

export interface CalendarError {
  readonly kind: "error";
  /** One clause, lower case, ready for a finding. */
  readonly message: string;
  /** What to do instead, in words. */
  readonly hint?: string;
  /** A calendar that systemd accepts and that says what was meant; a fix may write it as it is. */
  readonly suggestion?: string;
  /** False when systemd may accept it after all: specifiers, zones that only the host knows. Not a finding then. */
  readonly certain: boolean;
}

export const EVERY_WEEKDAY = 127;
export const WEEKDAYS: readonly string[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const LONG_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** Years that systemd's calendar knows. */
export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2199;

/** systemd refuses longer lists. */
const MOST_ITEMS = 241;

/** `anually` and the forms with a dash are kept by systemd for old units. */
const SHORTCUTS: ReadonlyMap<string, string> = new Map([
  ["minutely", "*-*-* *:*:00"],
  ["hourly", "*-*-* *:00:00"],
  ["daily", "*-*-* 00:00:00"],
  ["weekly", "Mon *-*-* 00:00:00"],
  ["monthly", "*-*-01 00:00:00"],
  ["quarterly", "*-01,04,07,10-01 00:00:00"],
  ...["semiannually", "semi-annually", "biannually", "bi-annually"].map(twiceAYear),
  ...["yearly", "annually", "anually"].map((name): [string, string] => [name, "*-01-01 00:00:00"]),
]);

function twiceAYear(name: string): [string, string] {
  return [name, "*-01,07-01 00:00:00"];
}

interface FieldRange {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly year?: boolean;
  readonly seconds?: boolean;
  readonly fromEnd?: boolean;
}

const YEAR: FieldRange = { name: "year", low: FIRST_YEAR, high: LAST_YEAR, year: true };
const MONTH: FieldRange = { name: "month", low: 1, high: 12 };
const DAY_OF_MONTH: FieldRange = { name: "day", low: 1, high: 31 };
/** A month has at least 28 days, so that is how far one may count back. */
const DAY_FROM_END: FieldRange = { name: "day before the end of the month", low: 1, high: 28, fromEnd: true };
const HOUR_OF_DAY: FieldRange = { name: "hour", low: 0, high: 23 };
const MINUTE_OF_HOUR: FieldRange = { name: "minute", low: 0, high: 59 };
const SECOND_OF_MINUTE: FieldRange = { name: "second", low: 0, high: 60 * SECOND - 1, seconds: true };

const MIDNIGHT = "0:0:0";

/** Why a text is no calendar; caught in `tryRead` and nowhere else. */
class Refusal extends Error {}

/**
 * Reads what stands behind `OnCalendar=`. White space around it is dropped, as the unit file reader does; an empty
 * value, which resets the list in a unit, is the caller's business and an error here. Never throws.
 */
export function parseCalendar(text: string): Calendar | CalendarError {
  const trimmed = text.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, "");
  if (trimmed.includes("%")) {
    return { kind: "error", message: `the calendar \`${trimmed}\` holds a unit specifier`, certain: false };
  }
  const calendar = tryRead(trimmed);
  if (typeof calendar !== "string") return calendar;
  const advice = suggestCalendar(trimmed, (candidate) => typeof tryRead(candidate) !== "string");
  return { kind: "error", message: calendar, ...advice };
}

/** systemd's normalized form. Read back it elapses at the same times. */
export function normalizeCalendar(calendar: Calendar): string {
  const date = `${showField(calendar.year, 4)}-${showField(calendar.month, 2)}${calendar.fromMonthEnd ? "~" : "-"}${showField(calendar.day, 2)}`;
  const time = `${showField(calendar.hour, 2)}:${showField(calendar.minute, 2)}:${showSeconds(calendar.second)}`;
  const weekdays = calendar.weekdays === EVERY_WEEKDAY ? "" : `${showWeekdays(calendar.weekdays)} `;
  return `${weekdays}${date} ${time}${calendar.zone === null ? "" : ` ${calendar.zone}`}`;
}

/** The calendar, or why it is none. */
function tryRead(text: string): Calendar | string {
  try {
    return readCalendar(text);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

function readCalendar(text: string): Calendar {
  const { body, zone } = splitZone(text);
  if (body === "")
    throw new Refusal(text === "" ? "the calendar is empty" : `the calendar \`${text}\` has no date or time`);
  const shortcut = SHORTCUTS.get(body.toLowerCase());
  const { weekdays, rest } = splitWeekdays(shortcut ?? body);
  if (rest.startsWith("@")) return { ...readEpoch(rest), weekdays };
  const { date, time } = splitDate(rest);
  return { kind: "calendar", weekdays, ...readDate(date), ...readTime(time || MIDNIGHT), zone };
}

/** `UTC` in any case, or a zone of the tz database, after the last space. */
function splitZone(text: string): { body: string; zone: string | null } {
  const space = text.lastIndexOf(" ");
  const last = text.slice(space + 1);
  if (space < 0) return { body: text, zone: null };
  if (last.toLowerCase() === "utc") return { body: text.slice(0, space), zone: "UTC" };
  return isTimeZone(last) ? { body: text.slice(0, space), zone: last } : { body: text, zone: null };
}

/**
 * Weekdays end at a space or at the end. A trailing comma is fine (`Mon, 04:00`), `-` is an old spelling of `..`.
 */
function splitWeekdays(text: string): { weekdays: number; rest: string } {
  if (!/^[a-z]/i.test(text)) return { weekdays: EVERY_WEEKDAY, rest: text };
  const [list = ""] = text.split(" ", 1);
  let weekdays = 0;
  const items = list.split(",");
  if (items.length > 1 && items.at(-1) === "") items.pop();
  for (const item of items) weekdays |= readWeekdayItem(item);
  return { weekdays, rest: text.slice(list.length).replace(/^ +/, "") };
}

function readWeekdayItem(item: string): number {
  const [, first = "", last = first] = /^([a-z]+)(?:(?:\.\.|-)([a-z]+))?$/i.exec(item) ?? [];
  const from = weekdayNumber(first);
  const to = weekdayNumber(last);
  if (from < 0 || to < 0) throw new Refusal(`\`${item}\` is neither a weekday nor the start of a date or time`);
  if (from > to) throw new Refusal(`the weekdays \`${item}\` run backwards, and systemd's week starts on Monday`);
  return ((1 << (to - from + 1)) - 1) << from;
}

function weekdayNumber(name: string): number {
  const lower = name.toLowerCase();
  return Math.max(WEEKDAYS.indexOf(lower), LONG_WEEKDAYS.indexOf(lower));
}

/** `@seconds` since 1970, always UTC whatever zone stands behind it. */
function readEpoch(text: string): Calendar {
  const [, digits] = /^@ *\+?(\d+)$/.exec(text) ?? [];
  if (digits === undefined) throw new Refusal(`\`${text}\` is not a number of seconds since 1970`);
  const date = new Date(Number(digits) * 1000);
  if (!(date.getUTCFullYear() <= LAST_YEAR)) throw new Refusal(`\`${text}\` is after the year ${LAST_YEAR}`);
  return {
    kind: "calendar",
    weekdays: EVERY_WEEKDAY,
    year: [once(date.getUTCFullYear())],
    month: [once(date.getUTCMonth() + 1)],
    day: [once(date.getUTCDate())],
    fromMonthEnd: false,
    hour: [once(date.getUTCHours())],
    minute: [once(date.getUTCMinutes())],
    second: [once(date.getUTCSeconds() * SECOND)],
    zone: "UTC",
  };
}

/** A date has dashes before the first space, a time has colons. */
function splitDate(text: string): { date: string; time: string } {
  const [first = ""] = text.split(" ", 1);
  if (first.includes(":")) return { date: "*-*-*", time: text };
  if (first === "") return { date: "*-*-*", time: "" };
  return { date: first, time: text.slice(first.length).replace(/^ +/, "") };
}

type DatePart = Pick<Calendar, "year" | "month" | "day" | "fromMonthEnd">;

function readDate(text: string): DatePart {
  const [, head = "", mark = "-", day = ""] = /^(.*)([-~])([^-~]*)$/.exec(text) ?? [];
  const parts = head.split("-");
  if (head === "" || parts.length > 2) throw new Refusal(`\`${text}\` is neither a date nor a time`);
  const [year = "*", month = "*"] = parts.length === 2 ? parts : ["*", head];
  const fromEnd = mark === "~" && day !== "*";
  return {
    year: readField(year, YEAR),
    month: readField(month, MONTH),
    day: readField(day, fromEnd ? DAY_FROM_END : DAY_OF_MONTH),
    fromMonthEnd: fromEnd,
  };
}

type TimePart = Pick<Calendar, "hour" | "minute" | "second">;

function readTime(text: string): TimePart {
  const parts = text.split(":");
  const [hour = "", minute = "", second = "0"] = parts;
  if (parts.length < 2 || parts.length > 3)
    throw new Refusal(`\`${text}\` is not a time: write hours and minutes, \`04:30\``);
  return {
    hour: readField(hour, HOUR_OF_DAY),
    minute: readField(minute, MINUTE_OF_HOUR),
    second: readField(second, SECOND_OF_MINUTE) ?? [{ start: 0, stop: null, step: SECOND }],
  };
}

function readField(text: string, range: FieldRange): CalendarField {
  if (text === "*") return null;
  const texts = text.split(",");
  if (texts.length > MOST_ITEMS) throw new Refusal(`the ${range.name} list has more than ${MOST_ITEMS} items`);
  const items = texts.map((item) => readItem(item, range));
  items.sort((a, b) => a.start - b.start || (a.stop ?? -1) - (b.stop ?? -1) || a.step - b.step);
  const distinct = items.filter((item, index) => !sameItem(item, items[index - 1]));
  for (const [index, item] of distinct.entries()) checkItem(item, text, narrowRange(range, index));
  return distinct;
}

/** Of a list of days before the end of the month systemd allows each item three days less than the one before. */
function narrowRange(range: FieldRange, index: number): FieldRange {
  return range.fromEnd ? { ...range, high: range.high - 3 * index } : range;
}

function sameItem(a: CalendarItem, b: CalendarItem | undefined): boolean {
  return b !== undefined && a.start === b.start && a.stop === b.stop && a.step === b.step;
}

function readItem(text: string, range: FieldRange): CalendarItem {
  const number = range.seconds ? "\\d+(?:\\.\\d+)?" : "\\d+";
  const match = new RegExp(`^(${number})(?:\\.\\.(${number}))?(?:/(${number}))?$`).exec(text);
  if (!match) throw new Refusal(`\`${text}\` is not a ${range.name}`);
  const start = readNumber(match[1] ?? "", range);
  const stop = match[2] === undefined ? null : readNumber(match[2], range);
  const unit = range.seconds ? SECOND : 1;
  const step = match[3] === undefined ? (stop === null ? 0 : unit) : readCount(match[3], range);
  if (match[3] !== undefined && step === 0) throw new Refusal(`the step of the ${range.name} \`${text}\` is zero`);
  if (range.seconds && match[3] === undefined && stop !== null && stop - start < SECOND) {
    throw new Refusal(`the range of seconds \`${text}\` is shorter than a second`);
  }
  return cutItem({ start, stop, step });
}

/** The stop moves back to the last value that is met; a range that holds one value is that value. */
function cutItem({ start, stop, step }: CalendarItem): CalendarItem {
  if (stop === null || stop < start) return { start, stop, step };
  const last = stop - ((stop - start) % step);
  return last === start ? once(start) : { start, stop: last, step };
}

function checkItem(item: CalendarItem, text: string, range: FieldRange): void {
  const { start, stop, step } = item;
  const { name, low, high } = range;
  const inside = start >= low && start <= high && (stop === null || (stop >= low && stop <= high));
  if (!inside) {
    const last = range.seconds ? "below 60" : `${low}..${high}`;
    throw new Refusal(`the ${name} \`${text}\` is out of range (${last})`);
  }
  if (stop !== null && stop < start) throw new Refusal(`the ${name} range \`${text}\` runs backwards`);
  const reach = range.fromEnd && stop === null ? start - step >= low : start + step <= (stop ?? high);
  if (step > high - low || !reach) throw new Refusal(`the step of the ${name} \`${text}\` is never reached`);
}

function once(value: number): CalendarItem {
  return { start: value, stop: null, step: 0 };
}

function readNumber(text: string, range: FieldRange): number {
  const value = readCount(text, range);
  if (!range.year || value >= 100) return value;
  return value + (value < 70 ? 2000 : 1900);
}

/** Seconds become microseconds, the seventh digit of a fraction rounding the sixth. */
function readCount(text: string, range: FieldRange): number {
  if (!range.seconds) return Number(text);
  const [whole = "", fraction = ""] = text.split(".");
  const micros = Number(fraction.slice(0, 6).padEnd(6, "0")) + (/^\d{6}[5-9]/.test(fraction) ? 1 : 0);
  return Number(whole) * SECOND + micros;
}

function showField(field: CalendarField, width: number): string {
  if (field === null) return "*";
  return field
    .map(({ start, stop, step }) => {
      const range = stop === null ? pad(start, width) : `${pad(start, width)}..${pad(stop, width)}`;
      return step === 0 || (stop !== null && step === 1) ? range : `${range}/${step}`;
    })
    .join(",");
}

function showSeconds(items: readonly CalendarItem[]): string {
  if (items.some(({ start, stop, step }) => start === 0 && stop === null && step === SECOND)) return "*";
  return items
    .map(({ start, stop, step }) => {
      const range = stop === null ? showMicros(start, 2) : `${showMicros(start, 2)}..${showMicros(stop, 2)}`;
      return step === 0 || (stop !== null && step === SECOND) ? range : `${range}/${showMicros(step, 1)}`;
    })
    .join(",");
}

function showMicros(micros: number, width: number): string {
  const rest = micros % SECOND;
  const whole = pad(Math.floor(micros / SECOND), width);
  return rest === 0 ? whole : `${whole}.${pad(rest, 6)}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

/** Runs of three and more as a range, runs of two as a list. */
function showWeekdays(weekdays: number): string {
  const shown: string[] = [];
  for (let day = 0; day < 7; day++) {
    if ((weekdays & (1 << day)) === 0) continue;
    let last = day;
    while ((weekdays & (1 << (last + 1))) !== 0) last++;
    shown.push(last - day < 2 ? daysBetween(day, last).join(",") : `${weekdayName(day)}..${weekdayName(last)}`);
    day = last;
  }
  return shown.join(",");
}

function daysBetween(first: number, last: number): string[] {
  return first === last ? [weekdayName(first)] : [weekdayName(first), weekdayName(last)];
}

/** `Mon` for 0. */
export function weekdayName(day: number): string {
  const name = WEEKDAYS[day] ?? "";
  return name.charAt(0).toUpperCase() + name.slice(1);
}
