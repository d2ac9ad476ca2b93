// The fleet as rules ask about it. Each noun is computed when it is first asked for, once per host.

import type { Flake } from "../flake/flake.ts";
import { type AlertTexts, readAlerts } from "./alerts.ts";
import { buildHost, type FleetHost } from "./fleet-host.ts";
import { once } from "./once.ts";
import type { FleetSettings } from "./settings.ts";

export type { FleetHost } from "./fleet-host.ts";

export interface Fleet {
  readonly root: string;
  readonly settings: FleetSettings;
  readonly hosts: readonly FleetHost[];
  /** Roles that no host imports. */
  readonly roles: readonly FleetHost[];
  /** Alert rules of all hosts. */
  readonly alerts: AlertTexts;
}

export function buildFleet(flake: Flake, settings: FleetSettings): Fleet {
  const alerts = once(() => readAlerts(flake.hosts, flake.session.fs));
  const fleet: Fleet = {
    root: flake.root,
    settings,
    get hosts() {
      return hosts;
    },
    get roles() {
      return roles;
    },
    get alerts() {
      return alerts();
    },
  };
  const context = { fleet, fs: flake.session.fs };
  const hosts = flake.hosts.map((host) => buildHost(host, context));
  const roles = flake.roles.map((host) => buildHost(host, context));
  return fleet;
}
