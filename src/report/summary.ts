// The counts of a report, and the line that says them.

import type { BaselineEntry } from "../lint/baseline.ts";
import type { Report } from "../lint/finding.ts";
import { compareText } from "../lint/order.ts";

export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly undecided: number;
  readonly suppressed: number;
  readonly baselined: number;
  readonly fixable: number;
  readonly skipped: number;
  readonly files: number;
  readonly hosts: number;
}

export function summarize(report: Report): Summary {
  const { diagnostics } = report;
  return {
    errors: diagnostics.filter(({ severity }) => severity === "error").length,
    warnings: diagnostics.filter(({ severity }) => severity === "warning").length,
    infos: diagnostics.filter(({ severity }) => severity === "info").length,
    undecided: report.undecided.length + report.unresolved.length,
    suppressed: report.suppressed.length,
    baselined: report.baselined.length,
    fixable: diagnostics.filter(({ fix }) => fix !== undefined && fix.safety !== "unsafe").length,
    skipped: report.skipped.length,
    files: report.files,
    hosts: report.hosts,
  };
}

/** `3 errors, 1 warning, 2 undecided, 1 suppressed, 2 fixable with --fix`. */
export function summaryLine(report: Report): string {
  const summary = summarize(report);
  const unsafe = report.diagnostics.filter(({ fix }) => fix?.safety === "unsafe");
  const findings = [
    count(summary.errors, "error"),
    count(summary.warnings, "warning"),
    count(summary.infos, "info", "info"),
  ].filter((part) => part !== "");
  const rest = [
    count(summary.undecided, "undecided", "undecided"),
    count(summary.suppressed, "suppressed", "suppressed"),
    count(summary.baselined, "baselined", "baselined"),
    count(report.staleBaseline.length, "stale entry in the baseline", "stale entries in the baseline"),
    count(summary.skipped, "file skipped", "files skipped"),
    count(report.fixed?.length ?? 0, "fixed", "fixed"),
    count(summary.fixable, "fixable with --fix", "fixable with --fix"),
    count(unsafe.length, "fixable with --unsafe-fixes", "fixable with --unsafe-fixes"),
  ].filter((part) => part !== "");
  const looked = `${plural(summary.hosts, "host")}, ${plural(summary.files, "file")}`;
  if (findings.length === 0) return [`no findings in ${looked}`, ...rest].join(", ");
  return [...findings, ...rest].join(", ");
}

/** How often each rule is broken, the most frequent first. */
export function statistics({ diagnostics }: Report): string[] {
  const counts = new Map<string, number>();
  for (const { rule } of diagnostics) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const rows = [...counts].sort(([a, first], [b, second]) => second - first || compareText(a, b));
  const width = Math.max(0, ...rows.map(([, count]) => String(count).length));
  return rows.map(([rule, count]) => `${String(count).padStart(width)}  ${rule}`);
}

export function staleLine({ rule, subject, host }: BaselineEntry): string {
  return `stale[${rule}]: \`${subject}\`${host === null ? "" : ` [${host}]`} is in the baseline and no finding any more`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return number === 0 ? "" : `${number} ${number === 1 ? one : many}`;
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
