// Every setting of a host down to its leaves: for questions that are about words wherever they stand, and not about one
// option.

import { force, spanOf } from "../eval/thunk.ts";
import { Unknown } from "../eval/unknown.ts";
import { type Attr, Attrs, List, type Value } from "../eval/value.ts";
import { isDerivation } from "../nixpkgs/derivation.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { AttrPath } from "../nixpkgs/modules/definition.ts";
import { OptionAttr } from "../nixpkgs/modules/option-record.ts";
import type { Span } from "../source/span.ts";
import { isUnset } from "./known.ts";

export interface Leaf {
  /** Elements of lists have the path of their list. */
  readonly path: AttrPath;
  /** No set but a derivation, no list. */
  readonly value: Value;
  readonly span: Span | null;
  /** The attr whose value it is; null for an element of a list. */
  readonly attr: Attr | null;
}

/** Where NixOS keeps what programs read. What options of the flake's own hold ends up there as well, when it is used. */
const roots =
  "services systemd users security networking virtualisation environment programs boot fileSystems sops age".split(" ");

/** Configurations are not deeper, and what is deeper is a loop. */
const deepest = 14;

/** More than the largest host has; beyond, a generated set would cost more than it tells. */
const most = 50_000;

/** Another host, as options may hold one. */
function isSystem(value: Attrs): boolean {
  return value.entries.has("config") && value.entries.has("options");
}

/**
 * The attr of a declared option has no place of its own: its definition has. Where a module makes it of what another
 * file asked for, that stays the place.
 */
function placeOf(attr: Attr, outer: Span | null): Span | null {
  const definition = attr instanceof OptionAttr ? attr.record.definitions[0]?.span : undefined;
  const isMadeHere = definition && (outer === null || outer.file === definition.file);
  return attr.span ?? (isMadeHere ? definition : null) ?? spanOf(attr.value) ?? outer;
}

export function leavesOf(host: Host): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const seen = new Set<Value>();
  const visit = (value: Value, path: AttrPath, span: Span | null, from: Attr | null) => {
    if (isUnset(value) || value === null || path.length > deepest || leaves.length > most) return;
    if (value instanceof List) {
      for (const element of [...value.elements, ...value.possible])
        visit(force(element), path, spanOf(element) ?? span, null);
      if (value.rest) leaves.push({ path, value: value.rest, span, attr: null });
      // A derivation is a set too, which the guard by itself would not say.
    } else if (value instanceof Attrs && !isDerivation(value as Value)) {
      if (seen.has(value) || isSystem(value)) return;
      seen.add(value);
      for (const [name, attr] of value.entries) {
        visit(attr.maybe ?? force(attr.value), [...path, name], placeOf(attr, span), attr);
      }
    } else leaves.push({ path, value, span: value instanceof Unknown ? (value.span ?? span) : span, attr: from });
  };
  for (const name of roots) {
    const attr = host.config.lookup(name);
    if (attr) visit(force(attr.value), [name], attr.span, attr);
  }
  return leaves;
}
