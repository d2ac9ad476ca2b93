// What modules say: definitions of options, with where they stand and on what conditions.

import type { Answer } from "../../eval/answer.ts";
import type { Lazy, Scalar, Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";

export type AttrPath = readonly string[];

/** A module that took part in an evaluation. */
export interface ModuleRef {
  /** Its file; `<native>` for the facts nixlint brings along, `<unknown>` for a module given as a value. */
  readonly file: string;
  /** Where it is imported: the element of `imports` or of the host's `modules`. Null for the root. */
  readonly importedAt: Span | null;
  readonly importedBy: ModuleRef | null;
}

/** One definition of one option, after its properties were discharged. */
export interface Definition {
  readonly value: Lazy;
  /** Lower wins: 50 `mkForce`, 100 plain, 1000 `mkDefault`, 1500 an option's default. */
  readonly priority: number;
  /** 500 `mkBefore`, 1000, 1500 `mkAfter`. */
  readonly order: number;
  /** The attrpath that defines it; null for what native code defines. */
  readonly span: Span | null;
  readonly module: ModuleRef;
  /** False below a condition that could not be decided. */
  readonly certain: boolean;
  /** Whether it says the option's name: a set that is not known, or has an attr of unknown name, may define anything. */
  readonly isNamed: boolean;
  /** The definitions that made the conditions above it true; computed when asked for. */
  readonly causes: readonly Definition[];
}

/** What a rule or the fleet model asks a host for. */
export interface Option {
  readonly path: AttrPath;
  /** Those that win by priority, sorted by order. Empty when only a default speaks, or below a plain value. */
  readonly definitions: readonly Definition[];
  /** Forced. `Unknown` when it cannot be known, also when it is not defined and has no known default. */
  readonly value: Value;
  /** The first winning definition's span, else the span of the attr the value was read from. */
  readonly span: Span | null;
  /** Whether anything in sight defines it (defaults do not count). */
  readonly isDefined: boolean;
  /** False where nobody in sight declares it: how nixpkgs merges its definitions is not known then. */
  readonly hasKnownType: boolean;
  /** A known default counts as known. */
  is(expected: Scalar): Answer;
}
