// `--format json`: version 1 of the published shape (schema/report.schema.json), findings in report order.

import type { Diagnostic, Report, UndecidedResult } from "../lint/finding.ts";
import type { Span } from "../source/span.ts";
import { displayPath, type Location, locate, relativeText, showReason } from "./place.ts";
import type { ReportOptions } from "./reporter.ts";
import { summarize } from "./summary.ts";
import { visibleJson } from "./visible.ts";

export const schemaVersion = 1;

export function reportJson(report: Report, { version }: ReportOptions): string {
  return `${visibleJson({
    schemaVersion,
    tool: { name: "nixlint", version },
    summary: summarize(report),
    findings: report.diagnostics.map((diagnostic) => jsonFinding(report, diagnostic)),
    ...(report.fixed && { fixed: report.fixed.map((diagnostic) => jsonFixed(report, diagnostic)) }),
    undecided: report.undecided.flatMap((result) => jsonUndecided(report, result)),
    suppressed: report.suppressed.map(({ diagnostic, reason }) => ({ ...jsonFinding(report, diagnostic), reason })),
    baselined: report.baselined.map((diagnostic) => jsonFinding(report, diagnostic)),
    staleBaseline: report.staleBaseline,
    unresolvedHosts: report.unresolved.map(({ name, why }) => ({
      name,
      reason: showReason(report, why),
      location: located(report, why.span),
    })),
    broken: report.broken.map(({ path, why }) => ({ path: displayPath(report, path), why })),
    skipped: report.skipped.map(({ path, why }) => ({ path: displayPath(report, path), why })),
    assumptions: report.assumptions.map(({ message, at, hosts }) => ({
      message: relativeText(report, message),
      hosts,
      location: located(report, at),
    })),
  })}\n`;
}

function jsonFinding(report: Report, diagnostic: Diagnostic) {
  const { rule, severity, message, hosts, subject, fingerprint, fix } = diagnostic;
  return {
    rule,
    severity,
    message,
    hosts,
    subject,
    location: locate(report, diagnostic.at),
    related: (diagnostic.notes ?? []).map((note) => ({ message: note.message, location: located(report, note.at) })),
    fingerprint,
    ...(fix && { fix: jsonFix(report, fix) }),
  };
}

/** Where it was is not there any more. */
function jsonFixed(report: Report, { rule, subject, hosts, at, fix }: Diagnostic) {
  const { title, safety, commands = [] } = fix ?? {};
  return { rule, subject, hosts, path: displayPath(report, at.file), title, safety, commands };
}

function jsonFix(report: Report, { title, safety, edits, newFiles, commands = [] }: NonNullable<Diagnostic["fix"]>) {
  return {
    title,
    safety,
    commands,
    edits: edits.map(({ span, text }) => ({ ...locate(report, span), text })),
    newFiles: (newFiles ?? []).map(({ path, text }) => ({ path: displayPath(report, path), text })),
  };
}

/** One entry for each host that it concerns; `host` is null for what is about no host. */
function jsonUndecided(report: Report, { rule, subject, hosts = [], reasons, at }: UndecidedResult) {
  const reason = reasons.map((unknown) => showReason(report, unknown)).join("; ");
  const location = located(report, reasons.find(({ span }) => span !== null)?.span ?? at);
  const about: readonly (string | null)[] = hosts.length > 0 ? hosts : [null];
  return about.map((host) => ({ rule, host, subject, reason, location }));
}

function located(report: Report, span: Span | null): Location | null {
  return span === null ? null : locate(report, span);
}
