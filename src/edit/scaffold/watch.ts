// Has a job watched as others of the flake are: the host imports the module that watches, or the unit tells the same one.

import type { FleetHost } from "../../fleet/fleet.ts";
import type { Job } from "../../fleet/jobs.ts";
import { boundExpr } from "../bindings.ts";
import { cloneText, variablesOf } from "./cloning.ts";
import { hostFile } from "./host-file.ts";
import { hasOneRepository, scaffoldRole, type Unwatched } from "./monitor.ts";
import type { ScaffoldContext, Scaffolded } from "./scaffold.ts";
import type { WrittenBinding } from "./written-index.ts";

export function scaffoldWatch(context: ScaffoldContext, host: FleetHost, unwatched: Unwatched): Scaffolded | null {
  const { job, accept } = unwatched;
  const imported = accept.includes("exporter") ? importWatcher(context, host, job) : null;
  const told = imported ?? (accept.includes("on-failure") ? tellTheSame(context, host, job) : null);
  return told ?? scaffoldRole(context, host, unwatched);
}

/** A file that sets up the exporter for whatever job a host has: it names no repository. */
function importWatcher(context: ScaffoldContext, host: FleetHost, job: Job): Scaffolded | null {
  const { index, writing, files } = context;
  const own = hostFile(context, host);
  if (own === null || job.mechanism !== "restic" || !hasOneRepository(host)) return null;
  for (const { tree, node, path } of index.named("exporters")) {
    const file = tree.source.path;
    const isExporter = path.slice(0, 4).join(".") === "services.prometheus.exporters.restic";
    const names = tree.source.text.slice(node.start, node.end);
    if (!isExporter || isImported(host, file) || !/\bconfig\b|\bjob\b/.test(names) || isOfOneHost(file)) continue;
    const change = writing.addImport(own, file);
    if (change !== null && change.edits.length > 0) {
      const name = file.slice(files.root.length + 1);
      return { title: `import \`${name}\`, which watches it`, change, commands: [] };
    }
  }
  return null;
}

function isImported(host: FleetHost, file: string): boolean {
  return host.host.modules.some((module) => module.file === file || `${module.file}/default.nix` === file);
}

function isOfOneHost(file: string): boolean {
  return /\/(hosts|machines|nodes|systems)\//.test(file);
}

/** `systemd.services.<unit>.onFailure` of a sibling, said of this unit too. */
function tellTheSame({ index, writing, fleet }: ScaffoldContext, host: FleetHost, job: Job): Scaffolded | null {
  if (job.span === null) return null;
  for (const other of [host, ...fleet.hosts].flatMap(({ jobs }) => jobs)) {
    if (other.unit === job.unit) continue;
    const told = index.named(other.unit).find(isOnFailure);
    const value = told && boundExpr(told.node);
    if (!told || !value) continue;
    const nix = cloneText(told.tree, value, {
      words: [other.unit],
      name: job.unit,
      secrets: new Map(),
      strings: new Map(),
      owner: null,
      group: null,
      paths: [[], []],
      path: null,
    });
    if (variablesOf(nix).size > 0 || !knowsUnits(host, nix)) continue;
    const path = told.path.map((name) => (name === other.unit ? job.unit : name));
    const change = writing.define(job.span, path, nix);
    if (change !== null) return { title: "tell whom its siblings tell when it fails", change, commands: [] };
  }
  return null;
}

function isOnFailure({ path }: WrittenBinding): boolean {
  return path[0] === "systemd" && path[1] === "services" && /^onFailure$/i.test(path.at(-1) ?? "");
}

/** Whether the units that are told are there on this host. */
function knowsUnits(host: FleetHost, nix: string): boolean {
  const names = [...nix.matchAll(/"([^"\s]+?)(?:\.service)?"/g)].map(([, name = ""]) => name.replace(/@.*$/, "@"));
  return names.length > 0 && names.every((name) => host.host.option(["systemd", "services", name]).isDefined);
}
