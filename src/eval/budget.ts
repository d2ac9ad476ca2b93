// What one evaluation may use. Evaluation is synchronous and single-threaded, so the counters are module state; the
// caller that starts an evaluation (a host, a file, an expression) starts a budget.

import { Unknown } from "./unknown.ts";

/** Nested forces and calls. Real Nix stops at 10,000 calls; the stack of the evaluating thread is sized for this. */
const maxDepth = 20_000;

/** Thunks forced and functions called before an evaluation is given up: about ten seconds of work. */
const defaultSteps = 30_000_000;

let depth = 0;
let stepsLeft = defaultSteps;

export function startBudget(steps: number = defaultSteps): void {
  stepsLeft = steps;
}

/** Takes one step down. Gives the reason when that is one too many; then `leave` must not be called. */
export function enter(): Unknown | null {
  if (depth >= maxDepth) return new Unknown("limit", "the evaluation is nested too deeply");
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
  } finally {
    leave();
  }
}
