// Roles that no host imports, each evaluated alone: what a host would pass to them is unknown.

import { posix } from "node:path";
import { startBudget } from "../eval/budget.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attr, Attrs, attrsOf, List, NixPath } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import { hostOf, systemTagOf } from "../nixpkgs/system.ts";
import type { CalledFlake } from "./call-flake.ts";
import type { FlakeContext } from "./context.ts";
import { nixFiles } from "./flake-files.ts";
import { matchesGlob } from "./glob.ts";

/** Where roles are when the configuration does not say. */
export const defaultRoles: readonly string[] = ["roles/*.nix", "roles/*/default.nix"];

export function findRoles(
  context: FlakeContext,
  flake: CalledFlake,
  hosts: readonly Host[],
  globs: readonly string[],
): readonly Host[] {
  const imported = new Set(hosts.flatMap((host) => host.modules.map((module) => fileOf(context, module.file))));
  const roles: Host[] = [];
  for (const path of nixFiles(context.session.fs, context.root)) {
    const relative = posix.relative(context.root, path);
    if (imported.has(path) || isIndex(relative) || !globs.some((glob) => matchesGlob(glob, relative))) continue;
    const role = evaluateRole(context, flake, path);
    if (role !== undefined) roles.push(role);
  }
  return roles.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `roles/default.nix` lists the roles; it is none. */
function isIndex(path: string): boolean {
  return posix.basename(path) === "default.nix" && posix.dirname(posix.dirname(path)) === ".";
}

/** A module imported as a directory is its default.nix. */
function fileOf(context: FlakeContext, path: string): string {
  return context.session.fs.kindOf(path) === "directory" ? `${path}/default.nix` : path;
}

function evaluateRole(context: FlakeContext, flake: CalledFlake, path: string): Host | undefined {
  startBudget();
  const name = roleName(path);
  const given = new Unknown("input", `an argument that a host gives to the role \`${name}\``);
  const known = new Map([
    ["inputs", new Attr(new Attrs(new Map([...flake.inputs.entries, ["self", new Attr(flake.self)]])))],
    ["self", new Attr(flake.self)],
  ]);
  const args = attrsOf({ modules: new List([new NixPath(path)]), specialArgs: new Attrs(known, given) });
  const tag = systemTagOf(context.evaluateSystem(args));
  return tag && hostOf(tag, name, { file: path, start: 0, end: 1 }, "role");
}

/** \`roles/hass.nix\` and \`roles/hass/default.nix\` are the role \`hass\`. */
function roleName(path: string): string {
  const base = posix.basename(path, ".nix");
  return base === "default" ? posix.basename(posix.dirname(path)) : base;
}
