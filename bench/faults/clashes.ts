// Schedules that meet: the job's timer goes onto the dump, an upgrade that reboots onto the job.

import type { ScheduledUnit } from "../../src/fleet/clashes.ts";
import type { FleetHost } from "../../src/fleet/fleet.ts";
import type { Span } from "../../src/source/span.ts";
import type { Run } from "../run-flake.ts";
import { type Fault, filesOf } from "./kinds.ts";
import type { Places } from "./places.ts";

/** The time of a unit with a calendar as it is written. */
function timeOf({ timing }: ScheduledUnit): string | null {
  const [first, ...more] = timing.calendar.items;
  return more.length === 0 && typeof first?.text === "string" ? first.text : null;
}

function isQuiet(host: FleetHost, unit: ScheduledUnit): boolean {
  const own = host.clashes.filter(({ ones, others, kind }) => kind !== "gc" && [...ones, ...others].includes(unit));
  return own.every(({ answer }) => answer.kind === "no");
}

export function* plantClash(run: Run, places: Places): Iterable<Fault> {
  for (const host of run.fleet.hosts)
    for (const dump of host.scheduled.filter(({ kind }) => kind === "dump"))
      for (const job of host.scheduled.filter(({ kind }) => kind === "backup")) {
        const time = timeOf(dump);
        if (time === null || job.timing.span === null || !isQuiet(host, job)) continue;
        const edits = places.setValue(job.timing.span, JSON.stringify(time));
        if (edits) yield { edits, subjects: [job.option], files: filesAround([job.span], edits) };
      }
}

export function* plantReboot(run: Run, places: Places): Iterable<Fault> {
  for (const host of run.fleet.hosts) {
    const upgrade = host.host.option(["system", "autoUpgrade"]);
    if (upgrade.isDefined || host.host.option(["system", "autoUpgrade", "enable"]).isDefined) continue;
    for (const job of host.scheduled.filter(({ kind }) => kind === "backup")) {
      const time = timeOf(job);
      if (time === null) continue;
      const text = `system.autoUpgrade = { enable = true; allowReboot = true; dates = ${JSON.stringify(time)}; };`;
      const edits = places.insertModule(job.job?.span ?? job.span, text);
      if (edits) yield { edits, subjects: [job.option], files: filesAround([job.span], edits) };
    }
  }
}

function filesAround(spans: readonly (Span | null)[], edits: Fault["edits"]): readonly string[] {
  return [...new Set([...spans.flatMap((span) => (span ? [span.file] : [])), ...filesOf(edits)])];
}
