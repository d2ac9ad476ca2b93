// What services keep: paths that follow the options which move them, and databases of a server on the same host.

import { Unknown } from "../eval/unknown.ts";
import { joinText, type Value } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import {
  type CatalogueService,
  type CatalogueState,
  declaringOption,
  keepsOnlyDatabase,
  type StateClass,
  stateClass,
} from "./catalogue.ts";
import { isUnset, type Located, readDefined, readFlag, readText, showText } from "./known.ts";
import { type ServerDatabase, serverDatabase } from "./server-database.ts";
import { normalisePath } from "./state-paths.ts";

export type Engine = "postgresql" | "mysql" | "mongodb" | "sqlite" | "other";

export interface State {
  /** Null for a database of which only the server knows the files. */
  readonly path: Located | null;
  /** A dump of it is as good as its files. `name` is null for a whole server. */
  readonly database: { readonly engine: Engine; readonly name: string | null } | null;
  readonly class: StateClass;
  /** The option that moves it, in the catalogue; null when none does. */
  readonly movedBy: string | null;
  /** The files are below /var/lib/private. */
  readonly isPrivate: boolean;
}

/** Servers whose dump stands for their files. */
const servers: ReadonlySet<string> = new Set(["postgresql", "mysql", "mongodb"]);

export function catalogueState(
  host: Host,
  service: CatalogueService,
  substitute: (text: string) => string,
): readonly State[] {
  const server = keepsOnlyDatabase(service) ? serverDatabase(host, substitute(service.option)) : null;
  if (server) return onServer(server, service);
  const states = service.state.map((state) => ({ ...state, option: state.option && substitute(state.option) }));
  const unit = substitute(service.units[0] ?? "");
  const isDeclared = declaresState(host, service);
  const paths = states.flatMap((state, index) => {
    const path =
      movedPath(host, state) ?? movedWith(host, state, states) ?? defaultPath(host, service, { state, index });
    if (path === null) return [];
    const text =
      typeof path.text === "string" ? normalisePath(withoutSpecifiers(substitute(path.text), unit)) : path.text;
    const kind = isDeclared ? "regenerable" : stateClass(service, service.state[index] ?? state);
    const { option: movedBy } = state;
    const database = serverOf(service);
    return [{ path: { ...path, text }, database, class: kind, movedBy, isPrivate: service.dynamicUser }];
  });
  return service.state.length === 0 ? databaseState(host, service) : paths;
}

/** Dashboards from files, filters from options: what the service keeps besides is its history. */
function declaresState(host: Host, service: CatalogueService): boolean {
  const declaring = declaringOption(service);
  if (!declaring) return false;
  const option = host.option(declaring.option.split("."));
  return option.isDefined && (declaring.value === null || option.value === declaring.value);
}

/** A database of this host's own server; one elsewhere is that machine's to save. */
function onServer({ engine, name, isLocal }: ServerDatabase, service: CatalogueService): readonly State[] {
  return isLocal
    ? [{ path: null, database: { engine, name }, class: service.class, movedBy: null, isPrivate: false }]
    : [];
}

/** `%S/%N`, which systemd fills in: /var/lib and the unit's name. */
function withoutSpecifiers(path: string, unit: string): string {
  return path
    .replaceAll("%S", "/var/lib")
    .replaceAll("%C", "/var/cache")
    .replace(/%[Nnp]/g, unit);
}

function serverOf(service: CatalogueService): State["database"] {
  const [, name = ""] = service.option.split(".");
  return servers.has(name) ? { engine: engineOf(name), name: null } : null;
}

function engineOf(name: string | null): Engine {
  if (name === "postgresql" || name === "mysql" || name === "mongodb" || name === "sqlite") return name;
  return "other";
}

/** Below another directory of the service by default, and that one was moved: it moves along. */
function movedWith(host: Host, { path }: CatalogueState, states: readonly CatalogueState[]): Located | undefined {
  for (const outer of states) {
    if (path === null || outer.path === null || !path.startsWith(`${normalisePath(outer.path)}/`)) continue;
    const moved = movedPath(host, outer);
    const below = path.slice(normalisePath(outer.path).length);
    if (moved && !(moved.text instanceof Unknown)) return { ...moved, text: joinText([moved.text, below]) };
    if (moved) return moved;
  }
  return undefined;
}

