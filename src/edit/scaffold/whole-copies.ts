// How copies become whole where the live files are none: the dump of a server, by the module that makes dumps or by the
// command of the server itself, and a copy of each SQLite file made by SQLite.

import type { Dump } from "../../fleet/dumps.ts";
import type { FleetHost } from "../../fleet/fleet.ts";
import { knownText, readFlag, readTexts } from "../../fleet/known.ts";
import type { Engine, State } from "../../fleet/service-state.ts";
import { showList, showString } from "../nix-text.ts";
import type { Plan, Prepare } from "./plan.ts";

type Saved = Pick<Plan, "paths" | "dump" | "prepare"> & Partial<Pick<Plan, "user" | "group">>;

/** The module of nixpkgs that dumps an engine. */
interface DumpModule {
  readonly option: string;
  readonly location: string;
  readonly user: string;
  readonly group: string;
}

const modules: Partial<Record<Engine, DumpModule>> = {
  postgresql: {
    option: "services.postgresqlBackup",
    location: "/var/backup/postgresql",
    user: "postgres",
    group: "postgres",
  },
  mysql: {
    option: "services.mysqlBackup",
    location: "/var/backup/mysql",
    user: "mysqlbackup",
    group: "nogroup",
  },
};

/** What to save of databases on a server; null when it is not known which, or how. */
export function dumpOf(host: FleetHost, engine: Engine, states: readonly State[]): Saved | null {
  const there = host.dumps.find(
    (dump) => dump.engine === engine && dump.certain.kind === "yes" && states.every((state) => holds(dump, state)),
  );
  const module = modules[engine];
  if (module === undefined) return engine === "mongodb" ? dumpMongo(host) : null;
  const { option, location, user, group } = module;
  if (there !== undefined) {
    const own = knownText(there.location ?? undefined);
    return own === undefined ? null : { paths: [own], user: there.user ?? user, group, dump: [], prepare: null };
  }
  // A dump of some databases that lacks this one: which others it leaves out on purpose, nobody knows.
  if (host.dumps.some((dump) => dump.option === option)) return null;
  const dump = [{ path: [...option.split("."), "enable"], nix: "true" }];
  if (engine === "postgresql") return { paths: [location], user, group, dump, prepare: null };
  const names = databasesOf(host, states);
  if (names === null) return dumpMysql(location);
  const databases = { path: [...option.split("."), "databases"], nix: showList(names.map(showString)) };
  return { paths: [location], user, group, dump: [...dump, databases], prepare: null };
}

/** Whether a dump that stands for itself has the state in it. */
function holds({ databases, within, service }: Dump, { database }: State): boolean {
  if (within !== null || service !== null || database === null) return false;
  if (databases === "all") return true;
  return database.name !== null && databases.items.some(({ text }) => text === database.name);
}

/** Of a whole server: those that the flake creates. Null: others may be there. */
function databasesOf({ host }: FleetHost, states: readonly State[]): readonly string[] | null {
  const named = states.flatMap(({ database }) => database?.name ?? []);
  if (named.length === states.length) return named;
  const created = readTexts(host.option(["services", "mysql", "ensureDatabases"]));
  const names = created.items.flatMap(({ text }) => (typeof text === "string" ? [text] : []));
  return created.rest === null && names.length > 0 && names.length === created.items.length ? names : null;
}

/** Of whatever databases there are, as root, whom the server lets in by its socket. */
function dumpMysql(location: string): Saved {
  const command = `\${config.services.mysql.package}/bin/mysqldump --all-databases --single-transaction > ${location}/all.sql`;
  return { paths: [location], user: null, group: null, dump: [], prepare: vital(location, command) };
}

function dumpMongo({ host }: FleetHost): Saved | null {
  // With accounts, a dump needs one: nobody can tell which.
  if (readFlag(host, ["services", "mongodb", "enableAuth"]) !== false) return null;
  const location = "/var/backup/mongodb";
  const command = `\${pkgs.mongodb-tools}/bin/mongodump --quiet --out=${location}`;
  return { paths: [location], user: null, group: null, dump: [], prepare: vital(location, command) };
}

/** Without it there is nothing to save. */
function vital(location: string, command: string): Prepare {
  return { nix: shell(`install -d -m 0700 ${location}`, command), isVital: true };
}

const sqliteNames = ["*.db", "*.db3", "*.sqlite", "*.sqlite3"];

/** A copy beside each file that is SQLite's by its first bytes. */
export function copySqlite(directories: readonly string[]): Prepare {
  const names = sqliteNames.map((name) => `-name '${name}'`).join(" -o ");
  const nix = shell(
    `find ${directories.join(" ")} -type f \\( ${names} \\) |`,
    "  while IFS= read -r file; do",
    '    if head -c 15 "$file" | grep -q "SQLite format 3"; then',
    `      \${pkgs.sqlite}/bin/sqlite3 "$file" ".backup '$file.backup'"`,
    "    fi",
    "  done",
  );
  return { nix, isVital: false };
}

/** An indented string; the first thing that fails ends it. */
function shell(...lines: readonly string[]): string {
  return ["''", "  set -euo pipefail", ...lines.map((line) => `  ${line}`), "''"].join("\n");
}
