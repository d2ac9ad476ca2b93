// The frameworks that nixlint stands in for.

import type { Adapter } from "./adapter.ts";
import { adiosFlake } from "./adios-flake.ts";
import { blueprint } from "./blueprint.ts";
import { clan } from "./clan.ts";
import { colmena } from "./colmena.ts";
import { den } from "./den.ts";
import { flakeParts } from "./flake-parts.ts";
import { flakeUtils } from "./flake-utils.ts";
import { flakeUtilsPlus } from "./flake-utils-plus.ts";
import { haumea } from "./haumea.ts";
import { importTree } from "./import-tree.ts";
import { liteConfig } from "./lite-config.ts";
import { nixDarwin } from "./nix-darwin.ts";
import { nixosUnified } from "./nixos-unified.ts";
import { redTape } from "./red-tape.ts";
import { snowfall } from "./snowfall.ts";
import { soxin } from "./soxin.ts";
import { srvos } from "./srvos.ts";
import { systems } from "./systems.ts";
import { withInputs } from "./with-inputs.ts";

const adapters: readonly Adapter[] = [
  adiosFlake,
  blueprint,
  clan,
  colmena,
  den,
  flakeParts,
  flakeUtils,
  flakeUtilsPlus,
  haumea,
  importTree,
  liteConfig,
  nixDarwin,
  nixosUnified,
  redTape,
  snowfall,
  soxin,
  srvos,
  systems,
  withInputs,
];

/** Outputs that hold hosts besides `nixosConfigurations`, whichever inputs the flake has. */
export const hostOutputs = new Map(adapters.flatMap((adapter) => Object.entries(adapter.hostOutputs ?? {})));

/** The adapter for `owner/name`, or for a fork of it under another owner. */
export function adapterFor(repository: string): Adapter | undefined {
  const exact = adapters.find((adapter) => adapter.repositories.includes(repository));
  return exact ?? adapters.find((adapter) => adapter.repositories.some((known) => isFork(known, repository)));
}

/** Some names are too common to mean anything elsewhere. */
function isFork(known: string, repository: string): boolean {
  const name = known.split("/")[1] ?? "";
  return name === repository.split("/")[1] && !/^(default.*|lib|den)$/.test(name);
}
