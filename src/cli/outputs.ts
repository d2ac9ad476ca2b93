// Which formats go where: `--format F [--output-file P]`, repeatable, at most one on stdout.

import { appendFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Report } from "../lint/finding.ts";
import { suggest } from "../lint/suggestion.ts";
import { UserError } from "../lint/user-error.ts";
import { reportActionsLog, withoutCommands } from "../report/actions-log.ts";
import { reportConcise } from "../report/concise.ts";
import { type Reporter, type ReportOptions, reporters } from "../report/reporter.ts";
import { reportText } from "../report/text.ts";
import { timed } from "../source/stopwatch.ts";
import type { Io } from "./io.ts";
import { findGitRoot, liesWithin, realPathOf } from "./repository.ts";

export interface Output {
  readonly report: Reporter;
  /** Null: stdout. */
  readonly file: string | null;
}

/** Pairs formats and files in the order in which they were typed; a file may also stand before its format. */
export class OutputArguments {
  private readonly outputs: { format: string | null; file: string | null }[] = [];

  addFormat(format: string): void {
    if (!Object.hasOwn(reporters, format)) {
      const formats = Object.keys(reporters);
      throw new UserError(`unknown format \`${format}\``, suggest(format, formats) ?? `formats: ${formats.join(", ")}`);
    }
    const waiting = this.outputs.find((output) => output.format === null);
    if (waiting) waiting.format = format;
    else this.outputs.push({ format, file: null });
  }

  addFile(file: string): void {
    const last = this.outputs.at(-1);
    if (last !== undefined && last.file === null) last.file = file;
    else this.outputs.push({ format: null, file });
  }

  /** Text on stdout when nothing was asked for; what a forge's log shows when nothing was asked for on stdout. */
  resolve({ env }: Pick<Io, "env">): readonly Output[] {
    const outputs = this.outputs.map(({ format, file }) => ({ format: format ?? "text", file }));
    const onStdout = outputs.filter(({ file }) => file === null);
    if (onStdout.length > 1) {
      const formats = onStdout.map(({ format }) => `\`${format}\``).join(" and ");
      throw new UserError(`${formats} cannot both go to stdout`, "give each but one an `--output-file`");
    }
    const asked = outputs.map(({ format, file }) => ({ report: reporterOf(format), file }));
    if (onStdout.length === 0 && env.GITHUB_ACTIONS === "true")
      return [...asked, { report: reportActionsLog, file: null }];
    return asked.length === 0 ? [{ report: reportText, file: null }] : asked;
  }
}

function reporterOf(format: string): Reporter {
  const reporter = reporters[format];
  if (reporter === undefined) throw new Error(`no reporter for ${format}`);
  return reporter;
}

/** Colours are for stdout only. */
export function writeOutputs(report: Report, outputs: readonly Output[], { io, options }: OutputTarget): void {
  for (const { report: render, file } of outputs) {
    if (file === null)
      io.stdout(
        shown(
          timed("report", () => render(report, options)),
          render,
          io,
        ),
      );
    else writeReport(resolve(io.cwd, file), render(report, { ...options, color: false }));
  }
}

/** In a forge's log text for people gives no orders to the runner. */
function shown(text: string, render: Reporter, { env }: Io): string {
  const isForPeople = render === reportText || render === reportConcise;
  return isForPeople && env.GITHUB_ACTIONS === "true" ? withoutCommands(text) : text;
}

export interface OutputTarget {
  readonly io: Io;
  readonly options: ReportOptions;
}

/** A report is whole or not there; what is no file of its own (`/dev/stdout`, a pipe) is written to as it is. */
function writeReport(path: string, text: string): void {
  const kind = statSync(path, { throwIfNoEntry: false });
  try {
    if (path.startsWith("/dev/") || (kind !== undefined && !kind.isFile())) {
      appendFileSync(path, text);
      return;
    }
    const real = realPathOf(path);
    if (!staysWhereItSeems(path, real)) throw new UserError(`\`${path}\` is a symlink out of the repository`);
    replaceFile(real, text, kind?.mode);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `cannot write \`${path}\`: ${error instanceof Error ? error.message.replace(/,.*/s, "") : String(error)}`,
    );
  }
}

function replaceFile(path: string, text: string, mode = 0o666): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text, { flag: "wx", mode: mode & 0o777 });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Whoever names a file of the repository does not mean another one that a symlink in the repository names. */
function staysWhereItSeems(path: string, real: string): boolean {
  const limit = findGitRoot(dirname(path));
  return limit === null || !liesWithin(path, limit) || liesWithin(real, realPathOf(limit));
}
