// What the job of a service without a backup has to do: what to save, as whom, under which name, and at what time.

import type { ScheduledUnit } from "../../fleet/clashes.ts";
import type { FleetHost } from "../../fleet/fleet.ts";
import { freeTime } from "../../fleet/free-time.ts";
import { knownText } from "../../fleet/known.ts";
import { unsafeEngine } from "../../fleet/live-copies.ts";
import type { State } from "../../fleet/service-state.ts";
import type { Service } from "../../fleet/services.ts";
import type { Setting } from "../options.ts";
import { copySqlite, dumpOf } from "./whole-copies.ts";

export interface Plan {
  readonly service: Service;
  readonly host: FleetHost;
  readonly paths: readonly string[];
  readonly user: string | null;
  readonly group: string | null;
  /** Options that make the dump which is saved instead of the live files; none: it is there, or none is needed. */
  readonly dump: readonly Setting[];
  /** What runs before the backup, so that what is saved is whole; null: it is. */
  readonly prepare: Prepare | null;
}

export interface Prepare {
  /** A string of shell. */
  readonly nix: string;
  /** Whether without it nothing would be saved. Files that are copied while they are written are better than none. */
  readonly isVital: boolean;
}

/** Null when it is not known what to save. */
export function planFor(host: FleetHost, service: Service, states: readonly State[]): Plan | null {
  const user = knownText(service.user ?? undefined) ?? null;
  const group = knownText(service.group ?? undefined) ?? user;
  const base = { service, host, user, group };
  const engines = new Set(states.flatMap(({ database }) => database?.engine ?? []));
  if (engines.size === 0) return planForFiles(base, states);
  // A copy of a running server's files does not start: its dump is what is saved.
  const [engine] = engines;
  if (engines.size > 1 || engine === undefined || states.some(({ database }) => database === null)) return null;
  const saved = dumpOf(host, engine, states);
  return saved && { ...base, ...saved };
}

function planForFiles(base: Pick<Plan, "service" | "host" | "user" | "group">, states: readonly State[]): Plan | null {
  const paths = states.flatMap((state) => realPath(state) ?? []);
  if (paths.length < states.length || paths.length === 0) return null;
  const live = states.filter((state) => unsafeEngine(base.host, base.service, state) === "sqlite");
  const prepare = live.length === 0 ? null : copySqlite(live.flatMap((state) => realPath(state) ?? []));
  return { ...base, paths, dump: [], prepare };
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

const slots = new WeakMap<FleetHost, Map<ScheduledUnit, Map<string, string | null>>>();

/** The free time nearest to the one at which a unit like `model` runs; null when that one is free, or not known. */
export function slotBeside(model: ScheduledUnit, { host }: Plan, request: SlotRequest): string | null {
  const ofHost = slots.get(host) ?? new Map<ScheduledUnit, Map<string, string | null>>();
  slots.set(host, ofHost);
  const known = ofHost.get(model) ?? new Map<string, string | null>();
  ofHost.set(model, known);
  const key = `${request.gap} ${request.sharesRepository}`;
  const slot = known.has(key) ? (known.get(key) ?? null) : findSlot(model, host, request);
  known.set(key, slot);
  return slot;
}

function findSlot(model: ScheduledUnit, host: FleetHost, { gap, sharesRepository }: SlotRequest): string | null {
  const moved = { ...model, host: host.host, repository: sharesRepository ? model.repository : null };
  const free = freeTime(moved, { others: host.scheduled, gap });
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
  ({ service }) => service && shortName(service),
  ({ service }) => service?.units[0] ?? null,
];

/** `queue` of `redis.servers.queue`; a container may be called `example.org`. */
export function shortName({ name, kind }: Service): string {
  return kind === "catalogue" ? (name.split(".").at(-1) ?? name) : name;
}

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
  const isCalledSo = [shortName(service), ...service.units, knownText(service.user ?? undefined)];
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
  return [...new Set([...followed.flatMap(({ name }) => name ?? []), shortName(plan.service)])];
}
