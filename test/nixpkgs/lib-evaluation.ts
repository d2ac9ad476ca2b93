// Expressions that see the native `lib`, for its tests.

import { startBudget } from "../../src/eval/budget.ts";
import { createSession } from "../../src/eval/session.ts";
import { showStrict, showUnknown } from "../../src/eval/show.ts";
import { force } from "../../src/eval/thunk.ts";
import { Unknown } from "../../src/eval/unknown.ts";
import type { Lazy, Value } from "../../src/eval/value.ts";
import { libOfSession } from "../../src/nixpkgs/session-lib.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";

/** A value that nobody knows; `u` in the expressions. */
export const unknown = new Unknown("impure", "nobody knows");

/** Where the expression stands, for spans. */
export const expressionFile = "/tree/expression.nix";

/**
 * The value of the expression with the members of `lib`, `lib` itself and `u` in scope, in a tree of the given files
 * (absolute paths).
 */
export function evaluateWithLib(expression: string, files: Readonly<Record<string, string>> = {}): Value {
  startBudget();
  const session = createSession({
    fs: new MemoryFileSystem(new Map(Object.entries(files))),
    searchPath: (name): Lazy | undefined => (name === "lib" ? lib : name === "u" ? unknown : undefined),
  });
  const lib = libOfSession(session);
  return force(session.evaluateText(`${scope}${expression}`, expressionFile));
}

const scope = "with <lib>; let lib = <lib>; u = <u>; inherit (builtins) tryEval; in ";

/** How far into the text that is evaluated the expression stands. */
export const expressionStart = scope.length;

export function shownWithLib(expression: string, files: Readonly<Record<string, string>> = {}): string {
  const shown = showStrict(evaluateWithLib(expression, files));
  return typeof shown === "string" ? shown : showUnknown(shown);
}
