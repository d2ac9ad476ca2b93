// Laziness. A thunk is suspended, being forced, or forced; being asked for while it is being forced is an infinite
// recursion, which is a value (`Unknown(recursion)`), not a crash.

import { type Span, userPlace } from "../source/span.ts";
import type { Expr } from "../syntax/ast.ts";
import { enter, leave, overflow } from "./budget.ts";
import { evaluate } from "./evaluate.ts";
import { isRecording, type Read, recordRead, recordReads } from "./reads.ts";
import type { Store } from "./store.ts";
import { Unknown } from "./unknown.ts";
import type { Lazy, Value } from "./value.ts";

/** A frame of values; syntax nodes say how many frames up and at which slot a name is. */
export class Scope {
  readonly slots: Lazy[];
  readonly parent: Scope | null;

  constructor(slots: Lazy[], parent: Scope | null) {
    this.slots = slots;
    this.parent = parent;
  }

  /** With slots still to be filled: an array that grows by `push` would take room for sixteen. */
  static ofSize(size: number, parent: Scope): Scope {
    return new Scope(new Array(size), parent);
  }
}

/** The outermost frame: the names that every file sees, and what else paths in it know. */
export class GlobalScope extends Scope {
  readonly store: Store | null;
  /** What `~` stands for. */
  readonly home: string | null;

  constructor(slots: Lazy[], store: Store | null, home: string | null) {
    super(slots, null);
    this.store = store;
    this.home = home;
  }
}

/** The value of a thunk before there is one. */
const suspended = Symbol("suspended");
const forcing = Symbol("forcing");

const done = (): Value => null;

const readsOf = new WeakMap<Thunk, ReadonlySet<Read>>();

export class Thunk {
  /** What computes the value: syntax in a scope, which stays for provenance, or a native function, which does not. */
  private computed: Expr | (() => Value);
  private scope: Scope | null;
  private state: Value | typeof suspended | typeof forcing = suspended;

  constructor(code: Expr | (() => Value), scope: Scope | null = null) {
    this.computed = code;
    this.scope = scope;
  }

  get code(): Expr | (() => Value) {
    return this.computed;
  }

  /** A thunk that needs no forcing but remembers where its value stands. */
  static ofLiteral(code: Expr, value: Value): Thunk {
    const thunk = new Thunk(code);
    thunk.state = value;
    return thunk;
  }

  /** The value, when it has been computed already. */
  get known(): Value | undefined {
    return this.state === suspended || this.state === forcing ? undefined : this.state;
  }

  get isBeingForced(): boolean {
    return this.state === forcing;
  }

  force(): Value {
    if (isRecording()) return this.forceRecorded();
    return this.forceState();
  }

  private forceState(): Value {
    const state = this.state;
    if (state === forcing) return new Unknown("recursion", "the value depends on itself", spanOf(this));
    if (state !== suspended) return state;
    const stop = enter();
    if (stop) return stop;
    this.state = forcing;
    try {
      const { computed } = this;
      return this.settle(typeof computed === "function" ? computed() : evaluate(computed, this.scope as Scope));
    } catch (error) {
      return this.settle(overflow(error));
    } finally {
      if (this.state === forcing) this.state = suspended;
      leave();
    }
  }

  /** What the value was computed from is kept by nobody but those who still need it. */
  private settle(value: Value): Value {
    this.state = value;
    this.scope = null;
    if (typeof this.computed === "function") this.computed = done;
    return value;
  }

  private forceRecorded(): Value {
    const known = readsOf.get(this);
    if (known) for (const read of known) recordRead(read);
    if (this.state !== suspended) return this.forceState();
    const { result, reads } = recordReads(() => this.forceState());
    if (reads.size > 0) readsOf.set(this, reads);
    return result;
  }
}

/** The value, in weak head normal form. Never throws for what the Nix code does. */
export function force(lazy: Lazy): Value {
  return lazy instanceof Thunk ? lazy.force() : lazy;
}

/** A value that a native function computes when it is needed. */
export function lazily(compute: () => Value): Thunk {
  return new Thunk(compute);
}

/** The syntax a lazy value was written as; null for what native code or a program of ours made. */
export function spanOf(lazy: Lazy): Span | null {
  return lazy instanceof Thunk && typeof lazy.code !== "function" ? userPlace(lazy.code) : null;
}
