// Generated calendars and time spans against systemd-analyze. CALENDAR_CASES and CALENDAR_SEED widen or repeat a run.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeCalendar, parseCalendar } from "../../src/fleet/calendar.ts";
import { nextElapse } from "../../src/fleet/calendar-elapse.ts";
import { offsetAt, openTimeZone, resolveLocal } from "../../src/fleet/time-zone.ts";
import { parseTimeSpan, SECOND } from "../../src/fleet/timespan.ts";
import { judgeCalendars, judgeTimeSpan, whySkipped } from "./calendar-systemd.ts";

const CASES = Number(process.env.CALENDAR_CASES ?? 240);
const SEED = Number(process.env.CALENDAR_SEED ?? 20250330);
const BATCH = 40;
const ITERATIONS = 6;

if (whySkipped !== null) console.warn(`calendars are not compared with systemd: ${whySkipped}`);
else console.info(`comparing ${CASES} calendars with systemd, seed ${SEED}`);

/** Zones whose clocks do something of their own, and plain ones. */
const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Africa/Casablanca",
  "America/Santiago",
  "America/Nuuk",
  "Antarctica/Troll",
  "Asia/Kolkata",
  "Asia/Gaza",
  "Africa/Cairo",
  "Atlantic/Azores",
  "Pacific/Chatham",
  "America/Havana",
];

const small = (high: number, low = 0) => fc.integer({ min: low, max: high });

function item(low: number, high: number): fc.Arbitrary<string> {
  const value = fc.oneof({ weight: 40, arbitrary: small(high, low) }, { weight: 1, arbitrary: small(high + 3) });
  const shown = value.chain((n) => fc.constantFrom(String(n), String(n).padStart(2, "0")));
  const step = small(Math.max(2, Math.ceil((high - low) / 2)), 1);
  return fc.oneof(
    { weight: 6, arbitrary: shown },
    {
      weight: 2,
      arbitrary: fc
        .tuple(shown, shown)
        .map(([a, b]) => (Number(a) > Number(b) && Number(a) % 9 > 0 ? `${b}..${a}` : `${a}..${b}`)),
    },
    { weight: 3, arbitrary: fc.tuple(small(Math.min(high, low + 5), low), step).map(([a, n]) => `${a}/${n}`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(small(high, low), small(high, low), step)
        .map(([a, b, n]) => `${Math.min(a, b)}..${Math.max(a, b)}/${n}`),
    },
  );
}

function field(low: number, high: number, star = 4): fc.Arbitrary<string> {
  const list = fc.array(item(low, high), { minLength: 1, maxLength: 3 }).map((items) => items.join(","));
  return fc.oneof({ weight: star, arbitrary: fc.constant("*") }, { weight: 3, arbitrary: list });
}

const seconds = fc.oneof(
  { weight: 5, arbitrary: field(0, 59, 1) },
  { weight: 1, arbitrary: fc.tuple(small(60), small(2_000_000)).map(([s, f]) => `${s}.${f}`) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(small(30), small(99), small(59), small(99))
      .map(([a, f, b, s]) => `${a}.${f}..${b}/${s % 9}.${s}`),
  },
);
const time = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(field(0, 23, 1), field(0, 59, 1)).map((parts) => parts.join(":")) },
  { weight: 2, arbitrary: fc.tuple(field(0, 23), field(0, 59), seconds).map((parts) => parts.join(":")) },
);
const mark = fc.oneof({ weight: 5, arbitrary: fc.constant("-") }, { weight: 2, arbitrary: fc.constant("~") });
const year = fc.oneof(
  { weight: 6, arbitrary: fc.constant("*") },
  { weight: 1, arbitrary: field(2024, 2030, 1) },
  { weight: 1, arbitrary: small(99).map(String) },
);
const date = fc.oneof(
  fc.tuple(year, field(1, 12), mark, field(1, 31)).map(([y, m, sign, d]) => `${y}-${m}${sign}${d}`),
  fc.tuple(field(1, 12), mark, field(1, 31)).map(([m, sign, d]) => `${m}${sign}${d}`),
);
const weekdayName = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom("Mon", "tue", "WED", "Thursday", "Fri", "saturday", "Sun") },
  { weight: 1, arbitrary: fc.constantFrom("Sund", "Thur", "mo") },
);
const weekdays = fc.oneof(
  { weight: 3, arbitrary: fc.array(weekdayName, { minLength: 1, maxLength: 3 }).map((days) => days.join(",")) },
  {
    weight: 2,
    arbitrary: fc.tuple(weekdayName, fc.constantFrom("..", "-"), weekdayName).map((parts) => parts.join("")),
  },
  { weight: 1, arbitrary: weekdayName.map((day) => `${day},`) },
);
const shortcut = fc.constantFrom(
  "minutely",
  "hourly",
  "daily",
  "Weekly",
  "monthly",
  "quarterly",
  "semiannually",
  "yearly",
  "anually",
  "bi-annually",
);
const zone = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom("UTC", "utc", "Europe/Berlin", "America/New_York", "US/Pacific", "Etc/GMT+5"),
  },
  { weight: 1, arbitrary: fc.constantFrom("europe/berlin", "Mars/Base") },
);
const space = fc.oneof({ weight: 8, arbitrary: fc.constant(" ") }, { weight: 1, arbitrary: fc.constant("  ") });

