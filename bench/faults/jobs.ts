// What a job saves and what it runs: nothing any more, a path with a slip, the files of a running database, a heartbeat
// that is always sent, commands whose failure nobody notices.

import type { Run } from "../run-flake.ts";
import { plantExclude, savedServices } from "./coverage.ts";
import { type Fault, joined } from "./kinds.ts";
import type { Places } from "./places.ts";
import { faultOf, optionOf, removeJobOption, resticSites, setJobOption } from "./places-of-jobs.ts";

/** Without retention: with it, a job without paths is one that only prunes. */
export function* plantEmptyPaths(run: Run, places: Places): Iterable<Fault> {
  for (const site of resticSites(run, places)) {
    const others = ["dynamicFilesFrom", "command"].some((name) => optionOf(site, name).isDefined);
    const options = ["pruneOpts", "checkOpts", "runCheck"].filter((name) => optionOf(site, name).isDefined);
    const removed = options.map((name) => removeJobOption(site, name));
    if (!others) yield* faultOf(site, joined([setJobOption(site, "paths", "[ ]"), ...removed]));
  }
}

/** Two letters of the last name change places. */
export function* plantSlip(run: Run, places: Places): Iterable<Fault> {
  for (const { host, jobs, path } of savedServices(run))
    for (const job of jobs)
      for (const { text, span } of job.paths.items) {
        if (job.mechanism !== "restic" || text !== path || span === null) continue;
        const edits = places.isElement(span) ? [{ span, text: JSON.stringify(slipped(path)) }] : null;
        yield* faultOf({ run, places, host, job }, edits);
      }
}

function slipped(path: string): string {
  const at = path.length - 3;
  return `${path.slice(0, at)}${path.charAt(at + 1)}${path.charAt(at)}${path.slice(at + 2)}`;
}

export function* plantLiveDatabase(run: Run, places: Places): Iterable<Fault> {
  for (const site of resticSites(run, places)) {
    const { host } = site;
    const server = host.services.find(({ option }) => /^services\.(postgresql|mysql)$/.test(option));
    const path = server?.state[0]?.path?.text;
    const engine = server?.state[0]?.database?.engine;
    const isDumped = host.dumps.some((dump) => dump.engine === engine);
    if (server?.enabled.kind !== "yes" || typeof path !== "string" || isDumped) continue;
    const edits = places.appendTo(optionOf(site, "paths").span, JSON.stringify(path));
    yield* faultOf(site, edits, server.option);
  }
}

/** As for the service that loses its backup, but about the pattern. */
export function* plantExcludedState(run: Run, places: Places): Iterable<Fault> {
  const jobs = run.fleet.hosts.flatMap((host) => host.jobs.map(({ option }) => option));
  for (const fault of plantExclude(run, places)) yield { ...fault, subjects: jobs };
}

export function* plantPingAlways(run: Run, places: Places): Iterable<Fault> {
  for (const site of resticSites(run, places))
    if (!optionOf(site, "backupCleanupCommand").isDefined || optionOf(site, "backupCleanupCommand").value === null)
      yield* faultOf(site, setJobOption(site, "backupCleanupCommand", '"curl -fsS https://hc-ping.com/planted"'));
}

export function* plantUnchecked(run: Run, places: Places): Iterable<Fault> {
  const command = `''\n  pg_dump planted > /var/lib/planted.sql\n  chmod 0600 /var/lib/planted.sql\n''`;
  for (const site of resticSites(run, places)) {
    const { isDefined, value } = optionOf(site, "backupPrepareCommand");
    if (!isDefined || value === null) yield* faultOf(site, setJobOption(site, "backupPrepareCommand", command));
  }
}

/** The service has a user of its own, and the job that ran as that user runs as root. */
export function* plantAsRoot(run: Run, places: Places): Iterable<Fault> {
  for (const site of resticSites(run, places))
    if (site.job.user.text !== "root") yield* faultOf(site, removeJobOption(site, "user"));
}

export function* plantChosenPart(run: Run, places: Places): Iterable<Fault> {
  for (const { host, service, jobs, path } of savedServices(run)) {
    const items = jobs.flatMap((job) => job.paths.items.filter(({ text }) => text === path));
    const [job] = jobs;
    if (job === undefined || jobs.length > 1 || items.length !== 1) continue;
    const edits = joined(
      items.map(({ span }) =>
        span && places.isElement(span) ? [{ span, text: JSON.stringify(`${path}/chosen`) }] : null,
      ),
    );
    yield* faultOf({ run, places, host, job }, edits, service.option);
  }
}
