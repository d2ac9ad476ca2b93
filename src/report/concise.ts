// `--format concise`: one line per finding, `path:line:column: severity rule: message [hosts]`, for editors and grep.

import type { Unknown } from "../eval/unknown.ts";
import type { Diagnostic, Report, UndecidedResult } from "../lint/finding.ts";
import { displayPath, showAssumption, showBecause, showPlace, showReason } from "./place.ts";
import type { ReportOptions } from "./reporter.ts";
import { staleLine, statistics, summaryLine } from "./summary.ts";
import { visibleLine } from "./visible.ts";

export function reportConcise(report: Report, options: ReportOptions): string {
  const { verbose, quiet } = options;
  const lines = [
    ...report.diagnostics.map((diagnostic) => findingLine(report, diagnostic)),
    ...report.unresolved.map(({ name, why }) => unresolvedLine(report, name, why)),
    ...report.broken.map(({ path, why }) => `${displayPath(report, path)}: broken: ${why}`),
    ...(report.fixed ?? []).map((diagnostic) => fixedLine(report, diagnostic)),
    ...(verbose ? verboseLines(report) : []),
    ...(options.statistics ? statistics(report) : []),
    ...(quiet ? [] : [summaryLine(report)]),
  ];
  return lines.map((line) => `${visibleLine(line)}\n`).join("");
}

function verboseLines(report: Report): string[] {
  return [
    ...report.undecided.map((result) => undecidedLine(report, result)),
    ...report.suppressed.map(
      ({ diagnostic, reason }) => `${settledLine(report, diagnostic, "suppressed")} -- ${reason}`,
    ),
    ...report.baselined.map((diagnostic) => settledLine(report, diagnostic, "baselined")),
    ...report.staleBaseline.map(staleLine),
    ...report.skipped.map(({ path, why }) => `${displayPath(report, path)}: skipped: ${why}`),
    ...report.assumptions.map((assumption) => showAssumption(report, assumption)),
  ];
}

function settledLine(report: Report, { at, rule, message, hosts }: Diagnostic, how: string): string {
  return `${showPlace(report, at)}: ${how} ${rule}: ${message}${hostList(hosts)}`;
}

function findingLine(report: Report, { at, severity, rule, message, hosts }: Diagnostic): string {
  return `${showPlace(report, at)}: ${severity} ${rule}: ${message}${hostList(hosts)}`;
}

function fixedLine(report: Report, { at, rule, subject, fix }: Diagnostic): string {
  return `${displayPath(report, at.file)}: fixed ${rule}: \`${subject}\`: ${fix?.title ?? ""}`;
}

function unresolvedLine(report: Report, host: string, why: Unknown): string {
  const place = why.span === null ? "" : `${showPlace(report, why.span)}: `;
  return `${place}not checked: host \`${host}\`: ${showReason(report, why)}`;
}

function undecidedLine(report: Report, { at, rule, subject, reasons, hosts = [] }: UndecidedResult): string {
  const place = at === null ? "" : `${showPlace(report, at)}: `;
  const why = reasons.map((reason) => showBecause(report, reason)).join("; ");
  return `${place}undecided ${rule}: \`${subject}\`: ${why}${hostList(hosts)}`;
}

function hostList(hosts: readonly string[]): string {
  return hosts.length === 0 ? "" : ` [${hosts.join(", ")}]`;
}
