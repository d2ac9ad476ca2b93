// `--format github`: workflow commands, which GitHub, Forgejo and Gitea show as annotations beside the code.

import type { Diagnostic, Report, Severity, UndecidedResult } from "../lint/finding.ts";
import type { Span } from "../source/span.ts";
import { locate, showAssumption, showBecause, showPlace, showReason } from "./place.ts";
import type { ReportOptions } from "./reporter.ts";
import { repositoryPath } from "./repository-path.ts";
import { staleLine, summarize, summaryLine } from "./summary.ts";
import { visibleText } from "./visible.ts";

interface Annotation {
  readonly command: "error" | "warning" | "notice";
  readonly title: string;
  readonly at: Span | null;
  readonly lines: readonly string[];
}

const commands: Readonly<Record<Severity, Annotation["command"]>> = {
  error: "error",
  warning: "warning",
  info: "notice",
};

export function reportGithub(report: Report, options: ReportOptions): string {
  const annotations = [
    ...report.diagnostics.map((diagnostic) => annotate(diagnostic, report)),
    ...problems(report),
    ...rest(report, options),
  ];
  return annotations.map((annotation) => `${workflowCommand(annotation, report, options)}\n`).join("");
}

function annotate({ severity, rule, message, hosts, notes, at, fix }: Diagnostic, report: Report): Annotation {
  const lines = [message];
  for (const note of notes ?? []) {
    lines.push(`note: ${note.message}${note.at === null ? "" : ` (${showPlace(report, note.at)})`}`);
  }
  lines.push(...hostLines(hosts));
  if (fix !== undefined) lines.push(`fix: ${fix.title}`);
  lines.push(`help: nixlint explain ${rule}`);
  return { command: commands[severity], title: rule, at, lines };
}

function problems(report: Report): Annotation[] {
  const unresolved = report.unresolved.map(
    ({ name, why }): Annotation => ({
      command: "warning",
      title: "nixlint",
      at: why.span,
      lines: [`host \`${name}\` was not checked: ${showReason(report, why)}`],
    }),
  );
  const broken = report.broken.map(
    ({ path, why }): Annotation => ({
      command: "error",
      title: "nixlint",
      at: { file: path, start: 0, end: 0 },
      lines: [`the file ${why}, so nothing that needs it was checked`],
    }),
  );
  return [...unresolved, ...broken];
}

/** What is no finding is one line, lest it hides them: forges show ten annotations of a kind. All of it with `-v`. */
function rest(report: Report, { quiet, verbose }: ReportOptions): Annotation[] {
  const { undecided, suppressed, baselined, skipped } = summarize(report);
  const others = verbose ? verboseNotices(report) : [];
  const { staleBaseline } = report;
  if (quiet || undecided + suppressed + baselined + skipped + staleBaseline.length === 0) return others;
  return [...others, notice("nixlint", null, summaryLine(report))];
}

function verboseNotices(report: Report): Annotation[] {
  return [
    ...report.undecided.map((result) => undecidedNotice(result, report)),
    ...report.suppressed.map(({ diagnostic, reason }) => settledNotice(`allowed (${reason})`, diagnostic)),
    ...report.baselined.map((diagnostic) => settledNotice("in the baseline", diagnostic)),
    ...report.staleBaseline.map((entry) => notice(entry.rule, null, staleLine(entry))),
    ...report.skipped.map(({ path, why }) => notice("nixlint", { file: path, start: 0, end: 0 }, `skipped: ${why}`)),
    ...report.assumptions.map((assumption) => notice("nixlint", assumption.at, showAssumption(report, assumption))),
  ];
}

function undecidedNotice({ rule, subject, at, reasons, hosts }: UndecidedResult, report: Report): Annotation {
  const because = reasons.map((reason) => `because: ${showBecause(report, reason)}`);
  return notice(rule, at, `undecided: \`${subject}\``, ...because, ...hostLines(hosts));
}

function settledNotice(how: string, { rule, at, message, hosts }: Diagnostic): Annotation {
  return notice(rule, at, `${how}: ${message}`, ...hostLines(hosts));
}

function hostLines(hosts: readonly string[]): readonly string[] {
  return hosts.length === 0 ? [] : [`hosts: ${hosts.join(", ")}`];
}

function notice(title: string, at: Span | null, ...lines: readonly string[]): Annotation {
  return { command: "notice", title, at, lines };
}

function workflowCommand({ command, title, at, lines }: Annotation, report: Report, options: ReportOptions): string {
  const properties = { ...(at === null ? {} : placeProperties(at, report, options)), title };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${command} ${list.join(",")}::${escapeData(visibleText(lines.join("\n")))}`;
}

/** Columns only where they are of one line: with others the forge drops the annotation's place. */
function placeProperties(at: Span, report: Report, options: ReportOptions): Record<string, string | number> {
  const { start, end } = locate(report, at);
  const place = { file: repositoryPath(report, at.file, options), line: start.line, endLine: end.line };
  return start.line === end.line ? { ...place, col: start.column, endColumn: end.column } : place;
}

/** As the runner reads them back; a raw line end would begin another command. */
function escapeData(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(visibleText(text)).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
