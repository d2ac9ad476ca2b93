// Which units of the fleet are compared with each other: each pair once, whichever host it is asked of. Units of two
// hosts meet in a repository or on a machine only, so that not all are compared with all.

import { type Clash, clashKind, clashOf, machinesOf, type ScheduledUnit } from "./clashes.ts";
import type { Fleet } from "./fleet.ts";
import type { FleetHost } from "./fleet-host.ts";

/** The clashes of this host's units with any unit of the fleet; a role is only compared with itself. */
export function clashPairsOf(fleet: Fleet, self: FleetHost): readonly Clash[] {
  return self.scheduled.flatMap((one) =>
    othersOf(fleet, self, one).flatMap(({ unit: other, host }) => {
      const kind = isFirstOfPair(one, other, self === host) ? clashKind(one, other) : undefined;
      return kind === undefined ? [] : [clashOf(kind, one, other, fleet.settings.gap)];
    }),
  );
}

/** A unit with its place in the fleet. */
interface Placed {
  readonly unit: ScheduledUnit;
  readonly host: FleetHost;
  readonly order: number;
}

/** All units of its own host, and those of others that it may meet, in the order of the fleet. */
function othersOf(fleet: Fleet, self: FleetHost, one: ScheduledUnit): readonly Placed[] {
  if (self.kind === "role") return self.scheduled.map((unit, order) => ({ unit, host: self, order }));
  const { byHost, byPlace } = meetingPlaces(fleet);
  const met = new Set(byHost.get(self));
  for (const place of lookedForBy(one)) for (const placed of byPlace.get(place) ?? []) met.add(placed);
  return [...met].sort((a, b) => a.order - b.order);
}

interface MeetingPlaces {
  readonly byHost: ReadonlyMap<FleetHost, readonly Placed[]>;
  readonly byPlace: ReadonlyMap<string, readonly Placed[]>;
}

const known = new WeakMap<Fleet, MeetingPlaces>();

function meetingPlaces(fleet: Fleet): MeetingPlaces {
  const places = known.get(fleet) ?? findMeetingPlaces(fleet);
  known.set(fleet, places);
  return places;
}

function findMeetingPlaces({ hosts }: Fleet): MeetingPlaces {
  const all = hosts.flatMap((host) => host.scheduled.map((unit) => ({ unit, host })));
  const byHost = new Map<FleetHost, Placed[]>();
  const byPlace = new Map<string, Placed[]>();
  for (const [order, { unit, host }] of all.entries()) {
    const placed = { unit, host, order };
    addTo(byHost, host, placed);
    for (const place of placesOf(unit)) addTo(byPlace, place, placed);
  }
  return { byHost, byPlace };
}

function addTo<Key>(map: Map<Key, Placed[]>, key: Key, placed: Placed): void {
  const before = map.get(key);
  if (before) before.push(placed);
  else map.set(key, [placed]);
}

/** What others find a unit by: backups by their repository, dumps by the machines they have to do with. */
function placesOf(unit: ScheduledUnit): readonly string[] {
  return unit.kind === "dump" ? machinePlaces(unit) : repositoryPlaces(unit);
}

/** Where a unit may meet others: backups each other and dumps, dumps nobody that does not look for them. */
function lookedForBy(unit: ScheduledUnit): readonly string[] {
  return unit.kind === "backup" ? [...repositoryPlaces(unit), ...machinePlaces(unit)] : [];
}

function repositoryPlaces({ kind, repository }: ScheduledUnit): readonly string[] {
  return kind === "backup" && repository ? [`repository ${repository.identity}`] : [];
}

/** By the first part of their names, which is all that some are called by. */
function machinePlaces(unit: ScheduledUnit): readonly string[] {
  return [...new Set(machinesOf(unit).map((name) => `machine ${name.split(".")[0]}`))];
}

/** Two backups are compared once: by the host's name, then by the option. */
function isFirstOfPair(one: ScheduledUnit, other: ScheduledUnit, sameHost: boolean): boolean {
  if (one === other) return false;
  if (one.kind !== other.kind) return true;
  return sameHost ? one.option < other.option : one.host.name < other.host.name;
}
