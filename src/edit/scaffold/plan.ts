// What the job of a service without a backup has to do: what to save, as whom, under which name, and at what time.

import type { ScheduledUnit } from "../../fleet/clashes.ts";
import type { Dump } from "../../fleet/dumps.ts";
import type { FleetHost } from "../../fleet/fleet.ts";
import { freeTime } from "../../fleet/free-time.ts";
import { knownText } from "../../fleet/known.ts";
import type { State } from "../../fleet/service-state.ts";
import type { Service } from "../../fleet/services.ts";

export interface Plan {
  readonly service: Service;
  readonly host: FleetHost;
  readonly paths: readonly string[];
  readonly user: string | null;
  readonly group: string | null;
  /** The option that makes the dump which is saved instead of the live files; null: it is there, or none is needed. */
  readonly dump: { readonly option: string; readonly nix: string } | null;
}

const postgresDump = "/var/backup/postgresql";

/** Null when it is not known what to save. */
export function planFor(host: FleetHost, service: Service, states: readonly State[]): Plan | null {
  const user = knownText(service.user ?? undefined) ?? null;
  const group = knownText(service.group ?? undefined) ?? user;
  const base = { service, host, user, group };
  const servers = states.filter(({ database }) => database !== null);
  if (servers.length === 0) {
    const paths = states.flatMap((state) => realPath(state) ?? []);
    return paths.length === states.length && paths.length > 0 ? { ...base, paths, dump: null } : null;
  }
  // A copy of a running server's files does not start: its dump is what is saved.
  const isPostgres = servers.every(({ database }) => database?.engine === "postgresql");
  if (!isPostgres || servers.length < states.length) return null;
  const there = host.dumps.find((dump) => dump.certain.kind === "yes" && servers.every((state) => holds(dump, state)));
  const isOn = host.dumps.some(
    ({ option, certain }) => option === "services.postgresqlBackup" && certain.kind !== "no",
  );
  // A dump of some databases that lacks this one: which others it leaves out on purpose, nobody knows.
  if (there === undefined && isOn) return null;
  const location = there === undefined ? postgresDump : knownText(there.location ?? undefined);
  if (location === undefined) return null;
  const dump = there === undefined ? { option: "services.postgresqlBackup.enable", nix: "true" } : null;
  return { ...base, user: "postgres", group: "postgres", paths: [location], dump };
}

/** Whether a dump that stands for itself has the state in it. */
function holds({ engine, databases, within, service }: Dump, { database }: State): boolean {
  if (engine !== "postgresql" || within !== null || service !== null || database === null) return false;
  if (databases === "all") return true;
  return database.name !== null && databases.items.some(({ text }) => text === database.name);
}

/** A `DynamicUser` keeps its files below `/var/lib/private`; what is beside that is a link. */
function realPath({ path, isPrivate }: State): string | undefined {
  const text = knownText(path ?? undefined);
  return isPrivate ? text?.replace(/^\/var\/lib\/(?!private\/)/, "/var/lib/private/") : text;
}

export interface SlotRequest {
  /** Minutes to leave between units. */
  readonly gap: number;
  /** Whether the new job writes to the repository of the model. */
  readonly sharesRepository: boolean;
}

/** The free time nearest to the one at which a unit like `model` runs; null when that one is free, or not known. */
export function slotBeside(
  model: ScheduledUnit,
  { host }: Plan,
  { gap, sharesRepository }: SlotRequest,
): string | null {
  const moved = { ...model, host: host.host, repository: sharesRepository ? model.repository : null };
  const free = freeTime(moved, host.scheduled, gap);
  return free === null || free.isOwn ? null : free.text;
}

export interface Named {
  readonly name: string;
  readonly service: Service | null;
  /** Of the file that chose the service. */
  readonly file: string | null;
  readonly user: string | null;
  /** The host's name: a file that is called like it is about no service. */
  readonly host: string;
}

/** How the jobs of a flake are called: after the file, the user, the service, or its unit. */
const conventions: readonly ((named: Omit<Named, "name">) => string | null)[] = [
  ({ file, host }) => (file === host || file === host.split(".")[0] ? null : file),
  ({ user }) => user,
  ({ service }) => service?.name.split(".").at(-1) ?? null,
  ({ service }) => service?.units[0] ?? null,
];

export function baseName(path: string): string {
  const name =
    path
      .split("/")
      .at(-1)
      ?.replace(/\.nix$/, "") ?? "";
  return name === "default" ? (path.split("/").at(-2) ?? "") : name;
}

/** A file that chooses several services gives its name to the one that is called like it. */
function fileName({ service, host }: Plan): string | null {
  const { cause } = service;
  if (cause === null) return null;
  const name = baseName(cause.file);
  const isAlone = host.services.every(
    (other) => other === service || other.cause?.file !== cause.file || other.essentialState.length === 0,
  );
  const isCalledSo = [service.name.split(".").at(-1), ...service.units, knownText(service.user ?? undefined)];
  return isAlone || isCalledSo.includes(name) ? name : null;
}

/** Names for the new job, the one that follows the convention most siblings follow first. */
export function namesFor(plan: Plan, siblings: readonly Named[]): readonly string[] {
  const host = plan.host.kind === "host" ? plan.host.name : "";
  const own = { service: plan.service, file: fileName(plan), user: plan.user, host };
  const counted = conventions.map((convention) => ({
    count: siblings.filter((sibling) => convention(sibling) === sibling.name).length,
    name: convention(own),
  }));
  const followed = counted.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  const last = plan.service.name.split(".").at(-1) ?? plan.service.name;
  return [...new Set([...followed.flatMap(({ name }) => name ?? []), last])];
}
