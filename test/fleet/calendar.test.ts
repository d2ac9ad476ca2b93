// Calendars by table: what systemd accepts, how it prints it, and every difference that the comparison with
// systemd-analyze has found so far.

import { describe, expect, it } from "vitest";
import { type Calendar, normalizeCalendar, parseCalendar } from "../../src/fleet/calendar.ts";
import { elapses, nextElapse } from "../../src/fleet/calendar-elapse.ts";
import { isTimeZone } from "../../src/fleet/time-zone.ts";
import { parseTimeSpan } from "../../src/fleet/timespan.ts";

function calendar(text: string): Calendar {
  const parsed = parseCalendar(text);
  if (parsed.kind === "error") throw new Error(`${text}: ${parsed.message}`);
  return parsed;
}

/** ISO times in UTC, without what is zero at the end. */
function next(text: string, after: string, zone = "UTC", count = 1): string[] {
  const found: string[] = [];
  let at: number | null = Date.parse(after) * 1000;
  while (found.length < count) {
    at = nextElapse(calendar(text), at, zone);
    if (at === null) return [...found, "never"];
    found.push(
      new Date(Math.floor(at / 1000)).toISOString().replace(/(?:\.000)?Z$/, at % 1000 === 0 ? "Z" : `${at % 1000}us`),
    );
  }
  return found;
}

describe("parseCalendar and normalizeCalendar", () => {
  it.each([
    ["daily", "*-*-* 00:00:00"],
    ["Weekly", "Mon *-*-* 00:00:00"],
    ["minutely", "*-*-* *:*:00"],
    ["quarterly", "*-01,04,07,10-01 00:00:00"],
    ["semiannually", "*-01,07-01 00:00:00"],
    ["anually", "*-01-01 00:00:00"],
    ["Mon, 04:00", "Mon *-*-* 04:00:00"],
    ["Mon..Fri 4:00", "Mon..Fri *-*-* 04:00:00"],
    ["Monday-Friday", "Mon..Fri *-*-* 00:00:00"],
    ["Sat,Sun,Mon", "Mon,Sat,Sun *-*-* 00:00:00"],
    ["Monday..Sunday 1:00", "*-*-* 01:00:00"],
    ["2000-01-01 00:00", "2000-01-01 00:00:00"],
    ["1-2", "*-01-02 00:00:00"],
    ["69-1-1", "2069-01-01 00:00:00"],
    ["70-1-1", "1970-01-01 00:00:00"],
    ["*-*~1", "*-*~01 00:00:00"],
    ["*-1~*", "*-01-* 00:00:00"],
    ["*-*~1,5,3..8/2", "*-*~01,03..07/2,05 00:00:00"],
    ["06..21:30:00", "*-*-* 06..21:30:00"],
    ["*:00/15", "*-*-* *:00/15:00"],
    ["*:0/30,5", "*-*-* *:00/30,05:00"],
    ["*:*:*", "*-*-* *:*:*"],
    ["*:*:1,0/1", "*-*-* *:*:*"],
    ["*:*:0..59", "*-*-* *:*:00..59"],
    ["1:0:0.1234567", "*-*-* 01:00:00.123457"],
    ["0:0:0.5/1.25", "*-*-* 00:00:00.500000/1.250000"],
    ["1:0:1.5..2/1", "*-*-* 01:00:01.500000"],
    ["12..12:00", "*-*-* 12:00:00"],
    ["20..30/11:00", "*-*-* 20:00:00"],
    ["*-*-1..2/3", "*-*-01 00:00:00"],
    ["1,1,1:00", "*-*-* 01:00:00"],
    ["@1234", "1970-01-01 00:20:34 UTC"],
    ["Mon @ +5 Europe/Berlin", "Mon 1970-01-01 00:00:05 UTC"],
    ["daily utc", "*-*-* 00:00:00 UTC"],
    ["3:00 US/Pacific", "*-*-* 03:00:00 US/Pacific"],
    ["  2025-01-01   04:00\t", "2025-01-01 04:00:00"],
    ["*-*~10,25", "*-*~10,25 00:00:00"],
    // Refused. Each later item of a list from the end of the month may be three days less.
    ["*-*~10,26", null],
    ["*-*~29", null],
    ["*-*~7/7", null],
    ["1:0:1.5..2", null],
    ["1:0:5..5", null],
    ["Mon ,Tue 4:00", null],
    ["Mon,,Tue 4:00", null],
    ["Fri..Mon 1:00", null],
    ["0/24:0", null],
    ["*:0/60", null],
    ["1..3/0:00", null],
    ["5", null],
    ["24:00", null],
    ["1:0:59.9999995", null],
    ["100-1-1", null],
    ["2200-1-1", null],
    ["hourly  UTC", null],
    ["3:00 europe/berlin", null],
    ["UTC", null],
    ["", null],
  ])("%s", (text, normalized) => {
    const parsed = parseCalendar(text);
    expect(parsed.kind === "error" ? null : normalizeCalendar(parsed)).toBe(normalized);
    if (parsed.kind === "error") expect(parsed).toMatchObject({ message: expect.stringMatching(/\S/), certain: true });
    else expect(normalizeCalendar(calendar(normalizeCalendar(parsed)))).toBe(normalized);
  });
});

