// Every option that the flake defines in so many words, by the names in its path: where a thing of that name is written.

import type { FlakeFiles } from "../../flake/files.ts";
import type { AttrPath } from "../../nixpkgs/modules/definition.ts";
import type { ConcreteNode, ConcreteTree } from "../../syntax/concrete.ts";
import { Kind } from "../../syntax/flat-tree.ts";
import type { Writing } from "../writing.ts";
import { optionPathOf } from "../written.ts";

export interface WrittenBinding {
  readonly tree: ConcreteTree;
  readonly node: ConcreteNode;
  readonly path: AttrPath;
}

export interface WrittenIndex {
  readonly byName: ReadonlyMap<string, readonly WrittenBinding[]>;
  readonly byFile: ReadonlyMap<string, readonly WrittenBinding[]>;
}

const indices = new WeakMap<FlakeFiles, WrittenIndex>();

export function writtenIndex(files: FlakeFiles, writing: Writing): WrittenIndex {
  const known = indices.get(files);
  if (known !== undefined) return known;
  const byName = new Map<string, WrittenBinding[]>();
  const byFile = new Map<string, WrittenBinding[]>();
  for (const path of files.parsed.keys()) {
    const tree = files.reached.has(path) ? writing.tree(path) : null;
    if (tree === null) continue;
    const bindings = bindingsOf(tree);
    byFile.set(path, bindings);
    for (const binding of bindings) for (const name of new Set(binding.path)) addTo(byName, name, binding);
  }
  const index = { byName, byFile };
  indices.set(files, index);
  return index;
}

function addTo(map: Map<string, WrittenBinding[]>, name: string, binding: WrittenBinding): void {
  const known = map.get(name);
  if (known) known.push(binding);
  else map.set(name, [binding]);
}

function bindingsOf(tree: ConcreteTree): WrittenBinding[] {
  const found: WrittenBinding[] = [];
  const waiting: ConcreteNode[] = [tree.root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.kind === Kind.binding) {
      const path = optionPathOf(tree, node);
      if (path !== null) found.push({ tree, node, path });
    }
    for (const child of [...node.children].reverse()) waiting.push(child);
  }
  return found;
}
