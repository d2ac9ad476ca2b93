// `nixlint fleet --format json`: version 1 of the published shape (schema/fleet.schema.json). What is not known is
// `{ "unknown": reason }`, a text with holes `{ "partial": "sftp:{}:hass" }`; each unknown is also listed per host.

import { Unknown } from "../eval/unknown.ts";
import { nextElapse } from "../fleet/calendar-elapse.ts";
import type { Dump } from "../fleet/dumps.ts";
import type { Exporter } from "../fleet/exporters.ts";
import type { Fleet, FleetHost } from "../fleet/fleet.ts";
import type { Job } from "../fleet/jobs.ts";
import type { Text } from "../fleet/known.ts";
import { type Clock, clockOf, type Timing, timingOf } from "../fleet/schedules.ts";
import type { Secret } from "../fleet/secrets.ts";
import type { Service } from "../fleet/services.ts";
import { type JsonText, jsonLocation, jsonText, jsonTexts, jsonUnknown, type Ledger } from "./fleet-values.ts";
import { type Atlas, displayPath } from "./place.ts";

export const fleetSchemaVersion = 1;
/** How many elapses of a timer are listed. */
const shownElapses = 3;

export interface FleetView {
  readonly fleet: Fleet;
  readonly atlas: Atlas;
  /** Names of the hosts to show; empty: all. */
  readonly only: readonly string[];
  /** Where `next` starts. */
  readonly now: Date;
}

export type JsonHost = ReturnType<typeof hostToJson>;

export function fleetToJson(view: FleetView) {
  const hosts = view.fleet.hosts.filter(({ name }) => view.only.length === 0 || view.only.includes(name));
  return {
    schemaVersion: fleetSchemaVersion,
    hosts: hosts.map((host) => hostToJson(host, view)),
    roles: view.only.length > 0 ? [] : view.fleet.roles.map((role) => hostToJson(role, view)),
  };
}

function hostToJson(host: FleetHost, { atlas, now }: FleetView) {
  const ledger: Ledger = { atlas, unknown: [] };
  return {
    name: host.name,
    system: host.host.system,
    modules: moduleFiles(host, atlas),
    unreadInputs: [...new Set(host.host.unread.map(({ input }) => input))].sort(),
    services: host.services.map((service) => serviceToJson(ledger, service)),
    backupJobs: host.jobs.map((job) => jobToJson(ledger, job, host)),
    dumps: host.dumps.map((dump) => dumpToJson(ledger, dump, host)),
    secrets: host.secrets.map((secret) => secretToJson(ledger, secret)),
    timers: host.timers.map((timing) => timerToJson(ledger, timing, { host, now })),
    exporters: host.exporters.map((exporter) => exporterToJson(ledger, exporter)),
    scrapeTargets: scrapeTargetsToJson(ledger, host),
    unknown: ledger.unknown,
  };
}

function moduleFiles({ host }: FleetHost, atlas: Atlas): string[] {
  const files = host.modules.map(({ file }) => file).filter((file) => file.startsWith("/"));
  return [...new Set(files.map((file) => displayPath(atlas, file)))].sort();
}

function serviceToJson(ledger: Ledger, { name, option, user, state, cause }: Service) {
  const paths = state.flatMap(({ path }) => (path === null ? [] : [path]));
  return {
    name,
    option,
    user: jsonText(ledger, `${option} user`, user),
    stateDirs: paths.map((path) => jsonText(ledger, `${option} state`, path)),
    location: jsonLocation(ledger.atlas, cause),
  };
}

function jobToJson(ledger: Ledger, job: Job, host: FleetHost) {
  const { name, option, span } = job;
  const password = job.secretFiles.find(({ role }) => role === "password")?.path ?? null;
  return {
    name,
    mechanism: job.mechanism,
    option,
    repository: jsonText(ledger, `${option} repository`, job.repository),
    user: jsonText(ledger, `${option} user`, job.user),
    paths: jsonTexts(ledger, `${option} paths`, job.paths),
    exclude: jsonTexts(ledger, `${option} exclude`, job.exclude),
    passwordFile: jsonText(ledger, `${option} passwordFile`, password),
    secrets: secretNames(job, host),
    schedule: scheduleToJson(ledger, option, timingOf(host.host, job.unit, job.timer)),
    pruneOpts: jsonTexts(ledger, `${option} pruneOpts`, job.pruneOpts),
    location: jsonLocation(ledger.atlas, span),
  };
}

