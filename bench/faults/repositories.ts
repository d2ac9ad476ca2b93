// Where jobs write to and how they get there: no retention, one repository for two jobs, a disk that may not be there,
// a server that refuses to prune, a host key nobody looks at, an exporter that watches something else.

import type { FleetRepository } from "../../src/fleet/fleet-repositories.ts";
import { repositoriesOf } from "../../src/fleet/fleet-repositories.ts";
import type { Mount } from "../../src/fleet/state-paths.ts";
import type { Run } from "../run-flake.ts";
import { type Fault, filesOf, joined } from "./kinds.ts";
import type { Places } from "./places.ts";
import { faultOf, optionOf, removeJobOption, resticSites, type Site, setJobOption } from "./places-of-jobs.ts";

/** Repositories of one job alone. */
function* lonelySites(run: Run, places: Places): Iterable<Site> {
  const repositories: readonly FleetRepository[] = repositoriesOf(run.fleet);
  for (const site of resticSites(run, places)) {
    const own = repositories.find(({ users }) => users.some(({ job }) => job === site.job));
    if (own?.users.length === 1 && own.doubt === null) yield site;
  }
}

export function* plantNoRetention(run: Run, places: Places): Iterable<Fault> {
  for (const site of lonelySites(run, places))
    if (site.job.pruneOpts.items.length > 0) yield* faultOf(site, removeJobOption(site, "pruneOpts"));
}

export function* plantShortRetention(run: Run, places: Places): Iterable<Fault> {
  for (const site of resticSites(run, places))
    if (site.job.pruneOpts.items.length > 0)
      yield* faultOf(site, setJobOption(site, "pruneOpts", '[ "--keep-last 3" "--keep-daily 2" ]'));
}

export function* plantNoCheck(run: Run, places: Places): Iterable<Fault> {
  for (const site of lonelySites(run, places)) yield* faultOf(site, removeJobOption(site, "checkOpts"));
}

export function* plantNotMade(run: Run, places: Places): Iterable<Fault> {
  for (const site of resticSites(run, places))
    if (optionOf(site, "initialize").value === true) yield* faultOf(site, setJobOption(site, "initialize", "false"));
}

/** Two jobs of a host whose repositories are written out: the second goes to that of the first. */
export function* plantOneRepository(run: Run, places: Places): Iterable<Fault> {
  const sites = [...lonelySites(run, places)];
  for (const site of sites)
    for (const other of sites) {
      const text = other.job.repository?.text;
      const isPair = other.host === site.host && other.job !== site.job && other.job.pruneOpts.items.length > 0;
      if (!isPair || typeof text !== "string" || isMadeTogether(site, other)) continue;
      for (const fault of faultOf(site, setJobOption(site, "repository", JSON.stringify(text))))
        yield { ...fault, subjects: [...fault.subjects, other.job.option], files: [...fault.files, ...ownFile(other)] };
    }
}

function ownFile({ job }: Site): readonly string[] {
  return job.span ? [job.span.file] : [];
}

function isMadeTogether({ job: { span: a } }: Site, { job: { span: b } }: Site): boolean {
  return a !== null && b !== null && a.file === b.file && a.start === b.start;
}

export function* plantUnmounted(run: Run, places: Places): Iterable<Fault> {
  for (const site of resticSites(run, places)) {
    const mount = site.host.savers.mounts.find(mayBeAway);
    if (mount === undefined || typeof site.job.repository?.text !== "string") continue;
    yield* faultOf(site, setJobOption(site, "repository", JSON.stringify(`${mount.path}/planted/restic`)));
  }
}

/** Boot goes on without it, and nothing mounts it when it is used. */
function mayBeAway({ path, options }: Mount): boolean {
  const words = options.flatMap((option) => option.split(","));
  return (
    path !== "/" &&
    /^(nofail|noauto)$/.test(words.find((word) => /^no(fail|auto)$/.test(word)) ?? "") &&
    !words.includes("x-systemd.automount")
  );
}

export function* plantForeign(run: Run, places: Places): Iterable<Fault> {
  for (const site of resticSites(run, places))
    if (site.job.repository !== null && String(site.job.repository.text).startsWith("sftp:"))
      yield* faultOf(site, setJobOption(site, "repository", '"s3:https://s3.example.org/planted"'));
}

