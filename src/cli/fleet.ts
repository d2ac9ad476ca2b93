// `nixlint fleet`: the resolved model, as tables or as JSON.

import { Chalk } from "chalk";
import { fleetToJson } from "../report/fleet-json.ts";
import { fleetTable } from "../report/fleet-table.ts";
import { visibleJson } from "../report/visible.ts";
import { type ColorChoice, usesColor } from "./color.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { type FlakeFlags, openFlake } from "./flake-arguments.ts";
import { findFlakeRoot, resolveExisting } from "./flake-root.ts";
import { currentTime, type Io } from "./io.ts";

export interface FleetFlags extends FlakeFlags {
  readonly format: "table" | "json";
  readonly color: ColorChoice;
}

export function showFleet(path: string | undefined, flags: FleetFlags, io: Io): ExitCode {
  const root = findFlakeRoot(resolveExisting(path ?? ".", io.cwd));
  const { flake, fleet } = openFlake(root, flags, { cwd: io.cwd, version: { kind: "work-tree" } });
  const atlas = { root, sources: { get: (file: string) => flake.session.files.get(file)?.source } };
  const json = fleetToJson({ fleet, atlas, only: flags.host ?? [], now: currentTime(io) });
  if (flags.format === "json") io.stdout(`${visibleJson(json)}\n`);
  else io.stdout(fleetTable([...json.hosts, ...json.roles], new Chalk({ level: usesColor(flags.color, io) ? 1 : 0 })));
  for (const { name, why } of flake.unresolved)
    io.stderr(`nixlint: host \`${name}\` could not be read: ${why.message}\n`);
  return flake.hosts.length === 0 && flake.unresolved.length > 0 ? exitCode.failure : exitCode.ok;
}
