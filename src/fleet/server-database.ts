// Services that keep everything in one database: in a file of their own by default, on a server when their settings say
// so. Then the file is not what has to be saved.

import { force } from "../eval/thunk.ts";
import { Attrs, PartialString, type Value } from "../eval/value.ts";
import { derivationTag } from "../nixpkgs/derivation.ts";
import type { Host } from "../nixpkgs/host.ts";
import { showText, toText } from "./known.ts";

export interface ServerDatabase {
  readonly engine: "postgresql" | "mysql";
  /** Null when the settings do not say it. */
  readonly name: string | null;
  /** The server runs on the service's own host. */
  readonly isLocal: boolean;
}

/** Settings are not deeper. */
const deepest = 5;

/** The database on a server that the options of a service name; null when they name none. */
export function serverDatabase(host: Host, option: string): ServerDatabase | null {
  return findIn(host.option(option.split(".")).value, deepest);
}

function findIn(value: Value, depth: number): ServerDatabase | null {
  if (typeof value === "string") return ofUrl(value);
  if (!(value instanceof Attrs) || derivationTag(value) || depth === 0) return null;
  const own = ofSettings(textsOf(value));
  if (own) return own;
  for (const [name, attr] of value.entries) {
    const inner = attr.maybe ?? force(attr.value);
    const engine = engineNamed(name);
    if (engine && inner instanceof Attrs && inner.entries.size > 0) return fromFields(engine, textsOf(inner));
    const found = findIn(inner, depth - 1);
    if (found) return found;
  }
  return null;
}

function textsOf(set: Attrs): ReadonlyMap<string, string> {
  const texts = [...set.entries].flatMap(([name, attr]): [string, string][] => {
    const value = attr.maybe ?? force(attr.value);
    return typeof value === "string" || value instanceof PartialString ? [[name, showText(toText(value))]] : [];
  });
  return new Map(texts);
}

/** `postgresql://lldap@localhost/lldap?host=/run/postgresql` */
function ofUrl(text: string): ServerDatabase | null {
  const match = /^(postgres(?:ql)?|mysql|mariadb)(?:\+\w+)?:\/\/(?:[^@/]*@)?([^:/?]*)(?::\d+)?(?:\/([\w-]*))?/.exec(
    text,
  );
  const engine = engineNamed(match?.[1] ?? "");
  if (!match || !engine) return null;
  return { engine, name: match[3] || null, isLocal: isLocal(match[2] ?? "") || /[?&]host=(?:%2F|\/)/i.test(text) };
}

/** `{ type = "postgres"; host = …; name = …; }`, and the same as an environment: `SONARR__POSTGRES__HOST`. */
function ofSettings(texts: ReadonlyMap<string, string>): ServerDatabase | null {
  for (const [name, text] of texts) {
    const isKind = /^(?:(?:\w+_)?(?:type|(?:db)?engine|dialect|driver|client|dbtype))$/i.test(name);
    const engine = isKind ? engineNamed(text) : engineOfHost(name, texts);
    if (engine) return fromFields(engine, texts);
  }
  return null;
}

/** `SONARR__POSTGRES__HOST`; `PAPERLESS_DBHOST` stands for PostgreSQL where no engine is named. */
function engineOfHost(name: string, texts: ReadonlyMap<string, string>): ServerDatabase["engine"] | null {
  if (!/HOST$/.test(name)) return null;
  const named = engineNamed(/POSTGRES|MYSQL/.exec(name)?.[0]);
  const isTold = [...texts.keys()].some((other) => /_DBENGINE$/.test(other));
  return named ?? (/_DBHOST$/.test(name) && !isTold ? "postgresql" : null);
}

function fromFields(engine: ServerDatabase["engine"], texts: ReadonlyMap<string, string>): ServerDatabase {
  const field = (pattern: RegExp) => [...texts].find(([name]) => pattern.test(name))?.[1];
  const host = field(/(?:^|_)(?:(?:db)?host|hostname|address|server|path)$/i) ?? "";
  return {
    engine,
    name: field(/(?:^|_)(?:name|database|dbname|db|db_name|maindb)$/i) ?? null,
    isLocal: isLocal(host),
  };
}

function engineNamed(text = ""): ServerDatabase["engine"] | null {
  if (/^(?:postgres|postgresql|pgsql|pg|pgx)$/i.test(text)) return "postgresql";
  return /^(?:mysql|mariadb)$/i.test(text) ? "mysql" : null;
}

/** Nothing, a socket, the loopback: anything else is another machine or a container. */
function isLocal(address: string): boolean {
  return /^(?:$|unix:|\/|(?:tcp:\/\/)?(?:localhost\b|127\.|\[?::1))/.test(address);
}