describe("what a refused calendar suggests", () => {
  it.each([
    ["0 3 * * *", "*-*-* 03:00:00"],
    ["*/15 * * * *", "*-*-* *:00/15:00"],
    ["30 4 1,15 * *", "*-*-01,15 04:30:00"],
    ["0 5 * * 1-5", "Mon..Fri *-*-* 05:00:00"],
    ["0 5 * * 7", "Sun *-*-* 05:00:00"],
    ["0 5 * * 6-7", "Sat,Sun *-*-* 05:00:00"],
    ["0 5 * jan-mar sun", "Sun *-01..03-* 05:00:00"],
    ["15 0 5 * * *", "*-*-* 05:00:15"],
    ["0 */24 * * *", "*-*-* 00:00:00"],
    ["@daily", "daily"],
    ["@weekly", "Sun *-*-* 00:00:00"],
    ["04:00 Mon", "Mon 04:00"],
    ["Fri..Mon 1:00", "Mon,Fri..Sun 1:00"],
    ["2am", "02:00"],
    ["Sun 11:30 pm", "Sun 23:30"],
    ["02h30", "02:30"],
    ["Thur 04:00", "Thu 04:00"],
    ["Mon-Fri 08-18:00/5", "Mon-Fri 08..18:00/5"],
    ["*:*/15", "*:0/15"],
    ["*-*/3-1", "*-1/3-1"],
    ["2025-01-01T04:00", "2025-01-01 04:00"],
    ["03:00 europe/berlin", "03:00 Europe/Berlin"],
    ["midnight", "daily"],
    ["every day", "daily"],
    ["Mon , Tue 04:00", "Mon,Tue 04:00"],
  ])("%s", (text, suggestion) => {
    const parsed = parseCalendar(text);
    expect(parsed).toMatchObject({
      kind: "error",
      suggestion,
      hint: expect.stringContaining(suggestion),
      certain: true,
    });
    expect(parseCalendar(suggestion).kind).toBe("calendar");
  });

  it.each(["0 3 13 * 5", "@reboot", "5min", "03:00 +0200", "0 0 31W * *"])(
    "%s has a hint and nothing to write",
    (text) => {
      const parsed = parseCalendar(text);
      expect(parsed).toMatchObject({ kind: "error", certain: true });
      expect(parsed).not.toHaveProperty("suggestion");
    },
  );

  it.each(["03:00 CEST", "daily America/Newtown", "*-*-* %i:00:00"])("%s is left to the host", (text) => {
    expect(parseCalendar(text)).toMatchObject({ kind: "error", certain: false });
  });
});

