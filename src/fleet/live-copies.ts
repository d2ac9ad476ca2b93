// Databases whose files a job copies while the server writes them.

import { type Answer, all, any, no, not, toAnswer, undecided } from "../eval/answer.ts";
import type { Span } from "../source/span.ts";
import { catalogue } from "./catalogue.ts";
import { startScript } from "./commands.ts";
import { coversPath } from "./coverage.ts";
import type { FleetHost } from "./fleet-host.ts";
import type { Job } from "./jobs.ts";
import { entriesOf, type Located } from "./known.ts";
import { relationsOf } from "./schedules.ts";
import { serverDatabase } from "./server-database.ts";
import type { Engine, State } from "./service-state.ts";
import type { Service } from "./services.ts";
import { containsPath, namesOf, normalisePath } from "./state-paths.ts";

export interface LiveCopy {
  readonly job: Job;
  readonly service: Service;
  readonly engine: Engine;
  readonly path: string;
  /** The path of the job that takes it along. */
  readonly span: Span | null;
  readonly answer: Answer;
}

export function liveCopies(host: FleetHost): readonly LiveCopy[] {
  const copiers = host.jobs.filter(({ mechanism }) => /^(restic|borg|borgmatic|unit)$/.test(mechanism));
  return host.services.flatMap((service) =>
    service.state.flatMap((state) => {
      const engine = unsafeEngine(host, service, state);
      if (engine === null || typeof state.path?.text !== "string") return [];
      return copiers.flatMap((job) => copyOf(host, { job, service, state, engine }));
    }),
  );
}

/** The database of which a copy of the files that are being written is none; null: there is none, or such a copy is one. */
export function unsafeEngine({ host }: FleetHost, service: Service, state: State): Engine | null {
  const { database } = state;
  if (database?.name === null && /^(postgresql|mysql)$/.test(database.engine)) return database.engine;
  const isKept = service.kind === "catalogue" && database === null && holdsDatabase(service, state);
  return isKept && keepsSqlite(service) && serverDatabase(host, service.option) === null ? "sqlite" : null;
}

/** The file itself where the service has one of its own, else its main directory: repositories and media are files. */
function holdsDatabase({ essentialState }: Service, state: State): boolean {
  const files = essentialState.filter(
    ({ path }) => typeof path?.text === "string" && /\.(?:db|sqlite3?)$/.test(path.text),
  );
  return files.length > 0 ? files.includes(state) : essentialState[0] === state;
}

/** By what is known of the program and of its module's default. */
function keepsSqlite({ option }: Service): boolean {
  const known = [...catalogue.values()].find((entry) => entry.option === option);
  return known?.live_copy_safe === false && (known.databaseUpstream ?? known.database) === "sqlite";
}

interface Copied {
  readonly job: Job;
  readonly service: Service;
  readonly state: State;
  readonly engine: Engine;
}

function copyOf(host: FleetHost, { job, service, state, engine }: Copied): readonly LiveCopy[] {
  const { savers } = host;
  const { path, isPrivate } = state;
  if (path === null || typeof path.text !== "string") return [];
  const names = namesOf(path.text, savers.aliases);
  const through = job.paths.items.find((item) => isAbove(item, names));
  if (through === undefined && job.paths.rest === null) return [];
  const answer = all([
    job.certain,
    service.enabled,
    coversPath(job, path, { savers, isPrivate }),
    not(isQuiet(host, job, service)),
    not(isDumped(host, engine, path.text)),
  ]);
  return [{ job, service, engine, path: path.text, span: through?.span ?? job.span, answer }];
}

/** By the live file system, and not by a snapshot of it. */
function isAbove({ text }: Located, names: readonly string[]): boolean {
  if (typeof text !== "string" || /\.zfs\/snapshot|snapshot|\bsnap/i.test(text)) return false;
  return names.some((name) => containsPath(normalisePath(text), name));
}

/** Words of commands that stop a server, freeze its files or make a copy of them first. */
const quieting =
  /\b(?:stop|pause|snapshot|subvolume|lvcreate|zfs|btrfs|fsfreeze|xfs_freeze|mount|pg_\w+|mysqldump|mariadb-dump|mariabackup|xtrabackup|sqlite3?|dump|backup)\b/;

/** Something is done about it before the backup, whatever it is. */
function isQuiet({ host }: FleetHost, job: Job, service: Service): Answer {
  const scripts = job.mechanism === "unit" ? [] : [job.prepare, startScript(host, job.unit)];
  const relations = relationsOf(host, job.unit);
  const conflicts = service.units.some((unit) => relations.has(unit));
  const text = job.mechanism === "unit" ? job.prepare.text.replace(/\b(?:restic|borg)\b.*\bbackup\b/g, "") : "";
  return any([
    toAnswer(conflicts || quieting.test(text)),
    ...scripts.map((script) =>
      quieting.test(script.text) || script.unread === null
        ? toAnswer(quieting.test(script.text))
        : undecided(script.unread),
    ),
  ]);
}

/** Any dump of the server; of SQLite one that reads below the path. */
function isDumped({ host, dumps }: FleetHost, engine: Engine, path: string): Answer {
  const { rest } = entriesOf(host, ["systemd", "services"]);
  const own = dumps.filter((dump) => dump.engine === engine);
  const found = own.map(({ databases, certain }) => {
    if (engine !== "sqlite" || databases === "all") return certain;
    const reads = databases.items.some(({ text }) => typeof text === "string" && containsPath(path, text));
    return reads ? certain : databases.rest ? undecided(databases.rest) : no;
  });
  const exports = dumps
    .filter(({ service }) => service !== null)
    .map(({ certain, location }) => (location ? certain : no));
  return any([...found, ...(engine === "sqlite" ? exports : []), ...(rest ? [undecided(rest)] : [])]);
}
