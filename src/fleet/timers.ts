// Every timer of a host that is in sight: those of jobs and dumps, of units with `startAt`, and of `systemd.timers`.

import type { Host } from "../nixpkgs/host.ts";
import type { Dump } from "./dumps.ts";
import type { Job } from "./jobs.ts";
import { attrIn, entriesOf } from "./known.ts";
import { type Timing, timingOf } from "./schedules.ts";

/** Sorted by unit; one for each unit. */
export function readTimers(host: Host, jobs: readonly Job[], dumps: readonly Dump[]): readonly Timing[] {
  const never = { kind: "start-at", option: null, fallback: null, persistent: false } as const;
  const units = entriesOf(host, ["systemd", "services"]).entries.filter(
    ({ option }) => attrIn(option.value, ["startAt"]) !== undefined,
  );
  const found = [
    ...jobs.map((job) => timingOf(host, job.unit, job.timer)),
    ...dumps.flatMap((dump) => dump.units.map((unit) => timingOf(host, unit, dump.timer))),
    ...units.map(({ name }) =>
      timingOf(host, name, { ...never, option: host.option(["systemd", "services", name, "startAt"]) }),
    ),
    ...entriesOf(host, ["systemd", "timers"]).entries.map(({ name }) => timingOf(host, name, never)),
  ];
  const byUnit = new Map<string, Timing>();
  for (const timing of found) if (timing && !byUnit.has(timing.unit)) byUnit.set(timing.unit, timing);
  return [...byUnit.values()].sort((a, b) => (a.unit < b.unit ? -1 : 1));
}
