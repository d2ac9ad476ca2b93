// A service loses its backup: the job goes, its path goes, or an exclude swallows it.

import type { Edit } from "../../src/edit/edit.ts";
import type { FleetHost } from "../../src/fleet/fleet.ts";
import type { Job } from "../../src/fleet/jobs.ts";
import type { Text } from "../../src/fleet/known.ts";
import type { State } from "../../src/fleet/service-state.ts";
import type { Service } from "../../src/fleet/services.ts";
import { containsPath, livePath } from "../../src/fleet/state-paths.ts";
import type { Run } from "../run-flake.ts";
import { type Fault, filesOf, joined } from "./kinds.ts";
import type { Places } from "./places.ts";

/** A service of which one path is saved, with the jobs that save it. */
interface Saved {
  readonly host: FleetHost;
  readonly service: Service;
  readonly path: string;
  readonly jobs: readonly Job[];
}

export function* savedServices({ fleet }: Run): Iterable<Saved> {
  for (const host of fleet.hosts) {
    for (const service of host.services) {
      const state = ownState(service);
      const path = state ? nameMet(state) : null;
      if (path === null || service.enabled.kind !== "yes") continue;
      const states = service.essentialState.map((one) => host.isUncovered(service, one, "host").kind);
      const jobs = host.jobs.filter((job) => saves(job, path));
      if (states.every((kind) => kind === "no") && jobs.length > 0) yield { host, service, path, jobs };
    }
  }
}

/** The first path of a service that jobs save, and not a dump. */
function ownState({ essentialState, kind }: Service): State | undefined {
  return kind === "configured" ? undefined : essentialState.find(({ database, path }) => database === null && path);
}

/** The name under which a job that walks down from above meets it. */
function nameMet({ path, isPrivate }: State): string | null {
  if (typeof path?.text !== "string") return null;
  return isPrivate ? path.text.replace(/^\/var\/lib\/(?!private\/)/, "/var/lib/private/") : path.text;
}

function saves({ paths, certain }: Job, path: string): boolean {
  return certain.kind === "yes" && paths.items.some(({ text }) => savesAs(text, path));
}

/** Also a chosen part of it counts as saved. */
function savesAs(text: Text, path: string): boolean {
  return typeof text === "string" && (containsPath(livePath(text), path) || containsPath(path, livePath(text)));
}

function* faultsOf(saved: Saved, edits: readonly Edit[] | null): Iterable<Fault> {
  const { service } = saved;
  if (edits === null) return;
  const files = [service.cause, ...service.links].flatMap((span) => (span ? [span.file] : []));
  yield { edits, subjects: [service.option], files: [...new Set([...files, ...filesOf(edits)])] };
}

export function* plantDroppedJob(run: Run, places: Places): Iterable<Fault> {
  for (const saved of savedServices(run))
    yield* faultsOf(saved, joined(saved.jobs.flatMap((job) => dropped(job, saved, places))));
}

/** Everything that defines it: modules add to jobs of others. */
function dropped({ option }: Job, { host }: Saved, places: Places): readonly (readonly Edit[] | null)[] {
  const { definitions, span } = host.host.option(option.split("."));
  const spans = definitions.length === 0 ? [span] : definitions.map((definition) => definition.span);
  return spans.map((at) => places.remove(at));
}

export function* plantDroppedPath(run: Run, places: Places): Iterable<Fault> {
  for (const saved of savedServices(run)) {
    const items = saved.jobs.flatMap((job) => job.paths.items.filter((item) => savesAs(item.text, saved.path)));
    const isWritten = items.every(({ span }) => span !== null && places.isElement(span));
    if (isWritten) yield* faultsOf(saved, joined(items.map(({ span }) => places.remove(span))));
  }
}

export function* plantExclude(run: Run, places: Places): Iterable<Fault> {
  for (const saved of savedServices(run)) {
    const restic = saved.jobs.filter(({ mechanism }) => mechanism === "restic");
    if (restic.length < saved.jobs.length) continue;
    yield* faultsOf(saved, joined(restic.map((job) => excludeFrom(job, saved, places))));
  }
}

function excludeFrom(job: Job, { host, path }: Saved, places: Places): readonly Edit[] | null {
  const base = ["services", "restic", "backups", job.name];
  const through = job.paths.items.find(({ text }) => savesAs(text, path))?.text;
  const name = typeof through === "string" && through.endsWith(path) ? through : path;
  const set = host.host.option([...base, "exclude"]);
  if (set.isDefined && set.span) return places.appendTo(set.span, JSON.stringify(name));
  return places.insertBeside(host.host.option([...base, "paths"]).span, `exclude = [ ${JSON.stringify(name)} ];`);
}
