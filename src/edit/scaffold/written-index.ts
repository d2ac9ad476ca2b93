// Every option that the flake defines in so many words: where a thing of some name is written. A file is looked at when
// it may say the name.

import type { FlakeFiles } from "../../flake/files.ts";
import type { AttrPath } from "../../nixpkgs/modules/definition.ts";
import type { ConcreteNode, ConcreteTree } from "../../syntax/concrete.ts";
import { Kind } from "../../syntax/flat-tree.ts";
import { boundExpr, type WrittenPath } from "../bindings.ts";
import type { Writing } from "../writing.ts";
import { optionPathBelow, pathAround } from "../written.ts";

export interface WrittenBinding {
  readonly tree: ConcreteTree;
  readonly node: ConcreteNode;
  readonly path: AttrPath;
}

const indices = new WeakMap<FlakeFiles, WrittenIndex>();

export function writtenIndex(files: FlakeFiles, writing: Writing): WrittenIndex {
  const index = indices.get(files) ?? new WrittenIndex(files, writing);
  indices.set(files, index);
  return index;
}

/** What a name is not written as it is with. */
const escaped = /["\\$\n\r\t]/;

export class WrittenIndex {
  private readonly files: FlakeFiles;
  private readonly writing: Writing;
  private readonly byFile = new Map<string, readonly WrittenBinding[]>();
  private readonly byName = new Map<string, readonly WrittenBinding[]>();
  private allLists: readonly WrittenBinding[] | null = null;

  constructor(files: FlakeFiles, writing: Writing) {
    this.files = files;
    this.writing = writing;
  }

  /** Bindings with the name in their path. */
  named(name: string): readonly WrittenBinding[] {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const paths = this.paths().filter(([, text]) => escaped.test(name) || text.includes(name));
    const found = paths.flatMap(([path]) => this.inFile(path).filter((binding) => binding.path.includes(name)));
    this.byName.set(name, found);
    return found;
  }

  /** Bindings of a list that is written out. */
  get lists(): readonly WrittenBinding[] {
    this.allLists ??= this.paths().flatMap(([path]) =>
      this.inFile(path).filter(({ node }) => boundExpr(node)?.kind === Kind.list),
    );
    return this.allLists;
  }

  /** Those of each file whose text matches. */
  inFiles(text: RegExp): readonly (readonly [path: string, bindings: readonly WrittenBinding[]])[] {
    return this.paths()
      .filter(([, source]) => text.test(source))
      .map(([path]) => [path, this.inFile(path)]);
  }

  inFile(path: string): readonly WrittenBinding[] {
    const known = this.byFile.get(path);
    if (known !== undefined) return known;
    const tree = this.files.reached.has(path) ? this.writing.tree(path) : null;
    const bindings = tree === null ? [] : bindingsOf(tree);
    this.byFile.set(path, bindings);
    return bindings;
  }

  private paths(): (readonly [path: string, text: string])[] {
    return [...this.files.parsed].map(([path, { source }]) => [path, source.text]);
  }
}

function bindingsOf(tree: ConcreteTree): WrittenBinding[] {
  const found: WrittenBinding[] = [];
  const around = new Map<ConcreteNode, WrittenPath>();
  const waiting: ConcreteNode[] = [tree.root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.kind === Kind.binding && node.parent !== null) {
      const above = around.get(node.parent) ?? pathAround(tree, node.parent);
      if (above !== null) around.set(node.parent, above);
      const path = above && optionPathBelow(tree, above, node);
      if (path !== null) found.push({ tree, node, path });
    }
    const { children } = node;
    for (let index = children.length - 1; index >= 0; index--) waiting.push(children[index] as ConcreteNode);
  }
  return found;
}