/** The options of the declared secrets that its files are. */
function secretNames(job: Job, { secretReads }: FleetHost): string[] {
  const reads = secretReads.filter((read) => read.job === job);
  return [...new Set(reads.flatMap(({ secret }) => (secret === null ? [] : [secret.option])))].sort();
}

function scheduleToJson(ledger: Ledger, option: string, timing: Timing | null) {
  if (timing === null) return null;
  return {
    calendar: jsonTexts(ledger, `${option} schedule`, timing.calendar),
    randomizedDelay: jsonText(ledger, `${option} schedule`, timing.randomizedDelay),
    persistent: timing.persistent,
  };
}

function dumpToJson(ledger: Ledger, dump: Dump, host: FleetHost) {
  const { name, option, engine, databases, location, span } = dump;
  const unit = dump.units[0];
  const timing = unit === undefined ? null : timingOf(host.host, unit, dump.timer);
  return {
    name,
    option,
    engine,
    schedule: scheduleToJson(ledger, option, timing),
    databases: databases === "all" ? ("all" as const) : jsonTexts(ledger, `${option} databases`, databases),
    directory: jsonText(ledger, `${option} location`, location),
    location: jsonLocation(ledger.atlas, span),
  };
}

function secretToJson(ledger: Ledger, secret: Secret) {
  const { name, manager, option, owner, group, mode, file, key, path, span } = secret;
  const field = (attr: string, text: Text | null) =>
    jsonText(ledger, `${option}.${attr}`, text === null ? null : { text, span: null });
  return {
    name,
    manager,
    option,
    owner: field("owner", owner.text),
    group: field("group", group.text),
    mode: field("mode", mode),
    sopsFile: fileInFlake(field("sopsFile", file), ledger.atlas),
    key: field("key", key),
    path: field("path", path),
    location: jsonLocation(ledger.atlas, span),
  };
}

function fileInFlake(file: JsonText, atlas: Atlas): JsonText {
  return typeof file === "string" ? displayPath(atlas, file) : file;
}

function timerToJson(ledger: Ledger, timing: Timing, { host, now }: { host: FleetHost; now: Date }) {
  const clock = clockOf(host.host, timing);
  const path = `${timing.unit}.timer`;
  return {
    unit: timing.unit,
    calendar: jsonTexts(ledger, path, timing.calendar),
    randomizedDelay: jsonText(ledger, path, timing.randomizedDelay),
    persistent: timing.persistent,
    next: clock instanceof Unknown ? jsonUnknown(ledger, path, clock) : nextTimes(clock, now),
    location: jsonLocation(ledger.atlas, timing.span),
  };
}

/** ISO 8601 in UTC, ascending; none for a timer without a calendar. */
function nextTimes(clock: Clock | undefined, now: Date): string[] {
  const times: string[] = [];
  let after = now.getTime() * 1000;
  while (clock !== undefined && times.length < shownElapses) {
    const candidates = clock.calendars
      .map((calendar) => nextElapse(calendar, after, clock.zone))
      .filter((at) => at !== null);
    if (candidates.length === 0) break;
    after = Math.min(...candidates);
    times.push(new Date(after / 1000).toISOString());
  }
  return times;
}

function exporterToJson(ledger: Ledger, { name, option, port, span }: Exporter) {
  const unknown = new Unknown("unsupported", `the port of \`${option}\` cannot be told`, span);
  return {
    name,
    option,
    port: port ?? jsonUnknown(ledger, `${option}.port`, unknown),
    location: jsonLocation(ledger.atlas, span),
  };
}

function scrapeTargetsToJson(ledger: Ledger, { scrapeTargets: { targets, rest } }: FleetHost) {
  if (rest !== null) jsonUnknown(ledger, "scrape targets", rest);
  return targets.map(({ address, job, span }) => ({
    job,
    targets: [address],
    location: jsonLocation(ledger.atlas, span),
  }));
}
