// Where a host says what it is made of: its own file, and the directory from which hosts take what they share.

import { posix } from "node:path";
import type { FleetHost } from "../../fleet/fleet.ts";
import type { ModuleRef } from "../../nixpkgs/modules/definition.ts";
import type { Span } from "../../source/span.ts";
import type { Change } from "../edit.ts";
import { relativePath } from "../imports.ts";
import type { ScaffoldContext } from "./scaffold.ts";

type Context = Pick<ScaffoldContext, "files" | "fleet" | "writing">;

/** The first file of the flake that the host's configuration names, rather one that is called like it. */
export function hostFile({ files: { root } }: Pick<ScaffoldContext, "files">, host: FleetHost): Span | null {
  const own = directFiles(host, root);
  const named = own.find((file) => file.includes(`/${host.name}`)) ?? own[0];
  if (named === undefined) return null;
  return atStart(named.endsWith(".nix") ? named : `${named}/default.nix`);
}

function directFiles(host: FleetHost, root: string): readonly string[] {
  const direct = host.host.modules.filter(({ importedBy }) => importedBy === null).map(({ file }) => file);
  return direct.filter((file) => file.startsWith(`${root}/`) && file !== `${root}/flake.nix`);
}

/**
 * Lets a host import a file, and no other: in its own file, or in the list of modules that is its own. Null: what it is
 * made of, others are made of too.
 */
export function importOnHost(context: Context, host: FleetHost, target: string): Change {
  const { files, writing } = context;
  const alone = directFiles(host, files.root)
    .map((path) => (path.endsWith(".nix") ? path : `${path}/default.nix`))
    .filter((path) => writing.tree(path) !== null && writing.hostsWith(path).length === 1);
  const named = alone.find((path) => path.includes(`/${host.name}`));
  const own = (file: string | undefined) => (file === undefined ? null : writing.addImport(atStart(file), target));
  return own(named) ?? inModuleList(context, host, target) ?? own(alone[0]);
}

/** After another file in `modules = [ ./a.nix ]`, when that is written for this host alone. */
function inModuleList({ files, fleet, writing }: Context, { host }: FleetHost, target: string): Change {
  const places = host.modules.flatMap(({ importedBy, importedAt }) =>
    importedBy === null && importedAt !== null ? [importedAt] : [],
  );
  const isOthers = (place: Span) =>
    fleet.hosts.some(
      (other) =>
        other.host !== host &&
        other.host.modules.some(
          ({ importedAt: at }) => at?.file === place.file && at.start === place.start && at.end === place.end,
        ),
    );
  for (const place of [...places].reverse()) {
    const text = files.parsed.get(place.file)?.source.text.slice(place.start, place.end) ?? "";
    if (!/^\.{1,2}\/[\w./+-]+$/.test(text) || isOthers(place)) continue;
    const change = writing.extendAround(place, relativePath(place.file, target));
    if (change !== null) return change;
  }
  return null;
}

function atStart(file: string): Span {
  return { file, start: 0, end: 0 };
}

/**
 * Where a file that several hosts may import goes: the directory that is called so, or that most of such files are in;
 * `roles/` when there is none. Never one whose files are imported whether somebody names them or not.
 */
export function roleDirectory(context: Context): string {
  const { files, fleet, writing } = context;
  const counts = new Map<string, number>();
  const open = new Set<string>();
  for (const { host, name } of [...fleet.hosts, ...fleet.roles]) {
    for (const module of host.modules) {
      const directory = posix.dirname(module.file);
      if (!module.file.startsWith(`${files.root}/`) || directory === files.root) continue;
      if (!isNamed(context, module)) open.add(directory);
      const isShared =
        writing.hostsWith(module.file).length > 1 || /^(roles|profiles)$/.test(posix.basename(directory));
      if (isShared && isFromHost(module) && !directory.includes(`/${name}`)) add(counts, directory);
    }
  }
  const closed = [...counts].filter(([directory]) => !open.has(directory));
  const named = /\/(roles|profiles|monitoring)$/;
  const rank = ([directory, count]: readonly [string, number]) => count + (named.test(directory) ? 1e6 : 0);
  const [best] = closed.sort((a, b) => rank(b) - rank(a) || (a[0] < b[0] ? -1 : 1));
  return best?.[0] ?? `${files.root}/roles`;
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** By the host's list of modules, or by a module in it. */
function isFromHost({ importedBy }: ModuleRef): boolean {
  return importedBy === null || importedBy.importedBy === null;
}

/** Whether the path literal that imports a module says its name. */
function isNamed({ files }: Context, { file, importedAt }: ModuleRef): boolean {
  const text = importedAt && files.parsed.get(importedAt.file)?.source.text;
  if (!importedAt || !text) return true;
  return text.slice(importedAt.start, importedAt.end).includes(posix.basename(file).replace(/\.nix$/, ""));
}
