// flake.lock: where inputs without a URL of their own point to, and the inputs of inputs.

import { parseHash } from "../eval/store-hash.ts";
import { fixedPath } from "../eval/store-path.ts";
import type { FileSystem } from "../source/file-system.ts";
import { type Reference, type ReferenceAttrs, referenceOfAttrs } from "./reference.ts";

export interface LockNode {
  readonly inputs: ReadonlyMap<string, string | readonly string[]>;
  /** The attrs that Nix fetched: `rev`, `narHash`, `lastModified`, … */
  readonly locked: ReadonlyMap<string, string | number>;
  readonly reference: Reference | undefined;
  readonly isFlake: boolean;
}

export interface Lock {
  readonly root: string;
  readonly nodes: ReadonlyMap<string, LockNode>;
}

/** Null when there is none or it cannot be read: everything still works, with less known. */
export function readLock(fs: FileSystem, path: string): Lock | null {
  const content = fs.readFile(path);
  if (content.kind !== "bytes") return null;
  try {
    return parseLock(JSON.parse(new TextDecoder().decode(content.bytes)));
  } catch {
    return null;
  }
}

function parseLock(json: unknown): Lock | null {
  if (!isRecord(json) || !isRecord(json.nodes)) return null;
  const nodes = new Map<string, LockNode>();
  for (const [key, node] of Object.entries(json.nodes)) if (isRecord(node)) nodes.set(key, parseNode(node));
  return { root: typeof json.root === "string" ? json.root : "root", nodes };
}

function parseNode(node: Record<string, unknown>): LockNode {
  const inputs = new Map<string, string | readonly string[]>();
  for (const [name, target] of Object.entries(isRecord(node.inputs) ? node.inputs : {})) {
    if (typeof target === "string") inputs.set(name, target);
    else if (Array.isArray(target)) inputs.set(name, target.map(String));
  }
  const locked = new Map<string, string | number>();
  for (const [name, value] of Object.entries(isRecord(node.locked) ? node.locked : {})) {
    if (typeof value === "string" || typeof value === "number") locked.set(name, value);
  }
  return { inputs, locked, reference: referenceOf(node), isFlake: node.flake !== false };
}

function referenceOf(node: Record<string, unknown>): Reference | undefined {
  for (const attrs of [node.original, node.locked]) {
    const reference = isRecord(attrs) ? referenceOfAttrs(textAttrs(attrs)) : undefined;
    if (reference !== undefined && reference.kind !== "indirect") return reference;
  }
  return isRecord(node.locked) ? referenceOfAttrs(textAttrs(node.locked)) : undefined;
}

function textAttrs(attrs: Record<string, unknown>): ReferenceAttrs {
  return Object.fromEntries(Object.entries(attrs).filter(([, value]) => typeof value === "string"));
}

/** Where Nix keeps what a node is locked to: that follows from its hash alone. */
export function storePathOf(node: LockNode): string | undefined {
  const narHash = node.locked.get("narHash");
  const hash = typeof narHash === "string" ? parseHash(narHash, "sha256") : "";
  return typeof hash === "string" ? undefined : fixedPath("source", hash, true);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The key of the node that an input of a node is locked to, `follows` resolved. */
export function lockedInput(lock: Lock, node: string, name: string): string | undefined {
  const target = lock.nodes.get(node)?.inputs.get(name);
  return typeof target === "string" || target === undefined
    ? target
    : followPath(lock, target, { left: longestFollow });
}

/** Paths that lead in a circle, or to each other again and again, end. */
const longestFollow = 1000;

/** `follows` paths start at the root. */
function followPath(lock: Lock, path: readonly string[], steps: { left: number }): string | undefined {
  let key: string | undefined = lock.root;
  for (const name of path) {
    if (key === undefined || steps.left-- <= 0) return undefined;
    const target: string | readonly string[] | undefined = lock.nodes.get(key)?.inputs.get(name);
    key = typeof target === "string" || target === undefined ? target : followPath(lock, target, steps);
  }
  return key;
}
