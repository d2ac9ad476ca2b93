// Another time for a unit: in its own option, or in the entry of the flake's option that it is made of.

import type { ScheduledUnit } from "../../fleet/clashes.ts";
import type { FleetHost } from "../../fleet/fleet.ts";
import { attrIn } from "../../fleet/known.ts";
import type { AttrPath } from "../../nixpkgs/modules/definition.ts";
import type { Change } from "../edit.ts";
import { showSet, showString } from "../nix-text.ts";
import { defineBesideSiblings } from "../options.ts";
import { siteOf } from "./job-sites.ts";
import type { ScaffoldContext } from "./scaffold.ts";

export interface Rescheduling {
  readonly unit: ScheduledUnit;
  readonly calendar: string;
}

export function reschedule(context: ScaffoldContext, host: FleetHost, { unit, calendar }: Rescheduling): Change {
  const { writing } = context;
  for (const path of candidates(context, host, unit)) {
    const at = writing.plainBinding(host.host.option(path), path);
    if (at !== null) return writing.setValue(at, showString(calendar));
  }
  // The time is that of the option's default: the entry gets one of its own.
  const entry = unit.job && siteOf(host, unit.job, context);
  if (entry?.kind !== "entry") return null;
  if (entry.path.join(".") === unit.option) return replaceDefault(context, host, { unit, calendar });
  const takesTimer = attrIn(host.host.option([...entry.path, "timerConfig"]).value, ["OnCalendar"]) !== undefined;
  const path = [...entry.path, "timerConfig", "OnCalendar"];
  return takesTimer ? defineBesideSiblings(writing, host, { path, nix: showString(calendar) }) : null;
}

/** A `timerConfig` replaces the whole default of nixpkgs: what else that says is said again. */
function replaceDefault({ writing }: ScaffoldContext, host: FleetHost, { unit, calendar }: Rescheduling): Change {
  const path = [...unit.option.split("."), "timerConfig"];
  if (unit.job?.mechanism !== "restic" || host.host.option(path).isDefined) return null;
  const nix = showSet([
    ["OnCalendar", showString(calendar)],
    ["Persistent", "true"],
  ]);
  return defineBesideSiblings(writing, host, { path, nix });
}

function candidates(context: ScaffoldContext, host: FleetHost, { job, dump, option }: ScheduledUnit): AttrPath[] {
  if (job !== null) {
    const site = siteOf(host, job, context);
    const entry = site?.kind === "entry" ? [site.path] : [];
    const bases = [...entry, job.option.split(".")];
    return bases.flatMap((base) => [
      [...base, "timerConfig", "OnCalendar"],
      [...base, "startAt"],
    ]);
  }
  const timer = dump?.timer;
  if (timer?.kind === "start-at" && timer.option !== null) return [timer.option.path];
  return [[...option.split("."), "dates"]];
}
