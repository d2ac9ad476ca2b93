// Text of the flake said again about something else: names, users and paths replaced, everything else as it was.

import { type ConcreteNode, type ConcreteTree, concreteTree } from "../../syntax/concrete.ts";
import { Kind } from "../../syntax/flat-tree.ts";
import { applyEdits } from "../apply.ts";
import { attrPathOf, boundExpr } from "../bindings.ts";
import type { Edit } from "../edit.ts";
import { indentAt } from "../layout.ts";
import { showAttrName, showList, showString } from "../nix-text.ts";
import { moveText } from "../reindent.ts";

export interface Substitution {
  /** Of the job: what it is called, then what else it is called after; as a word in strings and names. */
  readonly words: readonly string[];
  readonly name: string;
  /** Names of secrets, whole. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly owner: string | null;
  readonly group: string | null;
  /** Whole strings. */
  readonly strings: ReadonlyMap<string, string>;
  /** What the old one backs up, and what the new one does. */
  readonly paths: readonly [from: readonly string[], to: readonly string[]];
  /** Relative paths are said as seen from another directory; null: they stay. */
  readonly path: ((written: string) => string) | null;
}

/** The text of a node from the first column, after the substitution. */
export function cloneText(tree: ConcreteTree, node: ConcreteNode, substitution: Substitution): string {
  const edits: Edit[] = [];
  collectEdits(tree, node, { substitution, edits });
  const { text } = tree.source;
  const shifted = edits.map(({ span, text: replacement }) => ({
    span: { file: "", start: span.start - node.start, end: span.end - node.start },
    text: replacement,
  }));
  const changed = applyEdits(text.slice(node.start, node.end), shifted);
  return moveText(changed, indentAt(text, node.start), "").replaceAll("\r\n", "\n");
}

interface Collecting {
  readonly substitution: Substitution;
  readonly edits: Edit[];
}

function collectEdits(tree: ConcreteTree, node: ConcreteNode, collecting: Collecting): void {
  const { text } = tree.source;
  const replacement = replacementOf(tree, node, collecting.substitution);
  if (replacement === undefined) {
    for (const child of node.children) collectEdits(tree, child, collecting);
    return;
  }
  if (replacement === text.slice(node.start, node.end)) return;
  collecting.edits.push({ span: { file: "", start: node.start, end: node.end }, text: replacement });
}

/** Undefined: look at what is inside. */
function replacementOf(tree: ConcreteTree, node: ConcreteNode, substitution: Substitution): string | undefined {
  const { text } = tree.source;
  const own = text.slice(node.start, node.end);
  const owner = ownerFor(tree, node, substitution);
  if (owner !== null) return showString(owner);
  switch (node.kind) {
    case Kind.list:
      return isListOf(tree, node, substitution.paths[0]) ? showPaths(substitution.paths[1]) : undefined;
    case Kind.string:
      if (node.children.length > 0) return replaceAround(tree, node, substitution);
      return replaceString(tree, node, substitution);
    case Kind.identifier:
      // Names of attrs, not variables.
      return node.parent?.kind === Kind.attrpath ? showAttrName(renameSecret(own, substitution)) : own;
    case Kind.path:
      return node.children.length > 0 ? own : rename(substitution.path?.(own) ?? own, substitution);
    default:
      return undefined;
  }
}

/** The value of `owner` or `group`, however the sibling says its own. */
function ownerFor(tree: ConcreteTree, node: ConcreteNode, { owner, group }: Substitution): string | null {
  const binding = node.parent;
  if (binding?.kind !== Kind.binding || boundExpr(binding) !== node) return null;
  const attr = lastName(tree, binding);
  if (attr === "owner") return owner;
  return attr === "group" ? group : null;
}

function replaceString(tree: ConcreteTree, node: ConcreteNode, substitution: Substitution): string {
  const own = tree.source.text.slice(node.start + 1, node.end - 1);
  if (node.parent?.kind === Kind.attrpath) return `"${renameSecret(own, substitution)}"`;
  const whole = substitution.strings.get(own);
  return whole === undefined ? `"${rename(own, substitution)}"` : showString(whole);
}

/** A string with interpolations: only the text between them. */
function replaceAround(tree: ConcreteTree, node: ConcreteNode, substitution: Substitution): string {
  const { text } = tree.source;
  let result = "";
  let offset = node.start;
  for (const child of node.children) {
    result += rename(text.slice(offset, child.start), substitution) + cloneText(tree, child, substitution);
    offset = child.end;
  }
  return result + rename(text.slice(offset, node.end), substitution);
}

export function renameSecret(name: string, substitution: Substitution): string {
  return substitution.secrets.get(name) ?? rename(name, substitution);
}

/** By the first of the words that is in the text. */
export function rename(text: string, { words, name }: Pick<Substitution, "words" | "name">): string {
  for (const word of words) {
    const renamed = renameWord(text, word, name);
    if (renamed !== text) return renamed;
  }
  return text;
}

/** `_` and `-` end a word: `restic-hass_password` is about `hass`. A machine in an address is no job, whatever it is called. */
function renameWord(text: string, from: string, to: string): string {
  const escaped = from.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replace(new RegExp(`(?<![A-Za-z0-9@]|://|^sftp:)${escaped}(?![A-Za-z0-9])`, "g"), () => to);
}

export function showPaths(paths: readonly string[]): string {
  return showList(paths.map(showString));
}

function isListOf(tree: ConcreteTree, list: ConcreteNode, paths: readonly string[]): boolean {
  if (list.children.length === 0) return false;
  return list.children.every((element) => {
    const own = tree.source.text.slice(element.start + 1, element.end - 1);
    return element.kind === Kind.string && element.children.length === 0 && paths.includes(own);
  });
}

/** Variables that a text uses and does not bind itself, roughly: names that stand where a value is meant. */
export function variablesOf(nix: string): ReadonlySet<string> {
  const tree = concreteTree({ path: "", text: nix });
  const names = new Set<string>();
  const visit = (node: ConcreteNode): void => {
    if (node.kind === Kind.variable) names.add(nix.slice(node.start, node.end));
    if (node.kind === Kind.inherit) for (const name of node.children) names.add(nix.slice(name.start, name.end));
    node.children.forEach(visit);
  };
  if (tree !== null) visit(tree.root);
  return names;
}

/** The string that is all of a binding's value. */
export function literalOf(tree: ConcreteTree, binding: ConcreteNode): string | null {
  const value = boundExpr(binding);
  if (value?.kind !== Kind.string || value.children.length > 0) return null;
  return tree.source.text.slice(value.start + 1, value.end - 1);
}

export function lastName(tree: ConcreteTree, binding: ConcreteNode): string | null {
  return attrPathOf(tree, binding).at(-1) ?? null;
}
