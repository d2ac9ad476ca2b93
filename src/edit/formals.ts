// What a module takes: names are added to its arguments when text that is put into it needs them.

import type { ConcreteNode, ConcreteTree } from "../syntax/concrete.ts";
import { isSet, outwards } from "../syntax/concrete.ts";
import { Kind } from "../syntax/flat-tree.ts";
import { attrPathOf, itemsOf } from "./bindings.ts";
import type { Edit } from "./edit.ts";
import { endOfLines, indentAt, startsLine } from "./layout.ts";

/** The function around a module's set, when it is written as one. */
function moduleFunction(module: ConcreteNode): ConcreteNode | null {
  for (const node of outwards(module)) {
    if (node.kind === Kind.lambda) return node;
    const passes = node === module || [Kind.let, Kind.with, Kind.assert].some((kind) => kind === node.kind);
    if (!passes) return null;
  }
  return null;
}

/** Names that are in scope in a module: its arguments, and what `let`s around its set bind. */
export function namesInScope(tree: ConcreteTree, module: ConcreteNode): ReadonlySet<string> {
  const names = new Set(["builtins", "true", "false", "null", "toString", "map", "import"]);
  for (const node of outwards(module)) {
    if (node.kind === Kind.let) {
      for (const item of itemsOf(node)) for (const name of namesBound(tree, item)) names.add(name);
    }
    if (node.kind !== Kind.lambda) continue;
    for (const name of parameterNames(tree, node)) names.add(name);
  }
  return names;
}

function namesBound(tree: ConcreteTree, item: ConcreteNode): readonly string[] {
  if (item.kind === Kind.binding)
    return attrPathOf(tree, item)
      .slice(0, 1)
      .filter((name) => name !== null);
  const names = item.kind === Kind.inheritFrom ? item.children.slice(1) : item.children;
  return names.map((name) => tree.source.text.slice(name.start, name.end));
}

export function parameterNames(tree: ConcreteTree, lambda: ConcreteNode): readonly string[] {
  return lambda.children.slice(0, -1).flatMap((part) => {
    if (part.kind !== Kind.formals) return [tree.source.text.slice(part.start, part.end)];
    return formalsOf(part).map((formal) => formalName(tree, formal));
  });
}

function formalsOf(formals: ConcreteNode): readonly ConcreteNode[] {
  return formals.children.filter(({ kind }) => kind === Kind.formal);
}

function formalName(tree: ConcreteTree, formal: ConcreteNode): string {
  const [name] = formal.children;
  return name === undefined ? "" : tree.source.text.slice(name.start, name.end);
}

/** The edits after which the module takes the names; null when it cannot. */
export function addFormals(tree: ConcreteTree, module: ConcreteNode, names: readonly string[]): Edit[] | null {
  const missing = names.filter((name) => !namesInScope(tree, module).has(name)).sort();
  if (missing.length === 0) return [];
  const lambda = moduleFunction(module);
  if (lambda === null) return makeFunction(tree, module, missing);
  const formals = lambda.children.find(({ kind }) => kind === Kind.formals);
  const takesMore = formals?.children.some(({ kind }) => kind === Kind.ellipsis);
  return formals && takesMore ? missing.map((name) => insertFormal(tree, formals, name)) : null;
}

/** A file that is a plain set becomes a function. */
function makeFunction(tree: ConcreteTree, module: ConcreteNode, names: readonly string[]): Edit[] | null {
  if (module.parent !== tree.root || !isSet(module)) return null;
  const text = `{ ${names.join(", ")}, ... }:${endOfLines(tree)}`;
  return [{ span: { file: tree.source.path, start: module.start, end: module.start }, text }];
}

/** Before the first formal that sorts after it, `...` at the latest. */
function insertFormal(tree: ConcreteTree, formals: ConcreteNode, name: string): Edit {
  const { path: file, text } = tree.source;
  const next =
    formals.children.find((part) => part.kind === Kind.formal && formalName(tree, part) > name) ??
    formals.children.find(({ kind }) => kind === Kind.ellipsis);
  const at = next?.start ?? formals.start + 1;
  const isOwnLine = startsLine(text, at);
  const separator = isOwnLine ? `,${endOfLines(tree)}${indentAt(text, at)}` : ", ";
  return { span: { file, start: at, end: at }, text: `${name}${separator}` };
}
