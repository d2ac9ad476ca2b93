// When a unit could run without meeting any other: the free time nearest to its own.

import { Unknown } from "../eval/unknown.ts";
import { freeSlot } from "./calendar-window.ts";
import { clashKind, isOrdered, type ScheduledUnit } from "./clashes.ts";
import { MINUTE } from "./timespan.ts";

export interface FreeTime {
  /** As it is to be written. */
  readonly text: string;
  /** Whether it is the time at which the unit runs already. */
  readonly isOwn: boolean;
}

export interface FreeTimeQuestion {
  readonly others: readonly ScheduledUnit[];
  /** Minutes. */
  readonly gap: number;
  /** Near the end of this one's run instead of the unit's own time. */
  readonly after?: ScheduledUnit | undefined;
}

/** Null when its time is not known, or the day is full. */
export function freeTime(unit: ScheduledUnit, { others, gap, after }: FreeTimeQuestion): FreeTime | null {
  const { clock } = unit;
  const own = minuteOf(clock);
  const end = after && minuteOf(after.clock);
  if (clock instanceof Unknown || own === null || end === null) return null;
  const wanted = end === undefined ? own : (end + (after?.budget ?? 0) + gap) % minutesADay;
  const busy = others.flatMap((other) => {
    const meets = clashKind(unit, other) ?? clashKind(other, unit);
    if (other === unit || other.clock instanceof Unknown || meets === undefined || isOrdered(unit, other)) return [];
    return [{ ...other.clock, budget: other.budget * MINUTE }];
  });
  const slot = freeSlot({ move: { ...clock, budget: unit.budget * MINUTE }, wanted, busy, gap: gap * MINUTE });
  return slot && { text: inStyleOf(unit, slot.text), isOwn: slot.minute === own };
}

const minutesADay = 24 * 60;

/** The time of day of a clock that has one. */
function minuteOf(clock: ScheduledUnit["clock"]): number | null {
  if (clock instanceof Unknown) return null;
  const [calendar] = clock.calendars;
  if (clock.calendars.length !== 1 || calendar === undefined) return null;
  const [hour = 0, minute = 0] = [calendar.hour, calendar.minute].map((parts) => parts?.[0]?.start ?? 0);
  return hour * 60 + minute;
}

/** Whoever writes `03:00` is told `03:15`, not `*-*-* 03:15:00`. */
function inStyleOf({ timing }: ScheduledUnit, text: string): string {
  const written = timing.calendar.items[0]?.text;
  const isShort = typeof written === "string" && /^\d\d?:\d\d$/.test(written);
  return isShort ? text.replace(/^\*-\*-\* (\d\d:\d\d):00$/, "$1") : text;
}
