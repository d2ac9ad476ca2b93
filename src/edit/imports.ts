// The `imports` of a module: a path more, in the order that the list has.

import { posix } from "node:path";
import type { ConcreteNode, ConcreteTree } from "../syntax/concrete.ts";
import { Kind } from "../syntax/flat-tree.ts";
import { boundExpr, itemsOf } from "./bindings.ts";
import type { Edit } from "./edit.ts";
import { insertElement } from "./lists.ts";
import { insertBinding } from "./sets.ts";
import { bindingNamed } from "./written.ts";

/** A path literal that leads from one file to another. */
export function relativePath(from: string, to: string): string {
  const relative = posix.relative(posix.dirname(from), to);
  return relative.startsWith(".") ? relative : `./${relative}`;
}

/** `path` is Nix: `./a.nix`. Empty when it is there already; null when `imports` is computed. */
export function insertImport(tree: ConcreteTree, module: ConcreteNode, path: string): Edit[] | null {
  const binding = bindingNamed(tree, module, "imports");
  if (binding === undefined) {
    const [first] = itemsOf(module);
    const text = `imports = [ ${path} ];`;
    return insertBinding(tree, module, text, first && { item: first, side: "before" });
  }
  const list = importList(binding);
  if (list === null) return null;
  const written = list.children.map((element) => tree.source.text.slice(element.start, element.end));
  if (written.includes(path)) return [];
  return insertElement(tree, list, path, nextInOrder(list, written, path));
}

/** The literal list that is the value, or the first part of it. */
function importList(binding: ConcreteNode): ConcreteNode | null {
  let value = boundExpr(binding);
  while (value?.kind === Kind.binary || value?.kind === Kind.let || value?.kind === Kind.with) {
    value = (value.kind === Kind.binary ? value.children.find(isListOrSum) : value.children.at(-1)) ?? null;
  }
  return value?.kind === Kind.list ? value : null;
}

function isListOrSum({ kind }: ConcreteNode): boolean {
  return kind === Kind.list || kind === Kind.binary;
}

/** In a list that is sorted, the element that the new one comes before. */
function nextInOrder(list: ConcreteNode, written: readonly string[], path: string): ConcreteNode | undefined {
  const isSorted = written.every((text, index) => index === 0 || (written[index - 1] ?? "") <= text);
  if (!isSorted || written.length < 2) return undefined;
  return list.children[written.findIndex((text) => text > path)];
}
