// The model as data, for `nixlint fleet --format json`: what is known as it is, what is not with the reason.

import { Unknown } from "../eval/unknown.ts";
import type { Span } from "../source/span.ts";
import { nextElapse } from "./calendar-elapse.ts";
import { relativePath } from "./cause.ts";
import type { Dump } from "./dumps.ts";
import type { Fleet, FleetHost } from "./fleet.ts";
import type { Job } from "./jobs.ts";
import { type Located, showPartial, type Text, type TextList } from "./known.ts";
import { clockOf, type Timing, timingOf } from "./schedules.ts";
import type { ScrapeTargets } from "./scrape-targets.ts";
import { secretAt } from "./secrets.ts";
import type { Micros } from "./timespan.ts";

/** Grows when a reader of the old shape would misunderstand the new one. */
export const fleetSchemaVersion = 1;

export interface FleetJsonContext {
  /** A span as reports show it; null when its file cannot be shown. */
  readonly locate: (span: Span) => unknown;
  /** The moment after which the next elapses are. */
  readonly now: Micros;
}

/** How many elapses of each timer are told. */
const elapsesTold = 3;

export function fleetJson(fleet: Fleet, context: FleetJsonContext): unknown {
  const place = (span: Span | null) => (span === null ? null : context.locate(span));
  const show = (host: FleetHost) => hostJson(host, { root: fleet.root, place, now: context.now });
  return { schemaVersion: fleetSchemaVersion, hosts: fleet.hosts.map(show), roles: fleet.roles.map(show) };
}

interface Shown {
  readonly root: string;
  readonly place: (span: Span | null) => unknown;
  readonly now: Micros;
}

function hostJson(host: FleetHost, shown: Shown) {
  const { place, root } = shown;
  const files = host.host.modules.map((module) => relativePath(root, module.file));
  return {
    name: host.name,
    system: host.host.system,
    modules: [...new Set(files)].filter((file) => !/^[</]/.test(file)).sort(),
    unreadInputs: [...new Set(host.host.unread.map((module) => module.input))].sort(),
    services: host.services.map((service) => ({
      name: service.name,
      option: service.option,
      user: locatedJson(service.user),
      stateDirs: service.state.flatMap(({ path }) => (path ? [textJson(path.text)] : [])),
      location: place(service.cause),
    })),
    backupJobs: host.jobs.map((job) => jobJson(host, job, shown)),
    dumps: host.dumps.map((dump) => dumpJson(host, dump, shown)),
    secrets: host.secrets.map((secret) => ({
      name: secret.name,
      owner: textJson(secret.owner.text),
      group: textJson(secret.group.text),
      mode: textJson(secret.mode),
      sopsFile: secret.file === null ? null : textJson(insideFlake(secret.file, root)),
      key: secret.key === null ? null : textJson(secret.key),
      path: textJson(secret.path),
      location: place(secret.span),
    })),
    timers: host.timers.map((timing) => ({
      unit: timing.unit,
      ...scheduleJson(timing),
      next: nextElapses(host, timing, shown.now),
      location: place(timing.span),
    })),
    exporters: host.exporters.map(({ name, port, span }) => ({
      name,
      port: port ?? { unknown: "nixpkgs-default" },
      location: place(span),
    })),
    scrapeTargets: scrapeJson(host.scrapeTargets, place),
    unknown: unknownJson(host, place),
  };
}

function jobJson(host: FleetHost, job: Job, { place }: Shown) {
  const password = job.secretFiles.find(({ role }) => role === "password")?.path ?? null;
  const found = job.secretFiles.map((file) => secretAt(file.path.text, { secrets: host.secrets, rest: null }));
  const timing = timingOf(host.host, job.unit, job.timer);
  return {
    name: job.name,
    option: job.option,
    mechanism: job.mechanism,
    repository: locatedJson(job.repository),
    user: textJson(job.user.text),
    paths: listJson(job.paths),
    exclude: listJson(job.exclude),
    passwordFile: locatedJson(password),
    secrets: found.flatMap((secret) => (secret === null || secret instanceof Unknown ? [] : [secret.option])),
    schedule: timing === null ? null : scheduleJson(timing),
    pruneOpts: listJson(job.pruneOpts),
    location: place(job.span),
  };
}

function dumpJson(host: FleetHost, dump: Dump, { place }: Shown) {
  const timing = timingOf(host.host, dump.units[0] ?? "", dump.timer);
  return {
    name: dump.name,
    option: dump.option,
    schedule: timing === null ? null : scheduleJson(timing),
    databases: dump.databases === "all" ? "all" : listJson(dump.databases),
    directory: locatedJson(dump.location),
    location: place(dump.span),
  };
}

function scheduleJson({ calendar, randomizedDelay, persistent }: Timing) {
  return { calendar: listJson(calendar), randomizedDelay: locatedJson(randomizedDelay), persistent };
}

/** In RFC 3339, UTC. */
function nextElapses(host: FleetHost, timing: Timing, now: Micros): readonly string[] {
  const clock = clockOf(host.host, timing);
  if (clock === undefined || clock instanceof Unknown) return [];
  const next: string[] = [];
  let after = now;
  while (next.length < elapsesTold) {
    const instants = clock.calendars
      .map((calendar) => nextElapse(calendar, after, clock.zone))
      .filter((instant) => instant !== null);
    if (instants.length === 0) break;
    after = Math.min(...instants);
    next.push(new Date(after / 1000).toISOString());
  }
  return next;
}

function scrapeJson({ targets }: ScrapeTargets, place: Shown["place"]) {
  return targets.map(({ address, job, span }) => ({ job, targets: [address], location: place(span) }));
}

/** What questions about this host may founder on. */
function unknownJson(host: FleetHost, place: Shown["place"]) {
  const texts = host.jobs.flatMap((job) => [
    { path: `${job.option}.paths`, doubt: job.paths.rest },
    { path: `${job.option}.exclude`, doubt: job.exclude.rest },
    { path: `${job.option}.repository`, doubt: job.repository?.text ?? null },
  ]);
  return texts.flatMap(({ path, doubt }) =>
    doubt instanceof Unknown
      ? [{ path, reason: `${doubt.reason}: ${doubt.message}`, location: place(doubt.span) }]
      : [],
  );
}

function insideFlake(text: Text, root: string): Text {
  return typeof text === "string" ? relativePath(root, text) : text;
}

function locatedJson(located: Located | null) {
  return located === null ? null : textJson(located.text);
}

function textJson(text: Text) {
  if (typeof text === "string") return text;
  return text instanceof Unknown ? { unknown: text.reason } : { partial: showPartial(text) };
}

/** What may be more is one more element. */
function listJson({ items, possible, rest }: TextList) {
  const more = rest === null ? [] : [{ unknown: rest.reason }];
  return [...[...items, ...possible].map((item) => textJson(item.text)), ...more];
}
