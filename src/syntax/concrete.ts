// The tree as it is written, with parents, for those who change text: attrpaths are not merged, names not resolved.

import type { SourceFile } from "../source/source-file.ts";
import type { Comment } from "./ast.ts";
import { afterNode, endOf, Kind, kindAt, nodeWords, startOf } from "./flat-tree.ts";
import { type ParsedFile, readComments } from "./parse.ts";
import { parseText } from "./parser-module.ts";

/** Parentheses, keywords and punctuation are no nodes; a binding ends behind its semicolon. */
export interface ConcreteNode {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
  readonly parent: ConcreteNode | null;
  readonly children: readonly ConcreteNode[];
}

export interface ConcreteTree {
  readonly source: SourceFile;
  readonly root: ConcreteNode;
  /** In order of the text. */
  readonly comments: readonly Comment[];
}

/** Null for text that does not parse: nobody may change it. */
export function concreteTree(source: SourceFile): ConcreteTree | null {
  const flat = parseText(source.text);
  if (flat.hasError || flat.words.length <= nodeWords) return null;
  return treeOf(source, flat.words.slice(), readComments(source, flat));
}

const trees = new WeakMap<ParsedFile, ConcreteTree | null>();

/** The same of a file that has been parsed. */
export function concreteTreeOf(file: ParsedFile): ConcreteTree | null {
  const { source, words, comments, problems } = file;
  const known = trees.get(file);
  if (known !== undefined) return known;
  const tree = problems.length > 0 || words.length <= nodeWords ? null : treeOf(source, words, comments);
  trees.set(file, tree);
  return tree;
}

function treeOf(source: SourceFile, words: Uint32Array, comments: readonly Comment[]): ConcreteTree {
  return { source, root: new Node(words, 0, null), comments };
}

/** A view of the words: what nobody looks at is not made. */
class Node implements ConcreteNode {
  readonly parent: ConcreteNode | null;
  private readonly words: Uint32Array;
  private readonly index: number;
  private below: readonly ConcreteNode[] | null = null;

  constructor(words: Uint32Array, index: number, parent: ConcreteNode | null) {
    this.words = words;
    this.index = index;
    this.parent = parent;
  }

  get kind(): number {
    return kindAt(this.words, this.index);
  }
  get start(): number {
    return startOf(this.words, this.index);
  }
  get end(): number {
    return endOf(this.words, this.index);
  }
  get children(): readonly ConcreteNode[] {
    this.below ??= this.makeChildren();
    return this.below;
  }

  private makeChildren(): readonly ConcreteNode[] {
    const after = afterNode(this.words, this.index);
    const children: ConcreteNode[] = [];
    for (let child = this.index + nodeWords; child < after; child = afterNode(this.words, child)) {
      children.push(new Node(this.words, child, this));
    }
    return children.length === 0 ? none : children;
  }
}

const none: readonly ConcreteNode[] = [];

/** The smallest node that holds all of the range. */
export function nodeAround({ root }: ConcreteTree, start: number, end: number): ConcreteNode {
  let node = root;
  for (;;) {
    const inner = node.children.find((child) => child.start <= start && end <= child.end);
    if (inner === undefined) return node;
    node = inner;
  }
}

export function isSet({ kind }: ConcreteNode): boolean {
  return kind === Kind.attrs || kind === Kind.recAttrs;
}

/** The node and what is around it, outwards. */
export function* outwards(node: ConcreteNode): Iterable<ConcreteNode> {
  for (let current: ConcreteNode | null = node; current !== null; current = current.parent) yield current;
}

export function nearest(node: ConcreteNode, kind: number): ConcreteNode | null {
  for (const around of outwards(node)) if (around.kind === kind) return around;
  return null;
}
