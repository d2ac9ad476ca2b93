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

/** `gap` in minutes. Null when its time is not known, or the day is full. */
export function freeTime(unit: ScheduledUnit, others: readonly ScheduledUnit[], gap: number): FreeTime | null {
  const { clock } = unit;
  if (clock instanceof Unknown) return null;
  const [calendar] = clock.calendars;
  if (clock.calendars.length !== 1 || calendar === undefined) return null;
  const [hour = 0, minute = 0] = [calendar.hour, calendar.minute].map((parts) => parts?.[0]?.start ?? 0);
  const wanted = hour * 60 + minute;
  const busy = others.flatMap((other) => {
    const meets = clashKind(unit, other) ?? clashKind(other, unit);
    if (other === unit || other.clock instanceof Unknown || meets === undefined || isOrdered(unit, other)) return [];
    return [{ ...other.clock, budget: other.budget * MINUTE }];
  });
  const slot = freeSlot({ move: { ...clock, budget: unit.budget * MINUTE }, wanted, busy, gap: gap * MINUTE });
  return slot && { text: inStyleOf(unit, slot.text), isOwn: slot.minute === wanted };
}

/** Whoever writes `03:00` is told `03:15`, not `*-*-* 03:15:00`. */
function inStyleOf({ timing }: ScheduledUnit, text: string): string {
  const written = timing.calendar.items[0]?.text;
  const isShort = typeof written === "string" && /^\d\d?:\d\d$/.test(written);
  return isShort ? text.replace(/^\*-\*-\* (\d\d:\d\d):00$/, "$1") : text;
}
