// Where a finding about a definition points: the last file of its chain of causes that is a role or a host, because
// that is where somebody chose it. The other links become notes.

import { force } from "../eval/thunk.ts";
import { matchesGlob } from "../flake/glob.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Definition } from "../nixpkgs/modules/definition.ts";
import type { Span } from "../source/span.ts";

export interface Cause {
  readonly at: Span;
  /** The other definitions on the way, from the cause to what it caused. */
  readonly links: readonly Span[];
}

/** Deeper chains than this are loops of options that read each other. */
const longestChain = 12;

/** Files in which somebody chooses: roles by their globs, modules that the host names itself, and files named after it. */
export function choosingFiles(host: Host, root: string, roles: readonly string[]): (file: string) => boolean {
  const direct = host.modules.filter((module) => module.importedBy === null).map((module) => module.file);
  const named = new Set(direct.flatMap((file) => [file, `${file}/default.nix`]));
  return (file) => {
    const path = relativePath(root, file);
    return named.has(file) || isNamedAfter(host, path) || roles.some((glob) => matchesGlob(glob, path));
  };
}

/** `hosts/web/services.nix`, `machines/web.nix` */
function isNamedAfter({ name }: Host, path: string): boolean {
  const names = path.replace(/\.nix$/, "").split("/");
  return names.includes(name) || names.includes(name.split(".")[0] ?? name);
}

export function relativePath(root: string, file: string): string {
  const prefix = root.endsWith("/") ? root : `${root}/`;
  return file.startsWith(prefix) ? file.slice(prefix.length) : file;
}

/** Undefined when nothing with a place in a file defines it. */
export function causeOf(definition: Definition | undefined, isChoice: (file: string) => boolean): Cause | undefined {
  if (definition === undefined) return undefined;
  const chain = chainOf(definition).filter((link) => link.span !== null);
  const last = chain.findLast((link) => link.span !== null && isChoice(link.span.file));
  const at = (last ?? chain[0])?.span;
  if (!at) return undefined;
  const links = chain.flatMap((link) => (link.span && link.span !== at ? [link.span] : []));
  return { at, links: links.reverse() };
}

/** The definition, what made its condition true, what made that true, and so on: one link per step. */
function chainOf(definition: Definition): readonly Definition[] {
  const chain: Definition[] = [];
  let current: Definition | undefined = definition;
  while (current && chain.length < longestChain && !chain.includes(current)) {
    chain.push(current);
    current = switchAmong(current.causes, chain);
  }
  return chain;
}

/** Conditions read many options; the one that was switched on is the cause. */
function switchAmong(causes: readonly Definition[], before: readonly Definition[]): Definition | undefined {
  const placed = causes.filter((cause) => cause.span !== null && !before.includes(cause));
  return placed.find((cause) => force(cause.value) === true);
}
