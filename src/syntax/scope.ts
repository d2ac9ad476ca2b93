// Names to slots, while lowering. A scope is the chain of frames that evaluation will have at that place.

import type { Expr } from "./ast.ts";

export interface Scope {
  readonly parent: Scope | null;
  /** A `with` frame binds no name that is known here. */
  readonly isWith: boolean;
  /** Slot by name; empty for frames that hold only inherit sources. */
  readonly slots: ReadonlyMap<string, number>;
}

const noSlots: ReadonlyMap<string, number> = new Map();
const globalScopes = new WeakMap<readonly string[], Scope>();

/** The outermost frame. */
export function globalScope(globals: readonly string[]): Scope {
  const known = globalScopes.get(globals);
  if (known) return known;
  const scope = openFrame(null, new Map(globals.map((name, slot) => [name, slot])));
  globalScopes.set(globals, scope);
  return scope;
}

export function openFrame(parent: Scope | null, slots: ReadonlyMap<string, number>): Scope {
  return { parent, isWith: false, slots };
}

export function openSourceFrame(parent: Scope): Scope {
  return { parent, isWith: false, slots: noSlots };
}

export function openWithFrame(parent: Scope): Scope {
  return { parent, isWith: true, slots: noSlots };
}

/** What the name stands for, or null when nothing can bind it. A lexical binding wins over every `with`. */
export function resolveName(scope: Scope, name: string, file: string, start: number, end: number): Expr | null {
  let withs: number[] | null = null;
  let depth = 0;
  for (let frame: Scope | null = scope; frame !== null; frame = frame.parent) {
    if (frame.isWith) {
      withs ??= [];
      withs.push(depth);
    } else {
      const slot = frame.slots.get(name);
      if (slot !== undefined) return { file, start, end, kind: "variable", name, depth, slot };
    }
    depth++;
  }
  return withs && { file, start, end, kind: "with-variable", name, depths: withs };
}
