// Which option a binding defines, as far as the text of its own file says: attrpaths read outwards through sets, `let`,
// conditions and properties, up to the module.

import { type ConcreteNode, type ConcreteTree, isSet, outwards } from "../syntax/concrete.ts";
import { Kind } from "../syntax/flat-tree.ts";
import { attrPathOf, boundExpr, itemsOf, type WrittenPath } from "./bindings.ts";

/** A set in which options of a module are defined. */
export interface DefiningSet {
  readonly set: ConcreteNode;
  /** The option path of the set itself: empty for the module's own. */
  readonly path: WrittenPath;
  /** Whether a condition or another property lies between it and the next one outwards. */
  readonly wrapped: boolean;
}

const properties = new Set([
  "mkIf",
  "mkMerge",
  "mkForce",
  "mkDefault",
  "mkOverride",
  "mkBefore",
  "mkAfter",
  "mkOrder",
  "mkOverride",
  "optionalAttrs",
]);

/** The last name of what is called: `lib.mkIf c` is `mkIf`. */
export function calledName(tree: ConcreteTree, apply: ConcreteNode): string | null {
  let head = apply;
  while (head.kind === Kind.apply && head.children[0]) head = head.children[0];
  return /(?:^|\.)([A-Za-z_][\w'-]*)$/.exec(tree.source.text.slice(head.start, head.end))?.[1] ?? null;
}

function isProperty(tree: ConcreteTree, apply: ConcreteNode, argument: ConcreteNode): boolean {
  return apply.children.at(-1) === argument && properties.has(calledName(tree, apply) ?? "");
}

/** How a node passes on what is defined in it; null: it does not, a module ends here. */
function passesOn(tree: ConcreteTree, around: ConcreteNode, inner: ConcreteNode): "plain" | "wrapped" | null {
  switch (around.kind) {
    case Kind.let:
    case Kind.with:
    case Kind.assert:
      return around.children.at(-1) === inner ? "plain" : null;
    case Kind.binary:
      return "wrapped";
    case Kind.if:
      return around.children[0] === inner ? null : "wrapped";
    case Kind.apply:
      return isProperty(tree, around, inner) ? "wrapped" : null;
    case Kind.list:
      return around.parent?.kind === Kind.apply && calledName(tree, around.parent) === "mkMerge" ? "wrapped" : null;
    default:
      return null;
  }
}

/** The sets around a node that belong to one module, from the innermost one outwards. */
export function definingSets(tree: ConcreteTree, from: ConcreteNode): readonly DefiningSet[] {
  const found: { set: ConcreteNode; below: WrittenPath; wrapped: boolean }[] = [];
  let names: (string | null)[] = [];
  let wrapped = false;
  let inner: ConcreteNode | null = null;
  for (const node of outwards(from)) {
    if (isSet(node)) {
      if (found.length > 0) Object.assign(found[found.length - 1] ?? {}, { below: names, wrapped });
      found.push({ set: node, below: [], wrapped: false });
      names = [];
      wrapped = false;
    } else if (node.kind === Kind.binding) {
      if (node.parent?.kind === Kind.let) break;
      if (found.length > 0) names = [...attrPathOf(tree, node), ...names];
    } else if (found.length > 0 && inner !== null) {
      const way = passesOn(tree, node, inner);
      if (way === null) break;
      wrapped ||= way === "wrapped";
    }
    inner = node;
  }
  return withPaths(found);
}

/** From the outermost set inwards, each path is that of the set around it and the names between. */
function withPaths(found: readonly { set: ConcreteNode; below: WrittenPath; wrapped: boolean }[]): DefiningSet[] {
  const sets: DefiningSet[] = [];
  let path: WrittenPath = [];
  for (const { set, below, wrapped } of [...found].reverse()) {
    path = [...path, ...below];
    sets.push({ set, path: withoutConfig(path), wrapped });
  }
  return sets.reverse();
}

/** `config = { … }` is where a module defines options when it declares some too. */
function withoutConfig(path: WrittenPath): WrittenPath {
  return path[0] === "config" ? path.slice(1) : path;
}

/** The option path that a binding of a set defines, in full; null when some name is computed. */
export function optionPathOf(tree: ConcreteTree, binding: ConcreteNode): readonly string[] | null {
  const around = binding.parent && pathAround(tree, binding.parent);
  return around && optionPathBelow(tree, around, binding);
}

/** The option path of a set; null of what is none. */
export function pathAround(tree: ConcreteTree, set: ConcreteNode): WrittenPath | null {
  return isSet(set) ? (definingSets(tree, set)[0]?.path ?? []) : null;
}

/** `around` is the path of the set that has the binding. */
export function optionPathBelow(
  tree: ConcreteTree,
  around: WrittenPath,
  binding: ConcreteNode,
): readonly string[] | null {
  const path = withoutConfig([...around, ...attrPathOf(tree, binding)]);
  const names = path.filter((name) => name !== null);
  return names.length === path.length ? names : null;
}

/** The set of the module that a file is: below its arguments, `let`s and `with`s. */
export function setOfFile(tree: ConcreteTree): ConcreteNode | null {
  let node = tree.root.children[0];
  while (node !== undefined) {
    if (isSet(node)) return node;
    if (![Kind.lambda, Kind.let, Kind.with, Kind.assert].some((kind) => kind === node?.kind)) return null;
    node = node.children.at(-1);
  }
  return null;
}

/**
 * The set of the module around a node, when there is no doubt that it is one: the file's own when the file is known to be
 * a module, an element of a list (`modules = [ { … } ]`), the result of a function that takes what modules take.
 */
export function moduleAround(tree: ConcreteTree, node: ConcreteNode, fileIsModule: boolean): ConcreteNode | null {
  const set = definingSets(tree, node).at(-1)?.set ?? (fileIsModule ? setOfFile(tree) : null);
  if (set === null) return null;
  if (set === setOfFile(tree)) return fileIsModule ? set : null;
  const isModule = set.parent?.kind === Kind.list || isModuleFunction(tree, set.parent);
  return isModule ? set : null;
}

function isModuleFunction(tree: ConcreteTree, around: ConcreteNode | null): boolean {
  let lambda = around;
  while (lambda !== null && [Kind.let, Kind.with, Kind.assert].some((kind) => kind === lambda?.kind))
    lambda = lambda.parent;
  const formals = lambda?.kind === Kind.lambda ? lambda.children[0] : undefined;
  if (formals?.kind !== Kind.formals || lambda?.parent?.kind === Kind.apply) return false;
  const names = formals.children.map((formal) => tree.source.text.slice(formal.start, formal.end));
  return names.includes("...") && names.some((name) => /^(config|lib|pkgs|options|modulesPath)$/.test(name));
}

/** The plain set that a binding has for a value. */
export function setBoundBy(binding: ConcreteNode): ConcreteNode | null {
  const value = boundExpr(binding);
  return value !== null && value.kind === Kind.attrs ? value : null;
}

/** The binding of this name that stands alone: `config = …`, not `config.a = …`. */
export function bindingNamed(tree: ConcreteTree, set: ConcreteNode, name: string): ConcreteNode | undefined {
  return itemsOf(set).find((item) => {
    const path = item.kind === Kind.binding ? attrPathOf(tree, item) : [];
    return path.length === 1 && path[0] === name;
  });
}