interface Indexed {
  readonly state: CatalogueState;
  readonly index: number;
}

function defaultPath(host: Host, service: CatalogueService, { state, index }: Indexed): Located | null {
  const ofService = index === 0 && state.option === null ? service.dirByStateVersion : undefined;
  const versions = state.dirByStateVersion ?? ofService;
  if (versions !== undefined) return pathByVersion(host, { ...state, dirByStateVersion: versions });
  // PostgreSQL keeps one directory per major version; the one above all of them is what counts.
  return state.path === null ? null : { text: state.path.replace("/<psqlSchema>", ""), span: null };
}

/** The path by the option that moves it; undefined when nothing in sight does. */
function movedPath(host: Host, state: CatalogueState): Located | undefined {
  if (state.option === null || state.option === "services.openssh.hostKeys") return undefined;
  const set = readDefined(host.option(state.option.split(".")));
  if (set === undefined || state.relativeTo === undefined) return set;
  if (typeof set.text === "string")
    return set.text.startsWith("/") ? set : { ...set, text: `${state.relativeTo}/${set.text}` };
  return { ...set, text: joinText([`${state.relativeTo}/`, set.text]) };
}

/** `{ "24.11": a, "<24.11": b }`, where the first may be missing: then it is the path itself. */
function pathByVersion(host: Host, state: CatalogueState): Located | null {
  const { path, dirByStateVersion: versions = {}, stateVersionOption = "system.stateVersion" } = state;
  const set = host.option(stateVersionOption.split("."));
  const [[limit, older] = ["", ""]] = Object.entries(versions).filter(([version]) => version.startsWith("<"));
  const newer = Object.entries(versions).find(([version]) => !version.startsWith("<"))?.[1] ?? path ?? "";
  if (typeof set.value === "string") return { text: isOlder(set.value, limit.slice(1)) ? older : newer, span: null };
  return { text: whyUnknown(set.value, stateVersionOption), span: null };
}

function whyUnknown(value: Value, option: string): Unknown {
  const isReason = value instanceof Unknown && !isUnset(value);
  return isReason ? value : new Unknown("nixpkgs-default", `the directory depends on \`${option}\``);
}

function isOlder(version: string, limit: string): boolean {
  const [year = 0, month = 0] = version.split(".").map(Number);
  const [limitYear = 0, limitMonth = 0] = limit.split(".").map(Number);
  return year < limitYear || (year === limitYear && month < limitMonth);
}

/** Services that keep everything in a database of this host. */
function databaseState(host: Host, service: CatalogueService): readonly State[] {
  const engine = engineOf(service.database);
  if (engine === "other" || engine === "sqlite") return [];
  const names = Object.keys(service.defaults);
  const local = names.find((name) => /create\w*(Locally|Database)$/.test(name));
  if (local !== undefined && readFlag(host, local.split(".")) === false) return [];
  const elsewhere = names.filter((name) => /DATABASE_URL$|database\.(host|uri)$/.test(name));
  if (elsewhere.some((name) => isRemote(readText(host.option(name.split(".")))))) return [];
  const named = names.find((name) => /database\.name$/.test(name));
  const database = named === undefined ? undefined : readText(host.option(named.split(".")));
  const name = database ? showText(database.text) : (service.option.split(".").at(-1) ?? "");
  return [{ path: null, database: { engine, name }, class: service.class, movedBy: null, isPrivate: false }];
}

function isRemote(address: Located | undefined): boolean {
  return address !== undefined && !/\/run\/|localhost|127\.0\.0\.1|\[::1\]/.test(showText(address.text));
}

export function configuredState(paths: readonly string[]): readonly State[] {
  return paths.map((path) => essentialPath({ text: normalisePath(path), span: null }));
}

export function essentialPath(path: Located, isPrivate = false): State {
  return { path, database: null, class: "essential", movedBy: null, isPrivate };
}

/** How messages name it: the path or the database, in backticks. */
export function showState({ path, database }: State): string {
  if (path?.text instanceof Unknown) return "its state";
  if (path) return `\`${showText(path.text)}\``;
  return `the database \`${database?.name ?? ""}\``;
}
