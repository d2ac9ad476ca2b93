// Dumps in scripts that people wrote: units, and the commands that jobs run before the backup.

import { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Span } from "../source/span.ts";
import { callOf, commandLines, startScript } from "./commands.ts";
import { type Dump, unknownLocation } from "./dumps.ts";
import { definingFiles, type Job } from "./jobs.ts";
import { attrIn, entriesOf, flagOf, type Located, noTexts, textIn } from "./known.ts";
import { presenceOf } from "./presence.ts";
import type { Engine } from "./service-state.ts";
import { normalisePath } from "./state-paths.ts";

interface Dumper {
  readonly call: RegExp;
  readonly engine: Engine;
  /** It dumps every database without being told. */
  readonly dumpsAll: boolean;
}

const dumpers: readonly Dumper[] = [
  { call: callOf("pg_dumpall"), engine: "postgresql", dumpsAll: true },
  { call: callOf("pg_basebackup"), engine: "postgresql", dumpsAll: true },
  { call: callOf("pg_dump"), engine: "postgresql", dumpsAll: false },
  { call: callOf("(?:mysqldump|mariadb-dump)"), engine: "mysql", dumpsAll: false },
  { call: callOf("mongodump"), engine: "mongodb", dumpsAll: true },
];

/** `sqlite3 FILE ".backup 'COPY'"`, also `VACUUM INTO`. */
const sqliteBackup = /sqlite3?\b.*(?:\.backup|vacuum\s+into)/i;

/** One dump as a script says it. */
export interface ScriptDump {
  readonly engine: Engine;
  readonly databases: Dump["databases"];
  readonly location: Located | null;
}

export function scriptDumps(host: Host, jobs: readonly Job[]): readonly Dump[] {
  const { entries } = entriesOf(host, ["systemd", "services"]);
  const units = entries.filter(({ option }) => flagOf(attrIn(option.value, ["enable"])?.value ?? true) !== false);
  const ofUnits = units.flatMap(({ name, option }) => {
    const user = textIn(option.value, ["serviceConfig", "User"])?.text;
    return dumpsIn(startScript(host, name).text, option.span).map(
      (dump): Dump => ({
        ...dump,
        name,
        option: `systemd.services.${name}`,
        span: option.span,
        files: definingFiles(option),
        certain: presenceOf(option),
        service: null,
        user: typeof user === "string" ? user : null,
        units: [name],
        within: jobs.find((job) => job.unit === name) ?? null,
        timer: {
          kind: "start-at",
          option: host.option([...option.path, "startAt"]),
          fallback: null,
          persistent: false,
        },
      }),
    );
  });
  return [...ofUnits, ...jobs.filter((job) => job.mechanism !== "unit").flatMap(jobDumps)];
}

/** What a job dumps before it backs up. */
function jobDumps(job: Job): readonly Dump[] {
  return dumpsIn(job.prepare.text, job.span).map((dump) => ({
    ...dump,
    name: job.name,
    option: job.option,
    span: job.span,
    files: job.files,
    certain: job.certain,
    service: null,
    user: typeof job.user.text === "string" ? job.user.text : null,
    units: [job.unit],
    within: job,
    timer: job.timer,
  }));
}

export function dumpsIn(text: string, span: Span | null): readonly ScriptDump[] {
  return commandLines(text).flatMap((line) => {
    const dumper = dumpers.find(({ call }) => call.test(line));
    if (dumper) return [dumpOf(line, dumper, span)];
    return sqliteBackup.test(line) ? [sqliteDump(line, span)] : [];
  });
}

function dumpOf(line: string, { call, engine, dumpsAll }: Dumper, span: Span | null): ScriptDump {
  const command = line.slice(Math.max(line.search(call), 0)).trim();
  const isWhole = dumpsAll || /--all-databases|(?:^|\s)-A(?:\s|$)/.test(command);
  return {
    engine,
    databases: isWhole ? "all" : databasesOf(command, engine, span),
    location: locationOf(line, span),
  };
}

/** Flags of the dump programs that take a value as the next word. */
const valued = /^-(?:[hpUFfjZEnNtTu]|-(?:host|port|username|user|format|file|jobs|schema|table|dbname))$/;

/** The words that are no options: all of `mysqldump --databases a b`, the last of `pg_dump`. */
function databasesOf(command: string, engine: Engine, span: Span | null): Dump["databases"] {
  const named = /(?:--dbname[= ]|\s-d\s+)["']?([^\s"']+)/.exec(command)?.[1];
  const [head = ""] = command.split(/[|>;]|&&/);
  const words = head
    .trim()
    .split(/\s+/)
    .slice(1)
    .map((word) => word.replace(/^["']|["']$/g, ""));
  const bare = words.filter((word, index) => !word.startsWith("-") && !valued.test(words[index - 1] ?? ""));
  const names =
    named !== undefined ? [named] : engine === "mysql" && !head.includes("--databases") ? bare.slice(0, 1) : bare;
  const isKnown = names.length > 0 && names.every((name) => /^[\w.-]+$/.test(name));
  if (!isKnown)
    return {
      ...noTexts,
      rest: new Unknown("unsupported", "which databases are dumped is only known when it runs", span),
    };
  return { ...noTexts, items: names.map((text) => ({ text, span })) };
}

/** `> FILE`, `--file=FILE`, `| zstd -o FILE`, `| tee FILE`; null when it goes straight into a backup. */
function locationOf(line: string, span: Span | null): Located | null {
  if (/\|.*\b(?:restic|borg|kopia|rclone)\b/.test(line)) return null;
  const match =
    /(?:>>?\s*|--file[= ]|\s-f\s*|\s-D\s*|--out[= ]|\|\s*(?:sudo\s+)?tee\s+|\s-o\s+)["']?(\/[^\s"'|;&]*)/.exec(line);
  return fixedPart(match?.[1], span);
}

/** The directories of a path before its first variable or hole. */
function fixedPart(path: string | undefined, span: Span | null): Located {
  if (path === undefined) return unknownLocation(span);
  const variable = path.search(/[$`{]/);
  const fixed = variable < 0 ? path : path.slice(0, path.lastIndexOf("/", variable));
  return fixed === "" ? unknownLocation(span) : { text: normalisePath(fixed), span };
}

function sqliteDump(line: string, span: Span | null): ScriptDump {
  const paths = [...line.matchAll(/(\/[\w./@+-]+)/g)]
    .map(([, path = ""]) => path)
    .filter((path) => !/\/bin\//.test(path));
  const [source, ...targets] = paths;
  const databases = source === undefined ? noTexts.items : [{ text: normalisePath(source), span }];
  const reason = new Unknown("unsupported", "which database is copied is only known when it runs", span);
  const location = targets.at(-1);
  return {
    engine: "sqlite",
    databases: { ...noTexts, items: databases, rest: source === undefined ? reason : null },
    location: location === undefined ? unknownLocation(span) : { text: normalisePath(location), span },
  };
}
