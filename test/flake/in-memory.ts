// Flakes in memory for the tests of this folder.

import { showStrict, showUnknown } from "../../src/eval/show.ts";
import type { Flake } from "../../src/flake/flake.ts";
import { type LoadOptions, loadFlake } from "../../src/flake/load.ts";
import type { Host } from "../../src/nixpkgs/host.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";

/** A flake at `/flake`; paths are relative to it unless they are absolute. */
export function flakeOf(files: Readonly<Record<string, string>>, options: LoadOptions = {}): Flake {
  const absolute = Object.entries(files).map(([path, text]) => [path.startsWith("/") ? path : `/flake/${path}`, text]);
  return loadFlake("/flake", new MemoryFileSystem(new Map(absolute as [string, string][])), options);
}

export function hostNames(flake: Flake): readonly string[] {
  return flake.hosts.map((host) => host.name);
}

export function hostNamed(flake: Flake, name: string): Host {
  const host = [...flake.hosts, ...flake.roles].find((candidate) => candidate.name === name);
  if (host === undefined) {
    const why = flake.unresolved.map((entry) => `${entry.name}: ${entry.why.message}`).join("; ");
    throw new Error(`no host ${name} among ${hostNames(flake).join(", ") || "none"} (${why})`);
  }
  return host;
}

/** What a host's option is, as Nix prints it. */
export function shown(flake: Flake, host: string, path: string): string {
  const text = showStrict(hostNamed(flake, host).option(path.split(".")).value);
  return typeof text === "string" ? text : showUnknown(text);
}

export function unreadInputs(host: Host): readonly string[] {
  return [...new Set(host.unread.map(({ input }) => input))].sort();
}
