// What faults about jobs have in common: restic jobs that are certainly there, their options, and one way to write one.

import type { Edit } from "../../src/edit/edit.ts";
import type { FleetHost } from "../../src/fleet/fleet.ts";
import type { Job } from "../../src/fleet/jobs.ts";
import type { Span } from "../../src/source/span.ts";
import type { Run } from "../run-flake.ts";
import { type Fault, filesOf } from "./kinds.ts";
import type { Places } from "./places.ts";

export interface Site {
  readonly run: Run;
  readonly places: Places;
  readonly host: FleetHost;
  readonly job: Job;
}

/** Every restic job with something to save. */
export function* resticSites(run: Run, places: Places): Iterable<Site> {
  for (const host of run.fleet.hosts)
    for (const job of host.jobs)
      if (job.mechanism === "restic" && job.certain.kind === "yes" && job.paths.items.length > 0)
        yield { run, places, host, job };
}

export function optionOf({ host, job }: Site, name: string) {
  return host.host.option([...job.option.split("."), name]);
}

/** Writes an option of the job: over the one definition that it has, or beside its paths. */
export function setJobOption(site: Site, name: string, text: string): readonly Edit[] | null {
  const option = optionOf(site, name);
  if (!option.isDefined) return site.places.insertBeside(optionOf(site, "paths").span, `${name} = ${text};`);
  return option.definitions.length === 1 ? site.places.setValue(option.span, text) : null;
}

/** Takes every definition of the option away. */
export function removeJobOption(site: Site, name: string): readonly Edit[] | null {
  const { definitions, isDefined } = optionOf(site, name);
  const [first, ...more] = definitions;
  return isDefined && first && more.length === 0 ? site.places.remove(first.span) : null;
}

/** A fault of the job, and of all others that the same text makes: a finding names the first. */
export function* faultOf({ run, job }: Site, edits: readonly Edit[] | null, option = job.option): Iterable<Fault> {
  if (edits === null || edits.length === 0) return;
  const changed = filesOf(edits);
  const together = run.fleet.hosts.flatMap(({ jobs }) => jobs).filter((other) => isMadeAt(other, job.span));
  const subjects = [...new Set([option, ...together.map((other) => other.option)])];
  yield { edits, subjects, files: [...new Set([...changed, ...(job.span ? [job.span.file] : [])])] };
}

function isMadeAt({ span }: Job, place: Span | null): boolean {
  return span !== null && place !== null && span.file === place.file && span.start === place.start;
}
