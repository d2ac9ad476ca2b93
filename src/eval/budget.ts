// What one evaluation may use: nesting, steps and memory. Evaluation is synchronous and single-threaded, so the budget
// that pays is module state; the caller that starts an evaluation (a host, a file, an expression) starts a budget.

import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { timed } from "../source/stopwatch.ts";
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

/** What is copied costs as well: so many list elements, attrs or characters are one step. */
const elementsPerStep = 4;
const charactersPerStep = 4096;

/** A list or set, or a string, that is longer is no configuration; building and reading it would only cost memory. */
const maxElements = 1 << 22;
const maxCharacters = 1 << 24;

/** Looking at the memory takes a few microseconds. */
const stepsBetweenLooks = 1 << 15;

/** Memory that evaluation may take where the process may take more: three times what the largest flakes need. */
const maxMemory = 1.1 * 2 ** 30;

/** Shares of it: from the first on it is cleared, and what then needs the second is given up. */
const [crowded, full] = [0.7, 0.6];

export interface Budget {
  stepsLeft: number;
  readonly maxDepth: number;
  /** Why nothing is evaluated any more. */
  ended: string | null;
}

export function createBudget(stepsLeft: number = defaultSteps, maxDepth: number = defaultDepth): Budget {
  return { stepsLeft, maxDepth, ended: null };
}

let depth = 0;
let current = createBudget();
let nextLook = 0;

export function startBudget(steps?: number, nesting?: number): void {
  current = createBudget(steps, nesting);
}

/** Runs at the expense of a budget. */
export function within<T>(budget: Budget, run: () => T): T {
  const before = current;
  current = budget;
  try {
    return timed("evaluate", run);
  } finally {
    current = before;
  }
}

const tooLarge = "a value is too large";
const tooDeep = "the evaluation is nested too deeply";

/** Whether evaluation was nested too deeply, which is an error in Nix as well, and not only more than is wanted here. */
export function isTooDeep({ reason, message }: Unknown): boolean {
  return reason === "limit" && message === tooDeep;
}

/** A limit found where there is no value to give: `overflow` makes the value of it. */
class LimitReached extends Error {}

/** What evaluation gives where it is nested more deeply than is allowed, or than the stack holds. */
function nestedTooDeeply(): Unknown {
  current.stepsLeft -= overflowSteps;
  return new Unknown("limit", tooDeep);
}

/** Takes one step down. Gives the reason when that is one too many; then `leave` must not be called. */
export function enter(): Unknown | null {
  if (depth >= current.maxDepth) return nestedTooDeeply();
  if (spend(1)) return new Unknown("limit", current.ended ?? "");
  depth++;
  return null;
}

export function leave(): void {
  depth--;
}

/** Whether the budget is used up. */
function spend(steps: number): boolean {
  const budget = current;
  budget.stepsLeft -= steps;
  nextLook -= steps;
  if (nextLook <= 0 && budget.ended === null) {
    nextLook = stepsBetweenLooks;
    if (isMemoryShort()) budget.ended = "the evaluation takes too much memory";
  }
  if (budget.stepsLeft <= 0) budget.ended ??= "the evaluation takes too many steps";
  return budget.ended !== null;
}

/** What was left when memory was cleared last. Clearing it again pays only when more has come than this share. */
let leftByClearing = 0;
const worthClearing = 0.05;

function isMemoryShort(): boolean {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  const allowed = Math.min(heap_size_limit, maxMemory);
  if (used_heap_size < allowed * crowded) return false;
  if (used_heap_size > leftByClearing + allowed * worthClearing) {
    // Most of it may be garbage that nobody has had to clear yet.
    clearMemory();
    leftByClearing = getHeapStatistics().used_heap_size;
  }
  return leftByClearing > allowed * full;
}

let collectGarbage: (() => void) | null = null;

function clearMemory(): void {
  if (collectGarbage === null) {
    setFlagsFromString("--expose-gc");
    collectGarbage = runInNewContext("gc") as () => void;
  }
  collectGarbage();
}

/** Pays for elements before they are added to a list or set, which then has `total`. */
export function payForElements(added: number, total: number = added): void {
  if (total > maxElements) throw new LimitReached(tooLarge);
  if (spend(added / elementsPerStep)) throw new LimitReached(current.ended ?? "");
}

/** The same for a string; what it is added to is not copied. */
export function payForText(added: number, total: number): void {
  if (total > maxCharacters) throw new LimitReached(tooLarge);
  if (spend(added / charactersPerStep)) throw new LimitReached(current.ended ?? "");
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

/** How V8 says that a string, array or map cannot grow any more. */
const sizeErrors = /^Invalid (?:string|array|typed array) length|maximum size exceeded|BigInt size exceeded/;

/** The limit, when that is what was thrown: no more budget, the end of a small stack, a value beyond all bounds. */
export function overflow(error: unknown): Unknown {
  if (error instanceof LimitReached) return new Unknown("limit", error.message);
  if (!(error instanceof RangeError)) throw error;
  if (error.message.includes("call stack")) return nestedTooDeeply();
  if (sizeErrors.test(error.message)) return new Unknown("limit", tooLarge);
  throw error;
}