const calendarText = fc
  .tuple(
    fc.oneof(
      { weight: 1, arbitrary: shortcut },
      { weight: 1, arbitrary: small(2_000_000_000).map((n) => `@${n}`) },
      {
        weight: 12,
        arbitrary: fc
          .tuple(fc.option(weekdays, { freq: 3 }), fc.option(date), fc.option(time), space)
          .map(([w, d, t, gap]) => [w, d, t].filter((part) => part !== null).join(gap)),
      },
    ),
    fc.option(zone, { freq: 5 }),
    space,
  )
  .map(([body, name, gap]) => (name === null ? body : `${body}${gap}${name}`))
  // What the unit file reader strips before the calendar is parsed is not systemd-analyze's to judge.
  .filter((text) => text.trim() === text && text !== "");

/** Near the nights when clocks change, and anywhere else. */
const instant = fc.oneof(
  small(Date.UTC(2029) / 1000, Date.UTC(2025) / 1000),
  fc
    .tuple(
      fc.constantFrom(
        "2025-03-30T01:00Z",
        "2025-10-26T01:00Z",
        "2026-09-06T04:00Z",
        "2025-04-05T15:00Z",
        "2026-03-08T07:00Z",
        "2025-02-23T02:00Z",
      ),
      small(20_000, -20_000),
    )
    .map(([at, shift]) => Date.parse(at) / 1000 + shift),
);

const batch = fc.record({
  texts: fc.uniqueArray(calendarText, { minLength: BATCH, maxLength: BATCH }),
  zone: fc.constantFrom(...ZONES),
  after: instant,
});

function ownVerdict(text: string, hostZone: string, after: number) {
  const calendar = parseCalendar(text);
  if (calendar.kind === "error") return { normalized: null, elapses: [] };
  const elapses: number[] = [];
  let at = nextElapse(calendar, after * SECOND, hostZone);
  while (at !== null && elapses.length < ITERATIONS) {
    elapses.push(Math.floor(at / SECOND));
    at = nextElapse(calendar, at, hostZone);
  }
  return { normalized: normalizeCalendar(calendar), elapses };
}

/**
 * Of a time that comes twice the C library takes the one whose offset it met last. That is the first, and so it is
 * here, but for two cases that depend on what systemd happened to ask before: days counted from the end of a month,
 * and a midnight that comes twice on the first of a month (Havana in 2026). Neither is followed.
 */
function guessesOffset(text: string, hostZone: string, times: readonly number[]): boolean {
  const calendar = parseCalendar(text);
  if (calendar.kind === "error") return false;
  const clock = openTimeZone(calendar.zone ?? hostZone);
  return times.some((at) => {
    const local = (at + 1) * SECOND + offsetAt(clock, (at + 1) * SECOND);
    const firstOfMonth = new Date(local / 1000).getUTCDate() === 1;
    return (calendar.fromMonthEnd || firstOfMonth) && resolveLocal(clock, local).kind === "twice";
  });
}

describe.skipIf(whySkipped !== null)("systemd-analyze agrees", () => {
  it("on which calendars are valid, how they read and when they elapse", () => {
    fc.assert(
      fc.property(batch, ({ texts, zone, after }) => {
        const verdicts = judgeCalendars(texts, { zone, after, iterations: ITERATIONS });
        for (const [index, text] of texts.entries()) {
          const { gaveUp, ...verdict } = verdicts[index]!;
          if (gaveUp) continue;
          const own = ownVerdict(text, zone, after);
          if (guessesOffset(text, zone, [after, ...own.elapses])) verdict.elapses = own.elapses;
          expect({ text, zone, after, ...own }).toEqual({ text, zone, after, ...verdict });
        }
      }),
      { seed: SEED, numRuns: Math.ceil(CASES / BATCH), endOnFailure: true },
    );
  }, 600_000);

  it("on time spans", () => {
    const unit = fc.constantFrom(
      "",
      "",
      "s",
      "sec",
      "seconds",
      "m",
      "min",
      "minutes",
      "h",
      "hr",
      "hours",
      "d",
      "days",
      "w",
      "week",
      "M",
      "months",
      "y",
      "ms",
      "us",
      "\u00b5s",
      "\u03bcs",
      "ns",
      "mins",
      "H",
      "S",
    );
    const number = fc.oneof(
      small(500).map(String),
      fc.tuple(small(50), small(99_999)).map(([a, b]) => `${a}.${b}`),
      fc.constantFrom(".5", "1.", "+3", "-3", "007"),
    );
    const gap = fc.constantFrom("", "", " ", "\t");
    const span = fc
      .array(
        fc.tuple(gap, number, gap, unit, gap).map((parts) => parts.join("")),
        { minLength: 1, maxLength: 3 },
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(span, (text) => {
        const own = parseTimeSpan(text);
        const judged = judgeTimeSpan(text);
        // Beyond 285 years a number is not exact.
        expect({ text, micros: own.kind === "span" ? own.micros : null }).toEqual({
          text,
          micros: judged === null ? null : Number(judged),
        });
      }),
      { seed: SEED, numRuns: Math.ceil(CASES / 4) },
    );
  }, 600_000);
});
