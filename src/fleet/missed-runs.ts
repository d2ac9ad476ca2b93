// Timers of restic jobs that lost `Persistent`: the module's default has it, and one definition replaces the default.

import { type Answer, all, no, not, toAnswer, undecided } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Value } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Span } from "../source/span.ts";
import { elapses } from "./calendar-elapse.ts";
import { COMPARED_RANGE } from "./calendar-window.ts";
import type { FleetHost } from "./fleet-host.ts";
import type { Job } from "./jobs.ts";
import { attrIn, attrsEntries, isUnset } from "./known.ts";
import { clockOf, timingOf } from "./schedules.ts";
import { DAY } from "./timespan.ts";

export interface MissedRuns {
  readonly job: Job;
  /** Where the calendar is written. */
  readonly span: Span | null;
  /** Where `Persistent` is switched off, if it is. */
  readonly persistent: Span | null;
  /** Whether a run that is missed is not made up, and the next one is a day away or more. */
  readonly answer: Answer;
}

export function missedRuns({ host, jobs }: FleetHost): readonly MissedRuns[] {
  return jobs.flatMap((job) => {
    const { timer } = job;
    if (job.mechanism !== "restic" || timer.kind !== "timer-config" || !timer.option.isDefined) return [];
    const { value, span } = timer.option;
    const at = attrIn(value, ["OnCalendar"])?.span ?? span;
    return [
      {
        job,
        span: at,
        persistent: attrIn(value, ["Persistent"])?.span ?? null,
        answer: all([job.certain, runsByCalendar(value), isDropped(host, job), isRare(host, job)]),
      },
    ];
  });
}

/** A monotonic timer catches up by itself; a misspelt key is a matter of its own. */
function runsByCalendar(value: Value): Answer {
  const boot = ["OnBootSec", "OnStartupSec"].map((key) => attrIn(value, [key])?.value ?? null);
  const answers = boot.map((found) => (found instanceof Unknown ? undecided(found) : toAnswer(found === null)));
  const isMisspelt = attrsEntries(value).some(({ name }) => name !== "Persistent" && /^persistent$/i.test(name));
  return all([...answers, toAnswer(!isMisspelt && attrIn(value, ["OnCalendar"]) !== undefined)]);
}

function isDropped(host: Host, { timer, unit }: Job): Answer {
  const own = host.option(["systemd", "timers", unit, "timerConfig"]);
  const configs = [timer.kind === "timer-config" ? timer.option.value : null, own.isDefined ? own.value : null];
  return all(configs.map((config) => not(isPersistent(config))));
}

/** systemd takes "true", "yes", "on" and "1" for true, in any case. */
export function isPersistent(config: Value): Answer {
  const value = attrIn(config, ["Persistent"])?.value ?? null;
  if (value instanceof Unknown) return isUnset(value) ? no : undecided(value);
  return toAnswer(value === true || (typeof value === "string" && /^(true|yes|y|t|on|1)$/i.test(value)));
}

/** Of a job that runs several times a day the next run makes up for a missed one. */
function isRare(host: Host, job: Job): Answer {
  const timing = timingOf(host, job.unit, job.timer);
  const clock = timing === null ? undefined : clockOf(host, timing);
  if (clock === undefined) return no;
  if (clock instanceof Unknown) return undecided(clock);
  const week = { from: COMPARED_RANGE.from, to: COMPARED_RANGE.from + 7 * DAY, zone: clock.zone };
  let runs = 0;
  for (const calendar of clock.calendars) {
    for (const _ of elapses(calendar, week)) if (++runs > 7) return no;
  }
  return toAnswer(true);
}
