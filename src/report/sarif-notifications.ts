// What SARIF says beside results: what could not be checked or decided, was skipped or is taken for granted.

import type { Report } from "../lint/finding.ts";
import type { Span } from "../source/span.ts";
import { displayPath, showAssumption, showBecause, showReason } from "./place.ts";
import type { ReportOptions } from "./reporter.ts";
import { physicalLocation, plainText } from "./sarif-places.ts";
import { staleLine } from "./summary.ts";

interface Notification {
  readonly level: "error" | "warning" | "note";
  readonly text: string;
  readonly at: Span | null;
  readonly rule?: string;
}

export function sarifNotifications(report: Report, options: ReportOptions) {
  return notifications(report).map(({ level, text, at, rule }) => ({
    level,
    message: { text: plainText(text) },
    ...(at !== null && { locations: [{ physicalLocation: physicalLocation(at, report, options) }] }),
    ...(rule !== undefined && { associatedRule: { id: rule } }),
  }));
}

function notifications(report: Report): Notification[] {
  return [
    ...report.broken.map(({ path, why }): Notification => {
      return { level: "error", text: `the file ${why}, so nothing that needs it was checked`, at: wholeFile(path) };
    }),
    ...report.unresolved.map(({ name, why }): Notification => {
      return { level: "warning", text: `host \`${name}\` was not checked: ${showReason(report, why)}`, at: why.span };
    }),
    ...report.undecided.map(({ rule, subject, reasons, at }): Notification => {
      const why = reasons.map((reason) => showBecause(report, reason)).join("; ");
      const place = reasons.find(({ span }) => span !== null)?.span ?? at;
      return { level: "note", text: `undecided: \`${subject}\`: ${why}`, at: place, rule };
    }),
    ...report.staleBaseline.map((entry): Notification => ({ level: "note", text: staleLine(entry), at: null })),
    ...report.skipped.map(({ path, why }): Notification => {
      return { level: "note", text: `skipped: ${displayPath(report, path)}: ${why}`, at: wholeFile(path) };
    }),
    ...report.assumptions.map((assumption): Notification => {
      return { level: "note", text: showAssumption(report, assumption), at: assumption.at };
    }),
  ];
}

function wholeFile(path: string): Span {
  return { file: path, start: 0, end: 0 };
}
