// Options set, extended and defined, wherever that can be written for sure.

import type { FleetHost } from "../fleet/fleet.ts";
import type { AttrPath } from "../nixpkgs/modules/definition.ts";
import type { Change } from "./edit.ts";
import { spansOf, type Writing } from "./writing.ts";

export interface Setting {
  readonly path: AttrPath;
  readonly nix: string;
}

export function setOption(writing: Writing, host: FleetHost, { path, nix }: Setting): Change {
  const option = host.host.option(path);
  const at = writing.plainBinding(option, path);
  if (at !== null) return writing.setValue(at, nix);
  return option.isDefined ? null : defineBesideSiblings(writing, host, { path, nix });
}

export function extendOption(
  writing: Writing,
  host: FleetHost,
  { path, element }: { readonly path: AttrPath; readonly element: string },
): Change {
  const option = host.host.option(path);
  if (!option.isDefined) return defineBesideSiblings(writing, host, { path, nix: `[ ${element} ]` });
  for (const span of spansOf(option)) {
    const change = writing.isPlain(span, path) ? writing.extend(span, element) : null;
    if (change !== null) return change;
  }
  return null;
}

/** Beside the definition with the longest prefix in common, where no other host gets something that it has not. */
export function defineBesideSiblings(writing: Writing, host: FleetHost, { path, nix }: Setting): Change {
  const parent = path.slice(0, -1);
  for (let length = parent.length; length > 0; length--) {
    const prefix = path.slice(0, length);
    for (const span of spansOf(host.host.option(prefix))) {
      const isMeant = length === parent.length || isOfHosts(writing.hostsWith(span.file), host, parent);
      const change = isMeant && writing.isPlainWithin(span, prefix) ? writing.define(span, path, nix) : null;
      if (change !== null) return change;
    }
  }
  return null;
}

/** Whether a module is of this host, and of no other that lacks what the definition is about. */
function isOfHosts(hosts: readonly FleetHost[], host: FleetHost, path: AttrPath): boolean {
  return hosts.includes(host) && hosts.every((other) => other === host || other.host.option(path).isDefined);
}
