// Places and texts as SARIF has them.

import type { Report } from "../lint/finding.ts";
import type { Span } from "../source/span.ts";
import { locate } from "./place.ts";
import type { ReportOptions } from "./reporter.ts";
import { repositoryPath } from "./repository-path.ts";

/** `[text](target)` would be a link, in plain text too. */
export function plainText(text: string): string {
  return text.replace(/\[(?=[^\]]*\]\()/g, "\\[");
}

/** A file whose text nobody can show is pointed at as a whole. */
export function physicalLocation(at: Span, report: Report, options: ReportOptions) {
  const artifactLocation = sarifArtifact(at.file, report, options);
  return report.sources.has(at.file) ? { artifactLocation, region: sarifRegion(at, report) } : { artifactLocation };
}

export function sarifArtifact(path: string, report: Report, options: ReportOptions) {
  const uri = repositoryPath(report, path, options).split("/").map(encodeURIComponent).join("/");
  return { uri, uriBaseId: "%SRCROOT%" };
}

export function sarifRegion(at: Span, report: Report) {
  const { start, end } = locate(report, at);
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}
