// `--format sarif`: SARIF 2.1.0 for code scanning. What is suppressed or in the baseline is marked, never dropped.

import type { Fix } from "../edit/edit.ts";
import { isUnusable } from "../lint/broken.ts";
import type { Diagnostic, Note, Report, Severity } from "../lint/finding.ts";
import type { Rule } from "../rule.ts";
import { plainMarkdown } from "./markdown.ts";
import type { ReportOptions } from "./reporter.ts";
import { sarifNotifications } from "./sarif-notifications.ts";
import { physicalLocation, plainText, sarifArtifact, sarifRegion } from "./sarif-places.ts";
import { visibleJson } from "./visible.ts";

const levels: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };
const problemSeverities: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "recommendation",
};

export function reportSarif(report: Report, options: ReportOptions): string {
  const { rules, version } = options;
  const run = {
    tool: {
      driver: { name: "nixlint", semanticVersion: version, rules: rules.map((rule) => sarifRule(rule, options)) },
    },
    automationDetails: { id: "nixlint/" },
    columnKind: "unicodeCodePoints",
    originalUriBaseIds: { "%SRCROOT%": { description: { text: "The root of the repository." } } },
    invocations: [
      {
        executionSuccessful: !isUnusable(report),
        toolExecutionNotifications: sarifNotifications(report, options),
      },
    ],
    results: allResults(report, options),
  };
  const schema = "https://json.schemastore.org/sarif-2.1.0.json";
  return `${visibleJson({ $schema: schema, version: "2.1.0", runs: [run] })}\n`;
}

function sarifRule({ id, summary, severity, profile }: Rule, { page }: ReportOptions) {
  const markdown = plainMarkdown(page(id));
  return {
    id,
    shortDescription: { text: summary },
    fullDescription: { text: summary },
    help: { text: markdown, markdown },
    defaultConfiguration: { level: levels[severity], enabled: profile === "recommended" },
    properties: { tags: ["nix", profile], precision: "high", "problem.severity": problemSeverities[severity] },
  };
}

function allResults(report: Report, options: ReportOptions) {
  const result = (diagnostic: Diagnostic) => sarifResult(diagnostic, report, options);
  return [
    ...report.diagnostics.map(result),
    ...report.suppressed.map(({ diagnostic, reason, by }) => ({
      ...result(diagnostic),
      suppressions: [{ kind: by === "comment" ? "inSource" : "external", justification: reason }],
    })),
    ...report.baselined.map((diagnostic) => ({
      ...result(diagnostic),
      baselineState: "unchanged",
      suppressions: [{ kind: "external", justification: "in the baseline" }],
    })),
  ];
}

function sarifResult(diagnostic: Diagnostic, report: Report, options: ReportOptions) {
  const { rule, severity, at, fix, notes = [], hosts, subject, fingerprint } = diagnostic;
  const ruleIndex = options.rules.findIndex(({ id }) => id === rule);
  return {
    ruleId: rule,
    ...(ruleIndex >= 0 && { ruleIndex }),
    level: levels[severity],
    message: { text: messageText(diagnostic) },
    locations: [{ physicalLocation: physicalLocation(at, report, options) }],
    relatedLocations: notes.flatMap((note, index) => relatedLocation(note, index, { report, options })),
    partialFingerprints: { "nixlint/v1": fingerprint },
    ...(fix && { fixes: [sarifFix(fix, report, options)] }),
    properties: { hosts, subject },
  };
}

/** Notes that have no place would show nowhere else. */
function messageText({ message, hosts, notes = [] }: Diagnostic): string {
  const about = hosts.length === 0 ? "" : ` [${hosts.join(", ")}]`;
  const placeless = notes.filter(({ at }) => at === null).map((note) => `; ${note.message}`);
  return plainText(`${message}${about}${placeless.join("")}`);
}

interface Context {
  readonly report: Report;
  readonly options: ReportOptions;
}

function relatedLocation({ at, message }: Note, id: number, { report, options }: Context) {
  if (at === null) return [];
  const text = plainText(message);
  return [{ id, message: { text }, physicalLocation: physicalLocation(at, report, options) }];
}

/** A new file is text put at the beginning of one that does not exist. */
function sarifFix({ title, edits, newFiles = [] }: Fix, report: Report, options: ReportOptions) {
  const replacements = new Map<string, object[]>();
  const add = (path: string, deletedRegion: object, text: string) => {
    const list = replacements.get(path) ?? [];
    replacements.set(path, [...list, { deletedRegion, insertedContent: { text } }]);
  };
  for (const { span, text } of edits) add(span.file, sarifRegion(span, report), text);
  const beginning = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };
  for (const { path, text } of newFiles) add(path, beginning, text);
  return {
    description: { text: plainText(title) },
    artifactChanges: [...replacements].map(([path, list]) => ({
      artifactLocation: sarifArtifact(path, report, options),
      replacements: list,
    })),
  };
}
