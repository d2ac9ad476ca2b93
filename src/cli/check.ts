// `nixlint check`: lints the whole flake, reports what was asked for, and says with its exit code what that means.

import { relative } from "node:path";
import { rules } from "../../rules/index.ts";
import { isUnusable } from "../lint/broken.ts";
import { filterReport } from "../lint/filter.ts";
import type { Report, Severity } from "../lint/finding.ts";
import { type LoadedFlake, lintFlake } from "../lint/lint-flake.ts";
import { isAtLeast } from "../lint/merge.ts";
import { closestName } from "../lint/suggestion.ts";
import { UserError } from "../lint/user-error.ts";
import { knownBefore, onlyChanged } from "./changed.ts";
import { type ColorChoice, usesColor } from "./color.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { type Fixed, type FixFlags, fixFlake, wantsFixes } from "./fix.ts";
import { type FlakeFlags, type OpenedFlake, openFlake } from "./flake-arguments.ts";
import { findFlakeRoot, resolveExisting } from "./flake-root.ts";
import { readPaths, writeHookRecord } from "./hook-record.ts";
import { type Io, today } from "./io.ts";
import { type OutputArguments, writeOutputs } from "./outputs.ts";
import { rulePage } from "./pages.ts";
import { currentVersion, findGitRoot, type Version } from "./repository.ts";
import { version } from "./version.ts";

export interface CheckFlags extends FlakeFlags, FixFlags {
  /** A revision; findings that were there already are not reported. */
  readonly changed?: string;
  readonly failOn: Severity;
  readonly failOnUndecided?: boolean;
  readonly exitZero?: boolean;
  readonly hook?: boolean;
  readonly statistics?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: ColorChoice;
}

export interface CheckArguments {
  readonly paths: readonly string[];
  readonly flags: CheckFlags;
  readonly outputs: OutputArguments;
  /** The whole command line, by which a hook's runs are told apart. */
  readonly argv: readonly string[];
  /** Names of all commands: a misspelt one arrives here as a path. */
  readonly commands: readonly string[];
}

export function check({ paths, flags, outputs, argv, commands }: CheckArguments, io: Io): ExitCode {
  const targets = outputs.resolve(io);
  const scope = resolveScope(paths, commands, io);
  // Fixes are for the files on disk, whatever is staged.
  const state: Version = wantsFixes(flags) ? { kind: "work-tree" } : currentVersion(scope.root, io);
  const opened = openFlake(scope.root, flags, { cwd: io.cwd, version: state });
  const { baseline } = opened;
  const lint = ({ config, ...loaded }: LoadedFlake & Pick<OpenedFlake, "config">) =>
    lintFlake(loaded, { rules, config, baseline, today: today(io) });
  const before = knownBefore({ root: scope.root, flags, version: state }, io);
  const narrow = (whole: Report) =>
    filterReport(onlyChanged(whole, before), { paths: scope.narrowed, hosts: flags.host ?? [] });
  const options = {
    version,
    color: usesColor(flags.color, io),
    verbose: flags.verbose ?? false,
    quiet: flags.quiet ?? false,
    statistics: flags.statistics ?? false,
    directory: relative(findGitRoot(scope.root) ?? scope.root, scope.root),
    rules,
    page: rulePage,
  };
  if (!wantsFixes(flags)) {
    const report = narrow(lint(opened));
    writeOutputs(report, targets, { io, options });
    const printsAll = targets.every(({ file }) => file === null);
    if (printsAll && state.kind === "work-tree" && !flags.changed && opened.isSelfContained) {
      io.repeatable?.({ root: scope.root, paths: paths.length === 0 ? ["."] : paths, ...opened });
    }
    if (flags.hook) writeHookRecord({ argv, read: readPaths(opened), state }, io);
    return exitCodeOf(report, flags);
  }
  const { fs } = opened.flake.session;
  const request = { root: scope.root, flags, fs, narrow };
  const fixed = fixFlake({ ...request, lint: (files) => lint(files === fs ? opened : opened.reload(files)) }, io);
  const report = narrow(fixed.report);
  const shown = flags.diff ? targets.filter(({ file }) => file !== null) : targets;
  writeOutputs(report, shown, { io, options });
  if (flags.hook && !fixed.changesSomething) writeHookRecord({ argv, read: readPaths(opened), state }, io);
  return exitCodeAfter(fixed, exitCodeOf(report, flags), flags);
}

/** `--diff` says with its exit code whether there is something to do; a fix that failed is a failure. */
function exitCodeAfter({ changesSomething, failed }: Fixed, rest: ExitCode, { diff }: CheckFlags): ExitCode {
  if (failed || rest === exitCode.failure) return exitCode.failure;
  return diff && changesSomething ? exitCode.findings : rest;
}

interface Scope {
  readonly root: string;
  /** Paths to report on; empty: all. */
  readonly narrowed: readonly string[];
}

function resolveScope(paths: readonly string[], commands: readonly string[], { cwd }: Io): Scope {
  const existing = (paths.length === 0 ? [cwd] : paths).map((path) => {
    const command = /^[a-z]+$/.test(path) ? closestName(path, commands) : null;
    return resolveExisting(path, cwd, command === null ? null : `did you mean \`nixlint ${command}\`?`);
  });
  const roots = [...new Set(existing.map(findFlakeRoot))];
  const [root] = roots;
  if (root === undefined || roots.length > 1) {
    throw new UserError("the paths belong to different flakes", `run nixlint once for each: ${roots.join(", ")}`);
  }
  const everything = paths.length === 0 || existing.includes(root);
  return { root, narrowed: everything ? [] : existing };
}

function exitCodeOf(report: Report, { failOn, failOnUndecided, exitZero }: CheckFlags): ExitCode {
  if (isUnusable(report)) return exitCode.failure;
  if (exitZero) return exitCode.ok;
  const fails = report.diagnostics.some(({ severity }) => isAtLeast(severity, failOn));
  const doubts = report.undecided.length + report.unresolved.length;
  return fails || (failOnUndecided && doubts > 0) ? exitCode.findings : exitCode.ok;
}
