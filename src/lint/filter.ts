// Narrows a report to paths and hosts. The whole flake was analysed all the same, and broken files stay in sight.

import { join } from "node:path";
import type { Span } from "../source/span.ts";
import type { Diagnostic, Report, UndecidedResult } from "./finding.ts";

export interface Filter {
  /** Absolute files and directories; empty: all. */
  readonly paths: readonly string[];
  /** Names; empty: all. */
  readonly hosts: readonly string[];
}

/** A finding stays when its subject, its cause or a note lies in one of the paths and it holds for one of the hosts. */
export function filterReport(report: Report, filter: Filter): Report {
  const shown = (diagnostic: Diagnostic) =>
    isOnHosts(diagnostic.hosts, filter) && placesOf(diagnostic, report).some((path) => isInPaths(path, filter));
  return {
    ...report,
    diagnostics: report.diagnostics.filter(shown),
    baselined: report.baselined.filter(shown),
    suppressed: report.suppressed.filter(({ diagnostic }) => shown(diagnostic)),
    undecided: report.undecided.filter((result) => isOnHosts(result.hosts ?? [], filter) && isNear(result, filter)),
    skipped: report.skipped.filter(({ path }) => isInPaths(path, filter)),
  };
}

/** What is about no host in particular is about all of them. */
function isOnHosts(hosts: readonly string[], filter: Filter): boolean {
  return filter.hosts.length === 0 || hosts.length === 0 || hosts.some((host) => filter.hosts.includes(host));
}

function placesOf({ at, notes = [], subject }: Diagnostic, { root }: Report): string[] {
  const spans = [at, ...notes.map((note) => note.at)].filter((span): span is Span => span !== null);
  return [join(root, subject), ...spans.map((span) => span.file)];
}

function isNear({ at, reasons }: UndecidedResult, filter: Filter): boolean {
  if (filter.paths.length === 0) return true;
  return [at, ...reasons.map((reason) => reason.span)].some((span) => span !== null && isInPaths(span.file, filter));
}

function isInPaths(path: string, { paths }: Filter): boolean {
  return paths.length === 0 || paths.some((wanted) => path === wanted || path.startsWith(`${wanted}/`));
}
