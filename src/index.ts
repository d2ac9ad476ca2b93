// The public API: a directory in, a report out.

import { rules } from "../rules/index.ts";
import { type FlakeFlags, openFlake } from "./cli/flake-arguments.ts";
import { findFlakeRoot, resolveExisting } from "./cli/flake-root.ts";
import type { Report } from "./lint/finding.ts";
import { lintFlake } from "./lint/lint-flake.ts";

export type { Diagnostic, Report, Severity, Suppressed, UndecidedResult } from "./lint/finding.ts";
export { UserError } from "./lint/user-error.ts";

export interface LintRequest {
  /** Instead of the configuration's. */
  readonly profile?: "recommended" | "strict";
  /** A configuration file instead of the `nixlint.toml` beside `flake.nix`. */
  readonly config?: string;
  /** Input name -> directory. */
  readonly overrideInputs?: ReadonlyMap<string, string>;
  /** Also read the inputs that are in the Nix store already. */
  readonly inputs?: "store";
  /** `YYYY-MM-DD`, for suppressions with an end; default: today, UTC. */
  readonly today?: string;
}

/** Lints the flake around `directory`. Throws `UserError` for what its caller can mend: no flake, a bad configuration. */
export function lint(directory: string, request: LintRequest = {}): Report {
  const cwd = process.cwd();
  const root = findFlakeRoot(resolveExisting(directory, cwd));
  const { overrideInputs, today, ...rest } = request;
  const flags: FlakeFlags = { ...rest, ...(overrideInputs && { overrideInput: overrideInputs }) };
  const opened = openFlake(root, flags, { cwd, version: { kind: "work-tree" } });
  return lintFlake(opened, { ...opened, rules, today: today ?? new Date().toISOString().slice(0, 10) });
}
