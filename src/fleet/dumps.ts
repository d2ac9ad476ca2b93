// Database dumps and services' own exports: what they dump, where to, and when.

import { type Answer, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Option } from "../nixpkgs/modules/definition.ts";
import type { Span } from "../source/span.ts";
import { definingFiles, type Job, type JobTimer } from "./jobs.ts";
import { type Located, readText, readTexts, type TextList } from "./known.ts";
import { scriptDumps } from "./script-dumps.ts";
import type { Engine } from "./service-state.ts";
import { normalisePath } from "./state-paths.ts";

export interface Dump {
  readonly name: string;
  /** `services.postgresqlBackup`, or the unit or job whose script dumps. */
  readonly option: string;
  readonly span: Span | null;
  readonly files: ReadonlySet<string>;
  readonly certain: Answer;
  readonly engine: Engine;
  readonly databases: "all" | TextList;
  /** Where the files go; null when the dump goes straight into a backup. */
  readonly location: Located | null;
  /** A service whose own export this is: it stands for all its state. */
  readonly service: string | null;
  readonly user: string | null;
  /** The units that dump, without `.service`. */
  readonly units: readonly string[];
  /** The job in whose prepare command it runs; it is then ordered by itself. */
  readonly within: Job | null;
  readonly timer: JobTimer;
}

export function readDumps(host: Host, jobs: readonly Job[]): readonly Dump[] {
  const modules = [...postgresqlBackup(host), ...mysqlBackup(host), ...serviceExports(host)];
  return [...modules, ...scriptDumps(host, jobs)].filter((dump) => dump.certain.kind !== "no");
}

function postgresqlBackup(host: Host): readonly Dump[] {
  const base = ["services", "postgresqlBackup"];
  const enable = host.option([...base, "enable"]);
  const listed = readTexts(host.option([...base, "databases"]));
  const all = host.option([...base, "backupAll"]).value === true || (listed.items.length === 0 && listed.rest === null);
  const names = listed.items.flatMap(({ text }) => (typeof text === "string" ? [`postgresqlBackup-${text}`] : []));
  return [
    {
      ...moduleDump(host, "postgresql", enable),
      databases: all ? "all" : listed,
      location: at(readText(host.option([...base, "location"])), "/var/backup/postgresql"),
      user: "postgres",
      units: all ? ["postgresqlBackup"] : names,
      timer: startAt(host.option([...base, "startAt"]), "*-*-* 01:15:00"),
    },
  ];
}

/** An empty list of databases dumps nothing. */
function mysqlBackup(host: Host): readonly Dump[] {
  const base = ["services", "mysqlBackup"];
  const enable = host.option([...base, "enable"]);
  const user = readText(host.option([...base, "user"]))?.text;
  return [
    {
      ...moduleDump(host, "mysql", enable),
      databases: readTexts(host.option([...base, "databases"])),
      location: at(readText(host.option([...base, "location"])), "/var/backup/mysql"),
      user: typeof user === "string" ? user : "mysqlbackup",
      units: ["mysql-backup"],
      timer: startAt(host.option([...base, "calendar"]), "01:15:00"),
    },
  ];
}

type DumpBase = Omit<Dump, "databases" | "location" | "user" | "units" | "timer">;

function moduleDump(_host: Host, engine: Engine, enable: Option): DumpBase {
  const option = enable.path.slice(0, -1).join(".");
  const certain = enable.isDefined ? enable.is(true) : ({ kind: "no" } as const);
  return {
    name: option.replace(/^services\./, ""),
    option,
    span: enable.span,
    files: definingFiles(enable),
    certain,
    engine,
    service: null,
    within: null,
  };
}

function at(set: Located | undefined, fallback: string): Located {
  if (set === undefined) return { text: fallback, span: null };
  return typeof set.text === "string" ? { ...set, text: normalisePath(set.text) } : set;
}

function startAt(option: Option, fallback: string): JobTimer {
  return { kind: "start-at", option, fallback, persistent: false };
}

interface Export {
  readonly service: string;
  readonly enable: string;
  readonly location: string;
  readonly fallback: string;
  readonly unit: string;
  readonly schedule: string | null;
  readonly defaultSchedule: string;
}

/** Exports that modules of services offer, by their options. */
const exports: readonly Export[] = [
  {
    service: "paperless",
    enable: "exporter.enable",
    location: "exporter.directory",
    fallback: "/var/lib/paperless/export",
    unit: "paperless-exporter",
    schedule: "exporter.onCalendar",
    defaultSchedule: "01:30:00",
  },
  {
    service: "forgejo",
    enable: "dump.enable",
    location: "dump.backupDir",
    fallback: "/var/lib/forgejo/dump",
    unit: "forgejo-dump",
    schedule: "dump.interval",
    defaultSchedule: "04:31",
  },
  {
    service: "gitea",
    enable: "dump.enable",
    location: "dump.backupDir",
    fallback: "/var/lib/gitea/dump",
    unit: "gitea-dump",
    schedule: "dump.interval",
    defaultSchedule: "04:31",
  },
  {
    service: "vaultwarden",
    enable: "backupDir",
    location: "backupDir",
    fallback: "",
    unit: "backup-vaultwarden",
    schedule: null,
    defaultSchedule: "23:00",
  },
];

function serviceExports(host: Host): readonly Dump[] {
  return exports.flatMap((entry): readonly Dump[] => {
    const base = ["services", entry.service];
    const option = (name: string) => host.option([...base, ...name.split(".")]);
    const enable = option(entry.enable);
    const isByPath = entry.enable === entry.location;
    if (!enable.isDefined || (isByPath && enable.value === null)) return [];
    const certain: Answer = isByPath ? yes : enable.is(true);
    const schedule = entry.schedule === null ? null : option(entry.schedule);
    return [
      {
        ...moduleDump(host, "other", enable),
        name: entry.unit,
        option: enable.path.join("."),
        certain,
        databases: "all",
        location: at(readText(option(entry.location)), entry.fallback),
        service: `services.${entry.service}`,
        user: entry.service,
        units: [entry.unit],
        timer: { kind: "start-at", option: schedule, fallback: entry.defaultSchedule, persistent: false },
      },
    ];
  });
}

/** A location that only runs will tell. */
export function unknownLocation(span: Span | null): Located {
  return { text: new Unknown("unsupported", "where this dump goes is only known when it runs", span), span };
}