describe("nextElapse", () => {
  it.each([
    ["daily", "2025-01-05T00:00Z", "UTC", ["2025-01-06T00:00:00Z"]],
    ["@1234", "2025-01-05T00:00Z", "UTC", ["never"]],
    ["*-02-31", "2025-01-05T00:00Z", "UTC", ["never"]],
    ["Thu 2027-01-01", "2025-01-05T00:00Z", "UTC", ["never"]],
    ["*-02-29", "2025-01-05T00:00Z", "UTC", ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]],
    [
      "*-02~03",
      "2025-01-05T00:00Z",
      "UTC",
      ["2025-02-26T00:00:00Z", "2026-02-26T00:00:00Z", "2027-02-26T00:00:00Z", "2028-02-27T00:00:00Z"],
    ],
    ["Mon *-05~07/1", "2025-01-05T00:00Z", "UTC", ["2025-05-26T00:00:00Z", "2026-05-25T00:00:00Z"]],
    ["*-*~1..10/3", "2025-01-05T00:00Z", "UTC", ["2025-01-22T00:00:00Z", "2025-01-25T00:00:00Z"]],
    ["03:00 Asia/Kolkata", "2025-01-05T00:00Z", "Europe/Berlin", ["2025-01-05T21:30:00Z"]],
    ["*:*:0.5", "2025-01-05T00:00:00.5Z", "UTC", ["2025-01-05T00:01:00.500Z"]],
    // Spring: 02:30 does not exist on 30 March, and does not move.
    ["02:30", "2025-03-29T00:00Z", "Europe/Berlin", ["2025-03-29T01:30:00Z", "2025-03-31T00:30:00Z"]],
    ["2..3:30", "2025-03-30T00:55Z", "Europe/Berlin", ["2025-03-30T01:30:00Z", "2025-03-31T00:30:00Z"]],
    ["daily", "2025-09-06T12:00Z", "America/Santiago", ["2025-09-08T03:00:00Z"]],
    // Autumn: only the first 02:30, unless the search starts in the second hour.
    ["02:30", "2025-10-25T12:00Z", "Europe/Berlin", ["2025-10-26T00:30:00Z", "2025-10-27T01:30:00Z"]],
    ["*:0/10", "2025-10-26T00:50Z", "Europe/Berlin", ["2025-10-26T02:00:00Z", "2025-10-26T02:10:00Z"]],
    ["*:0/10", "2025-10-26T01:05Z", "Europe/Berlin", ["2025-10-26T01:10:00Z", "2025-10-26T01:20:00Z"]],
    ["*:0/15", "2025-10-04T15:15Z", "Australia/Lord_Howe", ["2025-10-04T15:30:00Z", "2025-10-04T15:45:00Z"]],
    // systemd 252 repeats midnight here where tzdata counts Irish winter as the exception; fixed in 258.
    ["hourly", "2025-03-29T23:30Z", "Europe/Dublin", ["2025-03-30T00:00:00Z", "2025-03-30T01:00:00Z"]],
    // A step that leaves its unit and the next one keeps what is left over.
    ["*:0/13", "2025-01-25T23:50Z", "UTC", ["2025-01-25T23:52:00Z", "2025-01-26T00:13:00Z"]],
    ["*:0/13", "2025-01-25T22:50Z", "UTC", ["2025-01-25T22:52:00Z", "2025-01-25T23:00:00Z"]],
    ["*-*-1/7", "2025-12-29T12:00Z", "UTC", ["2026-01-08T00:00:00Z"]],
    ["*-*-1/7", "2025-11-29T12:00Z", "UTC", ["2025-12-01T00:00:00Z"]],
    ["0/7:0", "2025-01-31T22:00Z", "UTC", ["2025-02-01T07:00:00Z"]],
    ["*:*:0/13,4", "2029-01-01T00:59:55Z", "UTC", ["2029-01-01T01:00:13Z"]],
    ["*:*:4/17,0/27 Europe/Berlin", "2025-03-30T00:59:58Z", "UTC", ["2025-03-30T01:00:21Z", "2025-03-30T01:00:27Z"]],
    // After a carry over the end of summer time the search starts an hour late.
    ["*-*-01/12,04 America/New_York", "2025-10-28T12:00Z", "UTC", ["2025-11-04T05:00:00Z"]],
    ["0/7:00", "2025-11-01T23:00Z", "America/New_York", ["2025-11-02T01:00:00Z", "2025-11-02T12:00:00Z"]],
    // Two hours are skipped, 01:00 to 03:00; 02:00 moves on to 04:00, behind the 03:02 that there is.
    ["02,03..05:02", "2025-03-30T00:30Z", "Antarctica/Troll", ["2025-03-30T02:02:00Z"]],
    // systemd 252 gives up here ("Resource deadlock avoided").
    ["Mon,Wed *-05/6-16,27 05:00 US/Pacific", "2025-05-18T00:00Z", "UTC", ["2026-05-27T12:00:00Z"]],
  ])("%s after %s in %s", (text, after, zone, expected) => {
    expect(next(text, after, zone, expected.length)).toEqual(expected);
  });

  it("walks four years of a daily calendar in milliseconds, and a minutely one lazily", () => {
    const range = { from: Date.UTC(2025, 0) * 1000, to: Date.UTC(2029, 0) * 1000, zone: "Europe/Berlin" };
    expect([...elapses(calendar("03:00"), range)]).toHaveLength(1461);
    const started = performance.now();
    expect([...elapses(calendar("04:00"), range)]).toHaveLength(1461);
    const [first] = elapses(calendar("*:*:*"), range);
    expect(first).toBe(range.from);
    // Takes two to five; the bound only catches a fall back to formatting every date.
    expect(performance.now() - started).toBeLessThan(250);
  });

  it("has the start of a range in it and its end not", () => {
    const day = Date.UTC(2025, 5, 1) * 1000;
    expect([...elapses(calendar("daily"), { from: day, to: day + 86_400_000_000, zone: "UTC" })]).toEqual([day]);
  });
});

