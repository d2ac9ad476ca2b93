// Where a new definition goes: the deepest set of the module that its path leads to, beside the attrpath that is most
// like it, in the spelling that is there.

import { type ConcreteNode, type ConcreteTree, isSet, outwards } from "../syntax/concrete.ts";
import { Kind } from "../syntax/flat-tree.ts";
import { attrPathOf, boundExpr, isItem, itemsOf, type WrittenPath } from "./bindings.ts";
import type { Edit } from "./edit.ts";
import { showAttrPath } from "./nix-text.ts";
import { type Anchor, insertBinding } from "./sets.ts";
import { bindingNamed, calledName, definingSets, setBoundBy } from "./written.ts";

interface Place {
  readonly set: ConcreteNode;
  /** What is left of the path. */
  readonly rest: readonly string[];
  readonly anchor: Anchor | undefined;
  /** Names that the whole path has in common with what is there. */
  readonly common: number;
  /** Of those, the ones that the rest has in common with the anchor. */
  readonly beside: number;
}

/** A definition of the option at `path` in the module around `near`. Null: it is there, or no place is for sure. */
export function defineOption(
  tree: ConcreteTree,
  near: ConcreteNode,
  { path, nix }: { readonly path: readonly string[]; readonly nix: string },
): Edit[] | null {
  const place = placeFor(tree, near, path);
  if (place === null || place.rest.length === 0) return null;
  const isInside = place.common > place.beside;
  const anchor = isClose(place) ? place.anchor : isInside ? undefined : besideNear(near, place.set);
  return insertBinding(tree, place.set, `${showAttrPath(place.rest)} = ${nix};`, anchor);
}

/** `services.x.y` is no reason to stand beside `services.z`, `services.x.z` is. */
function isClose({ anchor, rest, beside }: Place): boolean {
  return anchor !== undefined && beside * 2 >= rest.length;
}

/** After what the definition is about. */
function besideNear(near: ConcreteNode, set: ConcreteNode): Anchor | undefined {
  for (const node of outwards(near)) {
    if (node.parent === set && isItem(node)) return { item: node, side: "after" };
  }
  return undefined;
}

function placeFor(tree: ConcreteTree, near: ConcreteNode, path: readonly string[]): Place | null {
  const places: Place[] = [];
  for (const { set, path: prefix, below } of startingSets(tree, near)) {
    const rest = restOf(prefix, path);
    if (rest === null) continue;
    const place = descend(tree, set, [...below, ...rest]);
    if (place === "taken") return null;
    // The innermost set is under the same conditions; one further out must be nearer to the path to be better.
    const best = places[0];
    const own = { ...place, common: place.common + prefix.length };
    if (best === undefined || own.common > best.common) places.unshift(own);
  }
  return places[0] ?? null;
}

interface Start {
  readonly set: ConcreteNode;
  readonly path: WrittenPath;
  /** `config`, in a module that says it. */
  readonly below: readonly string[];
}

/** The sets around `near`, where the module's own stands for its `config`. */
function startingSets(tree: ConcreteTree, near: ConcreteNode): readonly Start[] {
  const sets = definingSets(tree, near);
  return sets.flatMap(({ set, path }, index): Start[] => {
    if (index < sets.length - 1 || !saysConfig(tree, set)) return [{ set, path, below: [] }];
    const inner = configSet(tree, set);
    if (inner !== null) return [{ set: inner, path: [], below: [] }];
    // `config = lib.mkMerge [ … ]` has no place of its own; `config.a.b = …` has others beside it.
    return bindingNamed(tree, set, "config") ? [] : [{ set, path: [], below: ["config"] }];
  });
}

/** Whether a module is written with `options` and `config`, beside which it defines nothing. */
function saysConfig(tree: ConcreteTree, set: ConcreteNode): boolean {
  return itemsOf(set).some((item) => /^(config|options)$/.test(attrPathOf(tree, item)[0] ?? ""));
}

/** The set of `config = { … }` or `config = lib.mkIf … { … }`, when the module is written in that form. */
function configSet(tree: ConcreteTree, set: ConcreteNode): ConcreteNode | null {
  const binding = bindingNamed(tree, set, "config");
  let value = binding === undefined ? null : boundExpr(binding);
  while (value?.kind === Kind.apply && calledName(tree, value) === "mkIf") value = value.children.at(-1) ?? null;
  return value !== null && isSet(value) ? value : null;
}

function restOf(prefix: WrittenPath, path: readonly string[]): readonly string[] | null {
  return prefix.every((name, index) => name === path[index]) ? path.slice(prefix.length) : null;
}

/** The place for `rest` in a set or in one of the sets in it. */
function descend(tree: ConcreteTree, set: ConcreteNode, rest: readonly string[]): Place | "taken" {
  let best: Place = { set, rest, anchor: undefined, common: 0, beside: 0 };
  for (const item of itemsOf(set)) {
    if (item.kind !== Kind.binding) {
      if (inheritsName(tree, item, rest[0])) return "taken";
      continue;
    }
    const found = placeBeside(tree, item, { set, rest });
    if (found === "taken") return found;
    // The last of equals: a new definition follows those that are there.
    if (found !== null && found.common > 0 && found.common >= best.common) best = found;
  }
  return best;
}

function placeBeside(
  tree: ConcreteTree,
  item: ConcreteNode,
  { set, rest }: Pick<Place, "set" | "rest">,
): Place | "taken" | null {
  const path = attrPathOf(tree, item);
  const common = commonLength(path, rest);
  if (common === rest.length && path.length >= rest.length) return "taken";
  if (common < path.length) return { set, rest, anchor: { item, side: "after" }, common, beside: common };
  const inner = setBoundBy(item);
  // `a = mkIf c { … }` beside a new `a.b`: both would be definitions of `a`.
  if (inner === null) return "taken";
  const place = descend(tree, inner, rest.slice(common));
  return place === "taken" ? place : { ...place, common: place.common + common };
}

function inheritsName(tree: ConcreteTree, inherit: ConcreteNode, name: string | undefined): boolean {
  const names = inherit.kind === Kind.inheritFrom ? inherit.children.slice(1) : inherit.children;
  return names.some((child) => tree.source.text.slice(child.start, child.end) === name);
}

function commonLength(path: WrittenPath, rest: readonly string[]): number {
  let length = 0;
  while (length < path.length && length < rest.length && path[length] === rest[length]) length += 1;
  return length;
}
