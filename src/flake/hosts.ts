// The hosts of a flake: what its outputs hold as NixOS systems, and what should be one and is not.

import { startBudget } from "../eval/budget.ts";
import { force } from "../eval/thunk.ts";
import { evalError, Unknown } from "../eval/unknown.ts";
import { type Attr, Attrs, typeName, type Value } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import { hostOf, systemTagOf } from "../nixpkgs/system.ts";
import { hostOutputs } from "./adapters/index.ts";
import type { FlakeContext } from "./context.ts";
import type { UnresolvedHost } from "./flake.ts";

export interface FoundHosts {
  /** Sorted by name. */
  readonly hosts: readonly Host[];
  readonly unresolved: readonly UnresolvedHost[];
}

export function findHosts(context: FlakeContext, outputs: Attrs): FoundHosts {
  const hosts = new Map<string, Host>();
  const unresolved: UnresolvedHost[] = [];
  const configurations = outputs.lookup("nixosConfigurations") ?? configurationsOfSystem(outputs);
  if (configurations !== undefined) collect("nixosConfigurations", force(configurations.value), hosts, unresolved);
  for (const [name, hostsIn] of hostOutputs) {
    const output = outputs.entries.get(name);
    if (output !== undefined) collect(name, hostsIn(context, output.value), hosts, unresolved);
  }
  // What is not on disk may define hosts; where others are found, that is an assumption, not a failure.
  if (outputs.rest !== null && hosts.size === 0) unresolved.push({ name: "outputs", why: outputs.rest });
  const sorted = [...hosts.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { hosts: sorted, unresolved: unresolved.filter(({ name }) => !hosts.has(name)) };
}

/** `nix build .#nixosConfigurations.x` looks among the packages of the system first, and some flakes have hosts there. */
function configurationsOfSystem(outputs: Attrs): Attr | undefined {
  for (const output of ["packages", "legacyPackages"]) {
    const packages = outputs.entries.get(output);
    const bySystem = packages === undefined ? null : force(packages.value);
    for (const system of ["x86_64-linux", "aarch64-linux"]) {
      const attr = bySystem instanceof Attrs ? bySystem.entries.get(system) : undefined;
      const set = attr === undefined ? null : force(attr.value);
      const found = set instanceof Attrs ? set.entries.get("nixosConfigurations") : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function collect(output: string, systems: Value, hosts: Map<string, Host>, unresolved: UnresolvedHost[]): void {
  if (!(systems instanceof Attrs)) {
    const why = systems instanceof Unknown ? systems : evalError(`\`${output}\` is not a set but ${typeName(systems)}`);
    unresolved.push({ name: output, why });
    return;
  }
  if (systems.rest !== null) unresolved.push({ name: output, why: systems.rest });
  for (const [name, attr] of systems.entries) {
    if (hosts.has(name)) continue;
    const host = hostFrom(name, attr);
    if (host instanceof Unknown) unresolved.push({ name, why: host });
    else hosts.set(name, host);
  }
}

/** Each host has a budget of its own: one that never ends costs itself, not the run. */
function hostFrom(name: string, attr: Attr): Host | Unknown {
  startBudget();
  const value = force(attr.value);
  const tag = systemTagOf(value);
  if (tag !== undefined) return hostOf(tag, name, attr.span);
  return value instanceof Unknown
    ? value
    : evalError(`\`${name}\` is no NixOS system but ${typeName(value)}`, attr.span);
}
