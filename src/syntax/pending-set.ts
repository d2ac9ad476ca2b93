// The bindings of a set or `let` before their values are lowered: names are needed first, because values resolve
// against them, and attrpaths merge (`a.b = 1; a.c = 2;`) by the rules of Nix's parser.

import { afterNode, endOf, Kind, kindAt, nodeWords, startOf } from "./flat-tree.ts";
import { plainStringAt } from "./literals.ts";
import { addProblem, isBroken, type Lowering, lineAndColumn, nameAt } from "./lowering.ts";

export interface PendingSet {
  readonly start: number;
  readonly end: number;
  readonly recursive: boolean;
  readonly bindings: PendingBinding[];
  readonly dynamic: PendingDynamic[];
  /** Nodes of the expressions in `inherit (…)`. */
  readonly sources: number[];
  /** Nodes of regions that do not parse: any attr may be lost in them. */
  readonly errors: number[];
}

/** The value of an `=`: as written, or a set that attrpaths imply. */
export type PendingAttrValue =
  | { readonly kind: "node"; readonly node: number }
  | { readonly kind: "set"; readonly set: PendingSet };

/** Where a binding's value comes from. */
export type PendingValue =
  | PendingAttrValue
  | { readonly kind: "inherit" }
  | { readonly kind: "inherit-from"; readonly source: number };

export interface PendingBinding {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  value: PendingValue;
}

export interface PendingDynamic {
  readonly start: number;
  readonly end: number;
  /** The node of the name, and the value below it. */
  readonly name: number;
  readonly value: PendingAttrValue;
}

const plainInherit: PendingValue = { kind: "inherit" };

/** Reads all bindings below a set or `let`. */
export function collectSet(state: Lowering, node: number, recursive: boolean): PendingSet {
  const { words } = state;
  const set = emptySet(startOf(words, node), endOf(words, node), recursive);
  const after = afterNode(words, node);
  for (let child = node + nodeWords; child < after; child = afterNode(words, child)) {
    const kind = kindAt(words, child);
    if (kind === Kind.binding) collectBinding(state, set, child);
    else if (kind === Kind.inherit)
      collectInherit(state, set, child + nodeWords, afterNode(words, child), plainInherit);
    else if (kind === Kind.inheritFrom) collectInheritFrom(state, set, child);
    else if (kind === Kind.error) set.errors.push(child);
  }
  return set;
}

function emptySet(start: number, end: number, recursive: boolean): PendingSet {
  return { start, end, recursive, bindings: [], dynamic: [], sources: [], errors: [] };
}

function collectBinding(state: Lowering, set: PendingSet, node: number): void {
  const { words } = state;
  const path = node + nodeWords;
  if (isBroken(state, node) || isBroken(state, path)) {
    set.errors.push(node);
    return;
  }
  const value = { kind: "node", node: afterNode(words, path) } as const;
  if (state.hasError && skipsText(state, value.node)) set.errors.push(value.node);
  let part = path + nodeWords;
  let target = set;
  for (let next = afterNode(words, part); next < afterNode(words, path); next = afterNode(words, part)) {
    const inner = descend(state, target, { path, part, next, valueNode: value.node });
    if (inner === null) return;
    target = inner;
    part = next;
  }
  addAttr(state, target, path, part, value);
}

/** Whether text was skipped in a value outside of any set: with a forgotten `;` or `]` that text is more bindings. */
function skipsText({ words }: Lowering, value: number): boolean {
  const after = afterNode(words, value);
  for (let node = value; node < after; ) {
    const kind = kindAt(words, node);
    if (kind === Kind.error && startOf(words, node) < endOf(words, node)) return true;
    const keepsOwnErrors = kind === Kind.attrs || kind === Kind.recAttrs || kind === Kind.binding;
    node = keepsOwnErrors ? afterNode(words, node) : node + nodeWords;
  }
  return false;
}

interface PathStep {
  readonly path: number;
  readonly part: number;
  readonly next: number;
  readonly valueNode: number;
}

/** The set that `part` of an attrpath leads to, made when there is none; null when something else is there. */
function descend(state: Lowering, set: PendingSet, step: PathStep): PendingSet | null {
  const { words } = state;
  const name = staticNameAt(state, step.part);
  // The implied set stands for the rest of the attrpath and the value: `b.c = 1` in `a.b.c = 1`.
  const implied = () => emptySet(startOf(words, step.next), endOf(words, step.valueNode), false);
  if (name === null) {
    const inner = implied();
    const value: PendingAttrValue = { kind: "set", set: inner };
    set.dynamic.push({ start: startOf(words, step.path), end: endOf(words, step.path), name: step.part, value });
    return inner;
  }
  const known = findBinding(set, name);
  if (known === undefined) {
    const inner = implied();
    pushBinding(state, set, { name, node: step.path, value: { kind: "set", set: inner } });
    return inner;
  }
  const inner = setOfBinding(state, known);
  if (inner === null) reportDuplicate(state, step.path, textTo(state, step.path, step.part), known);
  return inner;
}