export function* plantCredentials(run: Run, places: Places): Iterable<Fault> {
  for (const site of resticSites(run, places)) {
    if (site.job.repository === null) continue;
    const edits = setJobOption(site, "repository", '"rest:https://planted:correcthorse@backup.example.org/home"');
    for (const fault of faultOf(site, edits))
      yield { ...fault, subjects: fault.subjects.flatMap((option) => [option, `${option}.repository`]) };
  }
}

export function* plantUncheckedHostKey(run: Run, places: Places): Iterable<Fault> {
  const command = "ssh backup@backup.example.org -o StrictHostKeyChecking=no -s sftp";
  for (const site of resticSites(run, places)) {
    if (optionOf(site, "extraOptions").isDefined) continue;
    const repository = setJobOption(site, "repository", '"sftp:backup@backup.example.org:/planted"');
    const options = setJobOption(site, "extraOptions", `[ "sftp.command='${command}'" ]`);
    yield* faultOf(site, joined([repository, options]));
  }
}

export function* plantUnknownHostKey(run: Run, places: Places): Iterable<Fault> {
  for (const site of resticSites(run, places)) {
    if (optionOf(site, "extraOptions").isDefined || site.job.repository === null) continue;
    yield* faultOf(site, setJobOption(site, "repository", '"sftp:backup@backup.example.org:/planted"'));
  }
}

/** A server of the fleet that jobs prune. */
export function* plantAppendOnly(run: Run, places: Places): Iterable<Fault> {
  const prunes = run.fleet.hosts.flatMap(({ jobs }) => jobs.filter(({ prunes: { kind } }) => kind === "yes"));
  const toServer = prunes.filter(({ repository }) => /^rest:/.test(String(repository?.text ?? "")));
  if (toServer.length === 0) return;
  for (const { host } of run.fleet.hosts) {
    const base = ["services", "restic", "server"];
    const enable = host.option([...base, "enable"]);
    const own = host.option([...base, "appendOnly"]);
    if (!enable.isDefined || own.value === true) continue;
    const edits = own.isDefined
      ? places.setValue(own.span, "true")
      : places.insertBeside(enable.span, "appendOnly = true;");
    const files = toServer.flatMap(({ span, files: all }) => [...(span ? [span.file] : []), ...all]);
    if (edits) yield { edits, subjects: toServer.map(({ option }) => option), files: [...filesOf(edits), ...files] };
  }
}

export function* plantOtherExporter(run: Run, places: Places): Iterable<Fault> {
  for (const { exporters } of run.fleet.hosts)
    for (const { name, option, repository, span } of exporters) {
      if (name !== "restic" || !repository?.span) continue;
      const edits = places.setValue(repository.span, '"sftp:planted@backup.example.org:/elsewhere"');
      if (edits) yield { edits, subjects: [option], files: [...filesOf(edits), ...(span ? [span.file] : [])] };
    }
}

export function* plantHastyExporter(run: Run, places: Places): Iterable<Fault> {
  for (const { host, exporters } of run.fleet.hosts)
    for (const { name, option } of exporters) {
      const interval = host.option([...option.split("."), "refreshInterval"]);
      if (name !== "restic") continue;
      const edits = interval.isDefined
        ? places.setValue(interval.span, "300")
        : places.insertBeside(host.option([...option.split("."), "enable"]).span, "refreshInterval = 300;");
      if (edits) yield { edits, subjects: [option], files: filesOf(edits) };
    }
}

/** In a fleet of which something is scraped. */
export function* plantUnscraped(run: Run, places: Places): Iterable<Fault> {
  const scrapes = run.fleet.hosts.some(({ scrapeTargets }) => scrapeTargets.targets.length > 0);
  if (!scrapes) return;
  for (const { kind, host } of run.fleet.hosts) {
    const option = "services.prometheus.exporters.smartctl";
    if (kind !== "host" || host.option(option.split(".")).isDefined) continue;
    const place = host.option(["networking", "hostName"]).span ?? host.option(["system", "stateVersion"]).span;
    const edits = places.insertModule(place, `${option} = { enable = true; port = 9633; };`);
    if (edits) yield { edits, subjects: [option], files: filesOf(edits) };
  }
}
