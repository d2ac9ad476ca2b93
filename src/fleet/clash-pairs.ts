// Which units of the fleet are compared with each other: each pair once, whichever host it is asked of.

import { type Clash, clashKind, clashOf, type ScheduledUnit } from "./clashes.ts";
import type { Fleet } from "./fleet.ts";
import type { FleetHost } from "./fleet-host.ts";

/** The clashes of this host's units with any unit of the fleet; a role is only compared with itself. */
export function clashPairsOf(fleet: Fleet, self: FleetHost): readonly Clash[] {
  const others = self.kind === "role" ? [self] : fleet.hosts;
  return self.scheduled.flatMap((one) =>
    others.flatMap((host) =>
      host.scheduled.flatMap((other) => {
        const kind = isFirstOfPair(one, other, self === host) ? clashKind(one, other) : undefined;
        return kind === undefined ? [] : [clashOf(kind, one, other, fleet.settings.gap)];
      }),
    ),
  );
}

/** Two backups are compared once: by the host's name, then by the option. */
function isFirstOfPair(one: ScheduledUnit, other: ScheduledUnit, sameHost: boolean): boolean {
  if (one === other) return false;
  if (one.kind !== other.kind) return true;
  return sameHost ? one.option < other.option : one.host.name < other.host.name;
}
