// Windows of schedules: where they meet, that touching is not meeting, and the nearest free time of day. The sweep is
// compared with looking at every pair.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Calendar, parseCalendar } from "../../src/fleet/calendar.ts";
import {
  COMPARED_RANGE,
  everElapses,
  firstOverlap,
  freeSlot,
  type Schedule,
  windowLength,
  windows,
} from "../../src/fleet/calendar-window.ts";
import { HOUR, MINUTE, SECOND } from "../../src/fleet/timespan.ts";

function calendar(text: string): Calendar {
  const parsed = parseCalendar(text);
  if (parsed.kind === "error") throw new Error(`${text}: ${parsed.message}`);
  return parsed;
}

function schedule(text: string | readonly string[], options: Partial<Schedule> = {}): Schedule {
  const calendars = [text].flat().map(calendar);
  return { calendars, zone: "UTC", randomizedDelay: 0, accuracy: MINUTE, budget: 30 * MINUTE, ...options };
}

function meeting(a: Schedule, b: Schedule): string | null {
  const overlap = firstOverlap(a, b);
  return overlap === null ? null : new Date(overlap.at / 1000).toISOString();
}

describe("firstOverlap", () => {
  it("finds the first night of two daily schedules", () => {
    expect(meeting(schedule("02:45"), schedule("03:00"))).toBe("2025-01-01T03:00:00.000Z");
    expect(firstOverlap(schedule("03:00"), schedule("02:45"))).toEqual({
      at: Date.UTC(2025, 0, 1, 3) * 1000,
      a: { start: Date.UTC(2025, 0, 1, 3) * 1000, end: Date.UTC(2025, 0, 1, 3, 30) * 1000 },
      b: { start: Date.UTC(2025, 0, 1, 2, 45) * 1000, end: Date.UTC(2025, 0, 1, 3, 15) * 1000 },
    });
  });

  it("lets windows touch", () => {
    expect(meeting(schedule("02:30"), schedule("03:00"))).toBeNull();
    expect(meeting(schedule("02:30", { randomizedDelay: SECOND }), schedule("03:00"))).toBe("2025-01-01T03:00:00.000Z");
  });

  it("counts an accuracy above systemd's default", () => {
    expect(windowLength(schedule("daily"))).toBe(30 * MINUTE);
    expect(windowLength(schedule("daily", { accuracy: HOUR, randomizedDelay: MINUTE }))).toBe(91 * MINUTE);
    expect(meeting(schedule("02:00", { accuracy: HOUR }), schedule("03:00"))).toBe("2025-01-01T03:00:00.000Z");
  });

  it("finds the leap day, and the summer time that brings two zones together", () => {
    expect(meeting(schedule("*-02-29 03:00"), schedule("03:15"))).toBe("2028-02-29T03:15:00.000Z");
    expect(meeting(schedule("02:00", { zone: "Europe/Berlin" }), schedule("00:00"))).toBe("2025-03-31T00:00:00.000Z");
    // In winter an hour apart, and never on the night of the change itself, when 02:00 is skipped.
    expect(meeting(schedule("03:00", { zone: "Europe/Berlin" }), schedule("03:30"))).toBeNull();
  });

  it("takes every calendar of a schedule", () => {
    expect(meeting(schedule(["Mon 01:00", "Sun 05:00"]), schedule("05:10"))).toBe("2025-01-05T05:10:00.000Z");
  });

  it("meets nothing with empty windows, and everything later with endless ones", () => {
    expect(meeting(schedule("03:00", { budget: 0 }), schedule("03:00"))).toBeNull();
    expect(meeting(schedule("2025-06-01 03:00", { budget: Number.POSITIVE_INFINITY }), schedule("2027-01-01"))).toBe(
      "2027-01-01T00:00:00.000Z",
    );
    expect(meeting(schedule("2030-01-01"), schedule("daily"))).toBeNull();
  });

  it("leaps: a schedule of every second against one that is never in its way", () => {
    const started = performance.now();
    expect(meeting(schedule("*:*:0/2", { budget: SECOND }), schedule("03:00:01", { budget: SECOND }))).toBeNull();
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it("agrees with comparing every pair", () => {
    const text = fc
      .tuple(
        fc.constantFrom("", "Mon ", "Sun ", "*-*-1 ", "*-*~1 "),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
      )
      .map(([day, h, m]) => `${day}${h}:${m}`);
    const any = fc.record({
      texts: fc.array(text, { minLength: 1, maxLength: 3 }),
      zone: fc.constantFrom("UTC", "Europe/Berlin", "America/New_York"),
      randomizedDelay: fc.constantFrom(0, 5 * MINUTE, HOUR),
      budget: fc.integer({ min: 0, max: 300 }).map((n) => n * MINUTE),
    });
    const range = { from: Date.UTC(2025, 1, 20) * 1000, to: Date.UTC(2025, 3, 10) * 1000 };
    fc.assert(
      fc.property(any, any, ({ texts: textsA, ...restA }, { texts: textsB, ...restB }) => {
        const a = schedule(textsA, restA);
        const b = schedule(textsB, restB);
        let first: number | null = null;
        const others = [...windows(b, range)];
        for (const one of windows(a, range)) {
          for (const other of others) {
            const meets =
              one.start < other.end && other.start < one.end && one.start < one.end && other.start < other.end;
            const at = Math.max(one.start, other.start);
            if (meets && (first === null || at < first)) first = at;
          }
        }
        expect(firstOverlap(a, b, range)?.at ?? null).toBe(first);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

describe("everElapses", () => {
  it("knows what never does", () => {
    expect(everElapses(schedule("*-02-29"))).toBe(true);
    expect(everElapses(schedule(["*-02-31", "2024-01-01"]))).toBe(false);
  });
});

describe("freeSlot", () => {
  const free = (move: Schedule, wanted: number, busy: readonly Schedule[], gap = 0) =>
    freeSlot({ move, wanted, busy, gap })?.text ?? null;

  it("keeps the wanted time when nothing is in the way", () => {
    expect(free(schedule("03:07"), 187, [schedule("04:00")])).toBe("*-*-* 03:07:00");
  });

  it("moves to the nearest time, with the gap, and keeps the dates", () => {
    expect(free(schedule("03:00"), 180, [schedule("03:10")])).toBe("*-*-* 02:40:00");
    expect(free(schedule("03:00"), 180, [schedule("03:10")], 15 * MINUTE)).toBe("*-*-* 02:25:00");
    expect(free(schedule("Sun 03:00 UTC"), 180, [schedule("02:50")])).toBe("Sun *-*-* 03:20:00 UTC");
    expect(free(schedule([]), 0, [schedule("00:10")])).toBe("*-*-* 23:40:00");
  });

  it("leaves out times that a night in spring skips", () => {
    const berlin = { zone: "Europe/Berlin" };
    expect(free(schedule("03:00", berlin), 180, [schedule("03:10", berlin)])).toBe("*-*-* 03:40:00");
    expect(free(schedule("Mon 02:30", berlin), 150, [])).toBe("Mon *-*-* 02:30:00");
  });

  it("says when the day is full", () => {
    expect(free(schedule("03:00"), 180, [schedule("hourly", { budget: HOUR })])).toBeNull();
  });

  it("gives a time that really is free", () => {
    const busy = [
      schedule("03:00", { budget: HOUR }),
      schedule("Sun 04:30", { zone: "America/New_York" }),
      schedule("*-*-1 02:00"),
    ];
    const move = schedule("03:00", { budget: HOUR });
    const slot = freeSlot({ move, wanted: 180, busy, gap: 10 * MINUTE, range: COMPARED_RANGE });
    expect(slot).not.toBeNull();
    for (const other of busy) expect(firstOverlap({ ...move, calendars: [slot!.calendar] }, other)).toBeNull();
  });
});
