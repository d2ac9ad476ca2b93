// Local time and back, from the zone rules that the JavaScript engine ships. Transitions are found once per zone and
// year, so that walking a calendar through years costs no formatting.

import { ZONE_ALIASES } from "./time-zone-names.ts";
import { HOUR, type Micros, SECOND } from "./timespan.ts";

/** What a wall-clock time means in a zone. `local` values are microseconds since 1970-01-01 00:00 on the zone's clock. */
export type LocalTime =
  | { readonly kind: "once"; readonly instant: Micros }
  /** The clocks went back: it comes twice. */
  | { readonly kind: "twice"; readonly first: Micros; readonly second: Micros }
  /** The clocks went forward over it, by `shift`. */
  | { readonly kind: "skipped"; readonly shift: Micros };

/** A zone of the tz database, opened. */
export interface TimeZone {
  readonly name: string;
  /** Null for UTC, which has one offset and needs none of the engine's tables. */
  readonly format: Intl.DateTimeFormat | null;
  readonly years: Map<number, YearOfZone>;
  /** The year asked last; almost every question is about the same one. */
  latest: YearOfZone | null;
}

interface YearOfZone {
  readonly from: Micros;
  readonly to: Micros;
  /** Ascending; the first starts at `from`. */
  readonly stretches: readonly Stretch[];
}

/** A time during which the offset from UTC stays the same. */
interface Stretch {
  readonly from: Micros;
  readonly offset: Micros;
}

/** Two transitions are never closer than the shortest interruption of summer time (Ramadan in Morocco, a month). */
const SAMPLE: Micros = 14 * 24 * HOUR;

/** Zones are up to 14 hours from UTC and have skipped at most a day. */
const NEIGHBOURHOOD: Micros = 40 * HOUR;

const opened = new Map<string, TimeZone>();
let canonicalNames: ReadonlyMap<string, string> | null = null;

/** Whether systemd finds the zone: a name of the tz database, in its exact spelling, `posix/` before it allowed. */
export function isTimeZone(name: string): boolean {
  const plain = name.replace(/^posix\//, "");
  return zoneNames().get(plain.toLowerCase()) === plain;
}

/** The tz database's spelling of a name that differs in case only, else null. */
export function spellTimeZone(name: string): string | null {
  return zoneNames().get(name.toLowerCase()) ?? null;
}

/** Throws a RangeError when there is no such zone: ask `isTimeZone` first. */
export function openTimeZone(name: string): TimeZone {
  const known = opened.get(name);
  if (known) return known;
  const plain = name.replace(/^posix\//, "");
  const format = plain === "UTC" ? null : formatOf(plain);
  const zone: TimeZone = { name, format, years: new Map(), latest: null };
  opened.set(name, zone);
  return zone;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
}

/** What to add to UTC to get the zone's local time. */
export function offsetAt(zone: TimeZone, instant: Micros): Micros {
  const { stretches } = yearAt(zone, instant);
  let offset = 0;
  for (const stretch of stretches) {
    if (stretch.from > instant) break;
    offset = stretch.offset;
  }
  return offset;
}

export function resolveLocal(zone: TimeZone, local: Micros): LocalTime {
  const before = offsetAt(zone, local - NEIGHBOURHOOD);
  const after = offsetAt(zone, local + NEIGHBOURHOOD);
  if (before === after) return { kind: "once", instant: local - before };
  const early = local - before;
  const late = local - after;
  const earlyHolds = offsetAt(zone, early) === before;
  const lateHolds = offsetAt(zone, late) === after;
  if (earlyHolds && lateHolds) return { kind: "twice", first: early, second: late };
  if (earlyHolds) return { kind: "once", instant: early };
  if (lateHolds) return { kind: "once", instant: late };
  return { kind: "skipped", shift: after - before };
}

/** A moment at which the clocks of a zone are changed. */
export interface Transition {
  readonly at: Micros;
  /** What to add to UTC until then, and from then on. */
  readonly before: Micros;
  readonly after: Micros;
}

/** Ascending; those after `from` and before `to`. */
export function transitionsOf(zone: TimeZone, from: Micros, to: Micros): Transition[] {
  const transitions: Transition[] = [];
  let before = offsetAt(zone, from);
  for (let start = from; start < to; ) {
    const year = yearAt(zone, start);
    for (const { from: at, offset } of year.stretches) {
      if (at <= from || at >= to || offset === before) continue;
      transitions.push({ at, before, after: offset });
      before = offset;
    }
    start = year.to;
  }
  return transitions;
}

function zoneNames(): ReadonlyMap<string, string> {
  canonicalNames ??= new Map(
    [...Intl.supportedValuesOf("timeZone"), ...ZONE_ALIASES].map((name) => [name.toLowerCase(), name]),
  );
  return canonicalNames;
}

function yearAt(zone: TimeZone, instant: Micros): YearOfZone {
  const { latest } = zone;
  if (latest && instant >= latest.from && instant < latest.to) return latest;
  const number = new Date(instant / 1000).getUTCFullYear();
  let year = zone.years.get(number);
  if (!year) {
    year = readYear(zone, number);
    zone.years.set(number, year);
  }
  zone.latest = year;
  return year;
}

function readYear(zone: TimeZone, number: number): YearOfZone {
  const from = Date.UTC(number) * 1000;
  const to = Date.UTC(number + 1) * 1000;
  if (zone.format === null) return { from, to, stretches: [{ from, offset: 0 }] };
  const stretches: Stretch[] = [{ from, offset: readOffset(zone, from) }];
  let offset = readOffset(zone, from);
  for (let start = from; start < to; start += SAMPLE) {
    const end = Math.min(start + SAMPLE, to);
    const next = readOffset(zone, end);
    if (next === offset) continue;
    const at = bisectTransition(zone, start, end);
    // A transition at the very end belongs to the next year.
    if (at < to) stretches.push({ from: at, offset: next });
    offset = next;
  }
  return { from, to, stretches };
}

/** The first second after `start` at which the offset of `end` holds. */
function bisectTransition(zone: TimeZone, start: Micros, end: Micros): Micros {
  const after = readOffset(zone, end);
  let low = start;
  let high = end;
  while (high - low > SECOND) {
    const middle = low + Math.floor((high - low) / 2 / SECOND) * SECOND;
    if (readOffset(zone, middle) === after) high = middle;
    else low = middle;
  }
  return high;
}

function readOffset(zone: TimeZone, instant: Micros): Micros {
  const millis = instant / 1000;
  if (zone.format === null) return 0;
  const numbers = zone.format.format(millis).match(/\d+/g)?.map(Number) ?? [];
  const [month = 1, day = 1, year = 1970, hour = 0, minute = 0, second = 0] = numbers;
  return (Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(millis / 1000) * 1000) * 1000;
}
