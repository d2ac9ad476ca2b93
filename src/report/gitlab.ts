// `--format gitlab`: a Code Quality report, of which GitLab shows what a merge request adds and removes.

import { baselineFileName } from "../lint/baseline.ts";
import type { Diagnostic, Report, Severity } from "../lint/finding.ts";
import { digest } from "../lint/fingerprint.ts";
import type { Span } from "../source/span.ts";
import { locate, showAssumption, showBecause, showReason } from "./place.ts";
import type { ReportOptions } from "./reporter.ts";
import { placeOrFlake, repositoryPath } from "./repository-path.ts";
import { staleLine } from "./summary.ts";
import { visibleJson, visibleText } from "./visible.ts";

interface Issue {
  readonly rule: string;
  readonly severity: "blocker" | "critical" | "major" | "minor" | "info";
  readonly description: string;
  readonly fingerprint: string;
  readonly at: Span;
}

const ranks: readonly Issue["severity"][] = ["blocker", "critical", "major", "minor", "info"];
const severities: Readonly<Record<Severity, Issue["severity"]>> = { error: "critical", warning: "minor", info: "info" };

export function reportGitlab(report: Report, options: ReportOptions): string {
  const issues = [
    ...report.diagnostics.map((diagnostic) => findingIssue(diagnostic)),
    ...report.baselined.map((diagnostic) => baselinedIssue(diagnostic)),
    ...problemIssues(report),
    ...undecidedIssues(report),
    ...staleIssues(report),
    ...(options.verbose ? [...suppressedIssues(report), ...assumptionIssues(report)] : []),
  ];
  return `${visibleJson(distinct(issues).map((issue) => gitlabIssue(issue, report, options)))}\n`;
}

/**
 * A finding that the baseline holds on some hosts, or that an override makes another on some, is two, and a fingerprint
 * may stand once: for the worst.
 */
function distinct(issues: readonly Issue[]): Issue[] {
  const byFingerprint = new Map<string, Issue>();
  for (const issue of issues) {
    const before = byFingerprint.get(issue.fingerprint);
    if (before === undefined || rank(issue) < rank(before)) byFingerprint.set(issue.fingerprint, issue);
  }
  return [...byFingerprint.values()];
}

function rank({ severity }: Issue): number {
  return ranks.indexOf(severity);
}

function findingIssue({ rule, severity, message, hosts, fingerprint, at }: Diagnostic): Issue {
  const about = hosts.length === 0 ? "" : ` [${hosts.join(", ")}]`;
  return { rule, severity: severities[severity], description: `${message}${about}`, fingerprint, at };
}

/** GitLab knows no baseline of the tool's own: it stays in sight, as the least there is. */
function baselinedIssue(diagnostic: Diagnostic): Issue {
  const issue = findingIssue(diagnostic);
  return { ...issue, severity: "info", description: `${issue.description} (in the baseline)` };
}

function suppressedIssues({ suppressed }: Report): Issue[] {
  return suppressed.map(({ diagnostic, reason }): Issue => {
    const issue = findingIssue(diagnostic);
    return { ...issue, severity: "info", description: `${issue.description} (allowed: ${reason})` };
  });
}

function problemIssues(report: Report): Issue[] {
  const broken = report.broken.map(({ path, why }): Issue => {
    const description = `the file ${why}, so nothing that needs it was checked`;
    const at = { file: path, start: 0, end: 0 };
    return { rule: "nixlint", severity: "blocker", description, fingerprint: digest(`broken ${at.file}`), at };
  });
  const unresolved = report.unresolved.map(({ name, why }): Issue => {
    const description = `host \`${name}\` was not checked: ${showReason(report, why)}`;
    const at = placeOrFlake(report.root, [why.span]);
    return { rule: "nixlint", severity: "major", description, fingerprint: digest(`unresolved ${name}`), at };
  });
  return [...broken, ...unresolved];
}

function undecidedIssues(report: Report): Issue[] {
  return report.undecided.map(({ rule, subject, reasons, at }): Issue => {
    const why = reasons.map((reason) => showBecause(report, reason)).join("; ");
    const place = placeOrFlake(report.root, [at, ...reasons.map((reason) => reason.span)]);
    const fingerprint = digest(JSON.stringify(["undecided", rule, subject]));
    return { rule, severity: "info", description: `undecided: \`${subject}\`: ${why}`, fingerprint, at: place };
  });
}

function staleIssues(report: Report): Issue[] {
  return report.staleBaseline.map((entry): Issue => {
    const at = { file: `${report.root}/${baselineFileName}`, start: 0, end: 0 };
    const fingerprint = digest(JSON.stringify(["stale", entry]));
    return { rule: entry.rule, severity: "info", description: staleLine(entry), fingerprint, at };
  });
}

function assumptionIssues(report: Report): Issue[] {
  return report.assumptions.map((assumption): Issue => {
    const at = placeOrFlake(report.root, [assumption.at]);
    const fingerprint = digest(`assumed: ${assumption.message}`);
    return { rule: "nixlint", severity: "info", description: showAssumption(report, assumption), fingerprint, at };
  });
}

function gitlabIssue({ rule, severity, description, fingerprint, at }: Issue, report: Report, options: ReportOptions) {
  const { start, end } = locate(report, at);
  return {
    type: "issue",
    check_name: rule,
    description: visibleText(description),
    categories: ["Bug Risk"],
    severity,
    fingerprint,
    location: { path: repositoryPath(report, at.file, options), lines: { begin: start.line, end: end.line } },
  };
}
