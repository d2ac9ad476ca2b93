// The tree as it is written, with parents, for those who change text: attrpaths are not merged, names not resolved.

import type { SourceFile } from "../source/source-file.ts";
import type { Comment } from "./ast.ts";
import { afterNode, endOf, Kind, kindAt, nodeWords, startOf } from "./flat-tree.ts";
import { readComments } from "./parse.ts";
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

const trees = new WeakMap<SourceFile, ConcreteTree | null>();

/** Null for text that does not parse: nobody may change it. */
export function concreteTree(source: SourceFile): ConcreteTree | null {
  const known = trees.get(source);
  if (known !== undefined) return known;
  const tree = readTree(source);
  trees.set(source, tree);
  return tree;
}

function readTree(source: SourceFile): ConcreteTree | null {
  const flat = parseText(source.text);
  if (flat.hasError || flat.words.length <= nodeWords) return null;
  // Before anything else is parsed: the words live in the parser's memory.
  return { source, root: buildTree(flat.words), comments: readComments(source, flat) };
}

interface Growing extends ConcreteNode {
  readonly children: Growing[];
}

/** Nodes come in the order of the text, parents first; no recursion, so that no tree is too deep. */
function buildTree(words: Uint32Array): ConcreteNode {
  const root = nodeAt(words, 0, null);
  const open = [{ node: root, after: afterNode(words, 0) }];
  for (let index = nodeWords; index < words.length; index += nodeWords) {
    while (index >= (open.at(-1)?.after ?? Number.POSITIVE_INFINITY)) open.pop();
    const parent = open.at(-1)?.node ?? root;
    const node = nodeAt(words, index, parent);
    parent.children.push(node);
    open.push({ node, after: afterNode(words, index) });
  }
  return root;
}

function nodeAt(words: Uint32Array, index: number, parent: Growing | null): Growing {
  return { kind: kindAt(words, index), start: startOf(words, index), end: endOf(words, index), parent, children: [] };
}

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
