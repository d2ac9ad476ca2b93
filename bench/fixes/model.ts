// What changed in the fleet model between two states of a flake, field by field, and which of it a fix was meant to change.

import type { Diagnostic } from "../../src/lint/finding.ts";
import type { LoadedFlake } from "../../src/lint/lint-flake.ts";
import { fleetToJson } from "../../src/report/fleet-json.ts";

export interface Difference {
  readonly host: string;
  /** `backupJobs`, `secrets`, … as in `nixlint fleet --format json`. */
  readonly noun: string;
  readonly name: string;
  /** Null: the whole entry came or went. */
  readonly field: string | null;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Entry by noun and name, field by field. */
export type Model = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, string>>>;

export function modelOf({ flake, fleet }: LoadedFlake): Model {
  const atlas = { root: flake.root, sources: { get: (file: string) => flake.session.files.get(file)?.source } };
  const json = fleetToJson({ fleet, atlas, only: [], now: new Date("2026-06-01T00:00:00Z") });
  return new Map([...json.hosts, ...json.roles].map((host) => [host.name, entriesOf(host)]));
}

function entriesOf(host: object): Map<string, ReadonlyMap<string, string>> {
  const entries = new Map<string, ReadonlyMap<string, string>>();
  for (const [noun, value] of Object.entries(host)) {
    if (!Array.isArray(value)) continue;
    for (const entry of value as readonly unknown[]) {
      let key = `${noun}/${nameOf(entry)}`;
      while (entries.has(key)) key += "'";
      entries.set(key, fieldsOf(entry));
    }
  }
  return entries;
}

function nameOf(entry: unknown): string {
  if (typeof entry !== "object" || entry === null) return String(entry);
  const { option, name, unit, job, path } = entry as Readonly<Record<string, unknown>>;
  return String(option ?? unit ?? job ?? path ?? name);
}

function fieldsOf(entry: unknown): Map<string, string> {
  const fields = new Map<string, string>();
  if (typeof entry !== "object" || entry === null) return fields;
  for (const [name, value] of Object.entries(entry)) {
    if (name === "location" || name === "reason") continue;
    if (name === "schedule" && typeof value === "object" && value !== null)
      for (const [part, inner] of Object.entries(value)) fields.set(`schedule.${part}`, JSON.stringify(inner));
    else fields.set(name, JSON.stringify(value));
  }
  return fields;
}

export function differencesOf(before: Model, after: Model): Difference[] {
  const found: Difference[] = [];
  for (const host of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(host) ?? new Map(), after.get(host) ?? new Map()];
    for (const key of new Set<string>([...old.keys(), ...now.keys()])) {
      const noun = key.slice(0, key.indexOf("/"));
      const place = { host, noun, name: key.slice(noun.length + 1) };
      const [then, here] = [old.get(key), now.get(key)];
      if (then === undefined || here === undefined)
        found.push({ ...place, field: null, before: then && "there", after: here && "there" });
      else found.push(...fieldDifferences(place, then, here));
    }
  }
  return found;
}

function fieldDifferences(
  place: Pick<Difference, "host" | "noun" | "name">,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Difference[] {
  const fields = [...new Set([...before.keys(), ...after.keys()])].sort();
  return fields
    .filter((field) => before.get(field) !== after.get(field))
    .map((field) => ({ ...place, field, before: before.get(field), after: after.get(field) }));
}

type Meaning = (difference: Difference, fix: Diagnostic) => boolean;

/** Which differences each rule's fix is there to make. A rule that is not named may change nothing in the model. */
const meanings: Readonly<Record<string, Meaning>> = {
  "service-without-backup": (one, fix) => isNewBackup(one) || growsJob(one, fix) || isOwnDump(one),
  "dump-not-backed-up": (one, fix) => isNewBackup(one) || growsJob(one, fix),
  "live-database-backup": (one, fix) => isNewBackup(one) || growsJob(one, fix) || one.noun === "dumps",
  "unmonitored-backup": (one) =>
    isNew(one) &&
    (/^(modules|exporters|scrapeTargets|secrets)$/.test(one.noun) ||
      `${one.noun} ${one.name}` === "services services.prometheus"),
  "timer-without-persistent": ({ noun, field }) =>
    /^(backupJobs|timers|dumps)$/.test(noun) && /persistent$/.test(field ?? ""),
  "excluded-state": ({ noun, field }) => noun === "backupJobs" && field === "exclude",
  "missing-retention": ({ noun, field }) => noun === "backupJobs" && field === "pruneOpts",
  "prune-on-append-only": ({ noun, field }) => noun === "backupJobs" && field === "pruneOpts",
  // `--retry-lock` of prune is one of its options.
  "repository-lock-collision": ({ noun, field }) => noun === "backupJobs" && field === "pruneOpts",
  "secret-owner-mismatch": ({ noun, name, field }, { subject }) =>
    noun === "secrets" && name === subject && /^(owner|group|mode)$/.test(field ?? ""),
  "unknown-secret-owner": ({ noun, name, field }, { subject }) =>
    noun === "secrets" && name === subject && /^(owner|group)$/.test(field ?? ""),
  "undeclared-secret": (one) => one.noun === "secrets" && isNew(one),
  "password-secret-too-late": ({ noun, field }) => noun === "secrets" && /^(path|owner|group)$/.test(field ?? ""),
  "backup-schedule-clash": isTime,
  "backup-before-dump": isTime,
  "invalid-calendar": isTime,
  "undumped-database": (one) =>
    (isNew(one) && /^(dumps|timers)$/.test(one.noun)) || (one.noun === "dumps" && one.field === "databases"),
};

function isNew({ before, field }: Difference): boolean {
  return before === undefined && field === null;
}

function isNewBackup(one: Difference): boolean {
  return isNew(one) && /^(backupJobs|secrets|timers|modules)$/.test(one.noun);
}

function isOwnDump(one: Difference): boolean {
  return isNew(one) && one.noun === "dumps";
}

/** The job that the fix names gets more to save, and nothing else. */
function growsJob({ noun, name, field, before, after }: Difference, { fix }: Diagnostic): boolean {
  if (noun !== "backupJobs" || field !== "paths" || !before || !after) return false;
  const [old, now] = [JSON.parse(before), JSON.parse(after)] as [unknown, unknown];
  const isGrown = Array.isArray(old) && Array.isArray(now) && old.every((path) => now.includes(path));
  return isGrown && (fix?.title.includes(`\`${name.split(".").at(-1)}\``) ?? false);
}

function isTime({ noun, field }: Difference): boolean {
  return /^(backupJobs|timers|dumps)$/.test(noun) && /^(schedule\.)?(calendar|next)$/.test(field ?? "");
}

/** The differences that no fix was meant to make. */
export function unmeant(differences: readonly Difference[], applied: readonly Diagnostic[]): Difference[] {
  return differences.filter((one) => !isUnknownOfNew(one) && !applied.some((fix) => meanings[fix.rule]?.(one, fix)));
}

/** What is not known of a new entry is listed once more. */
function isUnknownOfNew(one: Difference): boolean {
  return one.noun === "unknown";
}

export function showDifference({ host, noun, name, field, before, after }: Difference): string {
  const short = (text = "") => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
  const what =
    field === null ? `${before === undefined ? "is new" : "is gone"}` : `${field}: ${short(before)} -> ${short(after)}`;
  return `${host}: ${noun} ${name} ${what}`;
}
