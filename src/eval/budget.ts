// What one evaluation may use. Evaluation is synchronous and single-threaded, so the counters are module state; the
// caller that starts an evaluation (a host, a file, an expression) starts a budget.

import { Unknown } from "./unknown.ts";

/**
 * Nested forces, calls and steps down in native code. Nix stops at 10,000 nested calls, each of which is up to four
 * of these here. They take 1 to 1.6 KB of stack each, so 256 MB hold three times as many; on a smaller stack
 * evaluation stops where the stack ends (see `Thunk`).
 */
const defaultDepth = 50_000;

/** Thunks forced and functions called before an evaluation is given up: ten to thirty seconds of work. */
const defaultSteps = 30_000_000;

/** What reaching the end of the depth costs in steps, so that a recursion that branches ends soon as well. */
const overflowSteps = 500_000;

let depth = 0;
let maxDepth = defaultDepth;
let stepsLeft = defaultSteps;

export function startBudget(steps: number = defaultSteps, nesting: number = defaultDepth): void {
  stepsLeft = steps;
  maxDepth = nesting;
}

/** What evaluation gives where it is nested more deeply than is allowed, or than the stack holds. */
function nestedTooDeeply(): Unknown {
  stepsLeft -= overflowSteps;
  return new Unknown("limit", "the evaluation is nested too deeply");
}

/** Takes one step down. Gives the reason when that is one too many; then `leave` must not be called. */
export function enter(): Unknown | null {
  if (depth >= maxDepth) return nestedTooDeeply();
  if (stepsLeft <= 0) return new Unknown("limit", "the evaluation takes too many steps");
  depth++;
  stepsLeft--;
  return null;
}

export function leave(): void {
  depth--;
}

/** Runs one level deeper, for native code that recurses over values. */
export function nested<T>(run: () => T): T | Unknown {
  const stop = enter();
  if (stop) return stop;
  try {
    return run();
  } catch (error) {
    return overflow(error);
  } finally {
    leave();
  }
}

/** The limit, when that is what was thrown: on a small stack the stack ends before the depth limit is reached. */
export function overflow(error: unknown): Unknown {
  if (error instanceof RangeError && error.message.includes("call stack")) return nestedTooDeeply();
  throw error;
}
