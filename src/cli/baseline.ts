// `nixlint baseline create|update|prune`: writes down what is found today, and lets it shrink.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../rules/index.ts";
import { type BaselineEntry, baselineFileName, entriesOf, refreshEntries } from "../lint/baseline.ts";
import { formatBaseline } from "../lint/baseline-file.ts";
import { isUnusable } from "../lint/broken.ts";
import type { Report } from "../lint/finding.ts";
import { lintFlake } from "../lint/lint-flake.ts";
import { UserError } from "../lint/user-error.ts";
import { WriteError, writeFiles } from "../source/write-files.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { type FlakeFlags, openFlake } from "./flake-arguments.ts";
import { findFlakeRoot, resolveExisting } from "./flake-root.ts";
import { type Io, today } from "./io.ts";
import { liesWithin, limitOf, realPathOf } from "./repository.ts";

export type BaselineVerb = "create" | "update" | "prune";

export function changeBaseline(verb: BaselineVerb, path: string | undefined, flags: FlakeFlags, io: Io): ExitCode {
  const root = findFlakeRoot(resolveExisting(path ?? ".", io.cwd));
  const file = join(root, baselineFileName);
  requirePresence(verb, existsSync(file));
  const opened = openFlake(root, flags, { cwd: io.cwd, version: { kind: "work-tree" } });
  const report = lintFlake(opened, { ...opened, rules, today: today(io) });
  if (isUnusable(report)) throw new UserError("the flake is broken, so a baseline of it says nothing", "nixlint check");
  const entries = newEntries(verb, opened.baseline, report);
  write(file, formatBaseline(entries), limitOf(root));
  io.stdout(`${baselineFileName}: ${changeOf(opened.baseline, entries)}\n`);
  return exitCode.ok;
}

function requirePresence(verb: BaselineVerb, exists: boolean): void {
  if (verb === "create" && exists) {
    throw new UserError(`\`${baselineFileName}\` exists`, "`nixlint baseline update`; or delete it to begin anew");
  }
  if (verb !== "create" && !exists) throw new UserError(`no \`${baselineFileName}\` yet`, "nixlint baseline create");
}

function newEntries(verb: BaselineVerb, before: readonly BaselineEntry[], report: Report): readonly BaselineEntry[] {
  if (verb === "create") return entriesOf(report.diagnostics);
  const stale = new Set(report.staleBaseline);
  if (verb === "prune") return before.filter((entry) => !stale.has(entry));
  // What could not be judged stays as it is; the rest is brought up to date.
  const matched = [...report.diagnostics, ...report.baselined];
  const refreshed = refreshEntries(before, matched);
  const judged = new Set([...stale, ...refreshed].map((entry) => JSON.stringify(entry)));
  return [...refreshed, ...before.filter((entry) => !judged.has(JSON.stringify(entry)))];
}

function changeOf(before: readonly BaselineEntry[], after: readonly BaselineEntry[]): string {
  const known = new Set(before.map((entry) => JSON.stringify(entry)));
  const kept = after.filter((entry) => known.has(JSON.stringify(entry))).length;
  const [added, removed] = [after.length - kept, before.length - kept];
  const entries = `${after.length} ${after.length === 1 ? "entry" : "entries"}`;
  return before.length === 0 ? entries : `${entries}, ${added} changed, ${removed - added} gone`;
}

function write(file: string, text: string, limit: string): void {
  const path = realPathOf(file);
  if (!liesWithin(path, limit)) throw new UserError(`\`${baselineFileName}\` is a symlink out of the repository`);
  const before = existsSync(path) ? readFileSync(path) : null;
  try {
    writeFiles([{ path, before, after: Buffer.from(text) }]);
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    throw new UserError(`cannot write \`${baselineFileName}\`: ${error.why}`);
  }
}
