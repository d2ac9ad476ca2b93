// `--fix` and `--diff`: runs the fixes in memory, then writes the files that change, or shows what would change.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Safety } from "../edit/edit.ts";
import type { Report } from "../lint/finding.ts";
import { type FixRequest, type FixResult, runFixes } from "../lint/fix-loop.ts";
import { UserError } from "../lint/user-error.ts";
import { patchText } from "../report/patch.ts";
import { displayPath } from "../report/place.ts";
import { visibleLine, visibleText } from "../report/visible.ts";
import { type FileWrite, WriteError, writeFiles } from "../source/write-files.ts";
import { addIntent, isIgnored, isTracked } from "./git-work.ts";
import type { Io } from "./io.ts";
import { withLock } from "./lock.ts";
import { findGitRoot, gitDirectory, liesWithin, realPathOf } from "./repository.ts";

export interface FixFlags {
  readonly fix?: "all" | "safe";
  readonly unsafeFixes?: boolean;
  readonly diff?: boolean;
}

export function wantsFixes({ fix, diff }: FixFlags): boolean {
  return fix !== undefined || diff === true;
}

export interface Fixing extends Pick<FixRequest, "fs" | "lint" | "narrow"> {
  /** Of the flake. */
  readonly root: string;
  readonly flags: FixFlags;
}

export interface Fixed {
  /** After the fixes; with `--diff` too, though nothing is written. */
  readonly report: Report;
  readonly changesSomething: boolean;
  /** A fix did something that it must not: exit 2. */
  readonly failed: boolean;
}

export function fixFlake({ root, flags, ...request }: Fixing, io: Io): Fixed {
  const repository = findGitRoot(root);
  const result = runFixes({
    ...request,
    safeties: safetiesOf(flags),
    objection: (path, created) => objectionTo(path, created, { root, repository }),
  });
  if (flags.diff) printPatch(patchText(result.files, repository ?? root), io);
  else if (result.files.length > 0) writeResult(result, { root, repository }, io);
  const failed = reportTroubles(result, io);
  const report = flags.diff ? result.report : { ...result.report, fixed: result.applied };
  return { report, changesSomething: result.files.length > 0, failed };
}

/** Only a terminal obeys control characters; `git apply` wants the bytes. */
function printPatch(patch: string, io: Io): void {
  io.stdout(io.stdoutIsTerminal ? visibleText(patch) : patch);
}

function safetiesOf({ fix, unsafeFixes }: FixFlags): ReadonlySet<Safety> {
  const safeties: Safety[] = ["safe"];
  if (fix !== "safe") safeties.push("scaffold");
  if (unsafeFixes) safeties.push("unsafe");
  return new Set(safeties);
}

interface Place {
  readonly root: string;
  /** Null outside of git. */
  readonly repository: string | null;
}

/** Nothing outside of the repository, nothing that git ignores, nothing that would surprise its author. */
function objectionTo(path: string, created: string | null, { root, repository }: Place): string | null {
  const real = realPathOf(path);
  if (!liesWithin(real, repository ?? root)) return "it lies outside of the repository";
  if (created === null) return repository === null || isTracked(repository, real) ? null : "git does not track it";
  // The same text is what is left of a run that was interrupted.
  if (existsSync(path) && readFileSync(path, "utf8") !== created) return "it exists already, and git does not track it";
  return repository !== null && isIgnored(repository, path) ? "git ignores it" : null;
}

function writeResult({ files, report }: FixResult, { root, repository }: Place, io: Io): void {
  const writes = files.map(({ path, before, after }): FileWrite => {
    return { path: realPathOf(path), before: before === null ? null : Buffer.from(before), after: Buffer.from(after) };
  });
  const lock = join((repository === null ? null : gitDirectory(repository)) ?? root, ".nixlint.lock");
  try {
    withLock(lock, () => writeFiles(writes));
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    const rest = error.written.map((path) => displayPath(report, path)).join(", ");
    const hint = rest === "" ? "nothing was written" : `written before: ${rest}`;
    throw new UserError(`cannot write \`${displayPath(report, error.path)}\`: ${error.why}`, hint);
  }
  const created = files.flatMap(({ path, before }) => (before === null ? [path] : []));
  if (repository !== null && created.length > 0) announceNewFiles(created, { repository, report }, io);
}

/** A flake is what git tracks: a new file that git knows nothing of would not exist for Nix. */
function announceNewFiles(
  paths: readonly string[],
  { repository, report }: { readonly repository: string; readonly report: Report },
  io: Io,
): void {
  const names = paths.map((path) => displayPath(report, path)).join(" ");
  const trouble = addIntent(repository, paths);
  const line =
    trouble === null
      ? `new, and added with \`git add --intent-to-add\` so that the flake has them: ${names}`
      : `new, and not in the flake before you run \`git add ${names}\`: git said ${trouble}`;
  io.stderr(`nixlint: ${visibleLine(line)}\n`);
}

/** Whether something happened that must not. */
function reportTroubles({ declined, refused, converged, report }: FixResult, io: Io): boolean {
  for (const { diagnostic, path, why } of declined) {
    const line = `not fixed: ${diagnostic.rule}: \`${displayPath(report, path)}\`: ${why}`;
    io.stderr(`nixlint: ${visibleLine(line)}\n`);
  }
  for (const { rule, subject, fix } of refused) {
    const line = `the fix of ${rule} for \`${subject}\` (${fix?.title}) would break a file, and was not applied`;
    io.stderr(`nixlint: ${visibleLine(line)}: this is a bug in nixlint\n`);
  }
  if (!converged) io.stderr("nixlint: fixes did not come to an end after ten passes: this is a bug in nixlint\n");
  return refused.length > 0 || !converged;
}