describe("isTimeZone", () => {
  it.each(["UTC", "Europe/Berlin", "US/Pacific", "EST5EDT", "Etc/GMT+5", "W-SU", "posix/Europe/Berlin"])(
    "%s is one",
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );
  it.each(["utc", "europe/berlin", "Uct", "MSK", "UTC+2", "+02:00", "Europe", "", "zone.tab"])("%s is none", (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});

describe("parseTimeSpan", () => {
  it.each([
    ["1h 30min", 5_400_000_000],
    ["5", 5_000_000],
    ["1h30", 3_630_000_000],
    ["1 2 h", 7_201_000_000],
    ["1h+30m", 5_400_000_000],
    ["1.5y", 47_336_400_000_000],
    ["0.3333333333333333333333333333h", 1_199_999_997],
    ["0.5us", 0],
    ["1\u00b5s 1\u03bcs", 2],
    [" infinity ", Number.POSITIVE_INFINITY],
    ["0+3", null],
    ["1.h", null],
    ["-1", null],
    ["1mon", null],
    ["1ns", null],
    ["1e3", null],
    ["Infinity", null],
    ["9223372036854775808us", null],
    ["", null],
  ])("%s", (text, micros) => {
    const parsed = parseTimeSpan(text);
    expect(parsed.kind === "span" ? parsed.micros : null).toBe(micros);
  });

  it("says which unit was meant", () => {
    expect(parseTimeSpan("5mins")).toMatchObject({ kind: "error", hint: "write `min`" });
    expect(parseTimeSpan("1H")).toMatchObject({ kind: "error", hint: "write `h`" });
  });
});
