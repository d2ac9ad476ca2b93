// Fleets of flakes in memory, for tests of the model: real evaluation, nothing faked.

import { loadFlake } from "../../src/flake/load.ts";
import { buildFleet, type Fleet, type FleetHost } from "../../src/fleet/fleet.ts";
import { defaultSettings, type FleetSettings } from "../../src/fleet/settings.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";

export const root = "/flake";

/** Hosts by name, each one module as text; `files` besides. */
export function fleetOf(
  hosts: Readonly<Record<string, string>>,
  { files = {}, settings = {} }: { files?: Readonly<Record<string, string>>; settings?: Partial<FleetSettings> } = {},
): Fleet {
  const texts = new Map([[`${root}/flake.nix`, flakeOf(Object.keys(hosts))]]);
  for (const [name, text] of Object.entries(hosts)) texts.set(`${root}/hosts/${name}.nix`, text);
  for (const [path, text] of Object.entries(files)) texts.set(`${root}/${path}`, text);
  const flake = loadFlake(root, new MemoryFileSystem(texts), { roles: defaultSettings.roles });
  return buildFleet(flake, { ...defaultSettings, ...settings });
}

function flakeOf(names: readonly string[]): string {
  const host = (name: string) => `nixosConfigurations."${name}" = nixpkgs.lib.nixosSystem {
    system = "x86_64-linux"; specialArgs = { inherit inputs; }; modules = [ ./hosts/${name}.nix ];
  };`;
  return `{
    inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    inputs.private.url = "git+ssh://git@example.org/private";
    outputs = { nixpkgs, ... }@inputs: { ${names.map(host).join("\n")} };
  }`;
}

/** One host whose module has these definitions. */
export function hostOf(definitions: string, options: Parameters<typeof fleetOf>[1] = {}): FleetHost {
  const text = `{ config, lib, pkgs, inputs, ... }: {\n${definitions}\n}`;
  return fleetOf({ web: text }, options).hosts[0]!;
}

/** A restic job that needs no more to be said. */
export function restic(name: string, definitions: string): string {
  const password = definitions.includes("passwordFile") ? "" : 'passwordFile = "/etc/restic";';
  return `services.restic.backups."${name}" = { repository = "sftp:nas:${name}"; ${password} ${definitions} };`;
}

/** Whether the service's essential state is uncovered: one answer for each path. */
export function uncovered(host: FleetHost, name: string, mode: "host" | "role" = "host"): string[] {
  const service = host.services.find((candidate) => candidate.name === name);
  if (!service) throw new Error(`no service ${name} among ${host.services.map((other) => other.name).join(", ")}`);
  return service.essentialState.map((state) => host.isUncovered(service, state, mode).kind);
}
