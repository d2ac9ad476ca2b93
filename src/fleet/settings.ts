// What `nixlint.toml` tells the fleet model, with the defaults the design gives.

import type { Span } from "../source/span.ts";

export interface ServiceSettings {
  /** The essential paths of the service, instead of those of the catalogue. */
  readonly state?: readonly string[];
  readonly user?: string;
  readonly group?: string;
  /** What brings it about. */
  readonly option?: string;
  readonly units?: readonly string[];
  /** Its name in the configuration. */
  readonly at?: Span;
}

/** How long units take, in minutes. */
export interface Budgets {
  readonly backup: number;
  readonly dump: number;
  readonly upgrade: number;
  readonly gc: number;
}

export interface FleetSettings {
  readonly profile: "recommended" | "strict";
  /** Globs of role files, relative to the flake's root. */
  readonly roles: readonly string[];
  readonly services: Readonly<Record<string, ServiceSettings>>;
  readonly budgets: Budgets;
  /** Minutes that have to lie between two units besides their budgets. */
  readonly gap: number;
}

export const defaultSettings: FleetSettings = {
  profile: "recommended",
  roles: ["roles/*.nix", "roles/*/default.nix"],
  services: {},
  budgets: { backup: 60, dump: 30, upgrade: 30, gc: 30 },
  gap: 0,
};