function addAttr(state: Lowering, set: PendingSet, path: number, part: number, value: PendingAttrValue): void {
  const { words } = state;
  const name = staticNameAt(state, part);
  const start = startOf(words, path);
  const end = endOf(words, path);
  if (name === null) {
    set.dynamic.push({ start, end, name: part, value });
    return;
  }
  const binding = { name, start, end, value };
  const known = findBinding(set, name);
  if (known === undefined) addBinding(set, binding);
  else mergeBinding(state, known, binding, textTo(state, path, part));
}

/** Moves the attrs of the added set over; the first set alone decides whether the result is recursive. */
function mergeSet(state: Lowering, target: PendingSet, added: PendingSet, path: string): void {
  const firstSource = target.sources.length;
  for (const binding of added.bindings) {
    const { value } = binding;
    const moved: PendingValue =
      value.kind === "inherit-from" ? { kind: "inherit-from", source: firstSource + value.source } : value;
    const known = findBinding(target, binding.name);
    if (known === undefined) addBinding(target, { ...binding, value: moved });
    else mergeBinding(state, known, binding, `${path}.${binding.name}`);
  }
  target.dynamic.push(...added.dynamic);
  target.sources.push(...added.sources);
  target.errors.push(...added.errors);
}

/** Two sets become one, at any depth (Nix before 2.19 merged only the outermost); anything else is there already. */
function mergeBinding(state: Lowering, known: PendingBinding, binding: PendingBinding, path: string): void {
  const added = setOfValue(state, binding.value);
  const target = added && setOfBinding(state, known);
  if (added === null || target === null || state.depth >= state.maxDepth) {
    const { file, problems } = state;
    problems.push({ file, start: binding.start, end: binding.end, message: duplicateMessage(state, path, known) });
    return;
  }
  state.depth++;
  mergeSet(state, target, added, path);
  state.depth--;
}

function collectInheritFrom(state: Lowering, set: PendingSet, node: number): void {
  const { words } = state;
  const source = node + nodeWords;
  if (kindAt(words, source) === Kind.error) {
    set.errors.push(node);
    return;
  }
  const value: PendingValue = { kind: "inherit-from", source: set.sources.length };
  set.sources.push(source);
  collectInherit(state, set, afterNode(words, source), afterNode(words, node), value);
}

function collectInherit(state: Lowering, set: PendingSet, from: number, to: number, value: PendingValue): void {
  const { words } = state;
  for (let attr = from; attr < to; attr = afterNode(words, attr)) {
    if (kindAt(words, attr) === Kind.error) {
      set.errors.push(attr);
      continue;
    }
    const name = staticNameAt(state, attr);
    if (name === null) {
      addProblem(state, attr, "`inherit` takes no dynamic attrs");
      set.errors.push(attr);
      continue;
    }
    const known = findBinding(set, name);
    if (known === undefined) pushBinding(state, set, { name, node: attr, value });
    else reportDuplicate(state, attr, name, known);
  }
}

/** `a`, `"a b"` and `${"a b"}` are static; null says that the name must be computed. */
export function staticNameAt(state: Lowering, node: number): string | null {
  const kind = kindAt(state.words, node);
  if (kind === Kind.identifier) return nameAt(state, node);
  return plainStringAt(state, kind === Kind.interpolation ? node + nodeWords : node);
}

function setOfBinding(state: Lowering, binding: PendingBinding): PendingSet | null {
  const set = setOfValue(state, binding.value);
  if (set !== null) binding.value = { kind: "set", set };
  return set;
}

function setOfValue(state: Lowering, value: PendingValue): PendingSet | null {
  if (value.kind === "set") return value.set;
  if (value.kind !== "node") return null;
  const kind = kindAt(state.words, value.node);
  if (kind !== Kind.attrs && kind !== Kind.recAttrs) return null;
  return collectSet(state, value.node, kind === Kind.recAttrs);
}

// Most sets are small; a map pays only beyond that.
const smallSet = 8;
const namesOfSet = new WeakMap<PendingSet, Map<string, PendingBinding>>();

function findBinding(set: PendingSet, name: string): PendingBinding | undefined {
  if (set.bindings.length > smallSet) return namesOf(set).get(name);
  for (const binding of set.bindings) if (binding.name === name) return binding;
  return undefined;
}

function namesOf(set: PendingSet): Map<string, PendingBinding> {
  const known = namesOfSet.get(set);
  if (known) return known;
  const names = new Map(set.bindings.map((binding) => [binding.name, binding]));
  namesOfSet.set(set, names);
  return names;
}

function addBinding(set: PendingSet, binding: PendingBinding): void {
  set.bindings.push(binding);
  if (set.bindings.length > smallSet + 1) namesOf(set).set(binding.name, binding);
}

function pushBinding(
  state: Lowering,
  set: PendingSet,
  { name, node, value }: { name: string; node: number; value: PendingValue },
): void {
  addBinding(set, { name, start: startOf(state.words, node), end: endOf(state.words, node), value });
}

function textTo(state: Lowering, path: number, part: number): string {
  return state.text.slice(startOf(state.words, path), endOf(state.words, part));
}

function reportDuplicate(state: Lowering, node: number, name: string, known: PendingBinding): void {
  addProblem(state, node, duplicateMessage(state, name, known));
}

function duplicateMessage(state: Lowering, name: string, known: PendingBinding): string {
  return `attribute \`${name}\` already defined at ${lineAndColumn(state, known.start)}`;
}
