// Edits a text the way `Editing` does, without a flake around it.

import { expect } from "vitest";
import { applyEdits } from "../../src/edit/apply.ts";
import { itemsOf } from "../../src/edit/bindings.ts";
import type { Edit } from "../../src/edit/edit.ts";
import { type ConcreteNode, type ConcreteTree, concreteTree, nodeAround } from "../../src/syntax/concrete.ts";

export function treeOf(text: string): ConcreteTree {
  const tree = concreteTree({ path: "/module.nix", text });
  if (tree === null) throw new Error(`does not parse: ${text}`);
  return tree;
}

/** The smallest node around the first occurrence of a text. */
export function nodeAt(tree: ConcreteTree, needle: string): ConcreteNode {
  const start = tree.source.text.indexOf(needle);
  expect(start, needle).toBeGreaterThanOrEqual(0);
  return nodeAround(tree, start, start + needle.length);
}

/** The item of a set or `let` that starts with the text. */
export function itemAt(tree: ConcreteTree, needle: string): ConcreteNode {
  let node: ConcreteNode | null = nodeAt(tree, needle);
  while (node !== null && !(node.parent && itemsOf(node.parent).includes(node))) node = node.parent;
  if (node === null) throw new Error(`no item at ${needle}`);
  return node;
}

/** The text after the edits, which must still parse. */
export function edited(tree: ConcreteTree, edits: readonly Edit[] | null): string | null {
  if (edits === null) return null;
  const text = applyEdits(tree.source.text, edits);
  expect(concreteTree({ path: "/module.nix", text }), text).not.toBeNull();
  return text;
}
