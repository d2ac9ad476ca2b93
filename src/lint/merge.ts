// Collects what rules yield, host by host: one cause is one finding that names its hosts, and what cannot be decided
// is counted once for each rule and subject.

import type { Unknown } from "../eval/unknown.ts";
import { timed } from "../source/stopwatch.ts";
import type { Doubt, Finding, Outcome, Severity, UndecidedResult } from "./finding.ts";
import { compareText } from "./order.ts";

/** A diagnostic before it has a fingerprint. */
export interface MergedFinding extends Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly hosts: readonly string[];
}

export interface Outcomes {
  readonly findings: Map<string, MergedFinding>;
  readonly doubts: Map<string, UndecidedResult>;
}

export interface OutcomeOrigin {
  readonly rule: string;
  readonly severity: Severity;
  /** Empty for roles on their own and for what is about files. */
  readonly hosts: readonly string[];
}

export function mergeOutcome(outcomes: Outcomes, outcome: Outcome, origin: OutcomeOrigin): void {
  if (outcome.kind === "finding") mergeEach(outcomes.findings, outcome, origin);
  else mergeDoubt(outcomes.doubts, outcome, origin);
}

function mergeEach(
  findings: Map<string, MergedFinding>,
  { also = [], ...finding }: Finding,
  origin: OutcomeOrigin,
): void {
  for (const subject of new Set([finding.subject, ...also])) mergeFinding(findings, { ...finding, subject }, origin);
}

function mergeFinding(findings: Map<string, MergedFinding>, finding: Finding, origin: OutcomeOrigin): void {
  const { at, subject, message } = finding;
  const key = JSON.stringify([origin.rule, at.file, at.start, at.end, subject, message]);
  const before = findings.get(key);
  findings.set(key, {
    ...(before ?? withFix(finding)),
    rule: origin.rule,
    severity: worse(before?.severity ?? "info", origin.severity),
    hosts: joinHosts(before?.hosts ?? [], origin.hosts),
  });
}

function withFix({ offer, ...finding }: Finding): Finding {
  const fix = finding.fix ?? (offer && timed("fixes", offer));
  return fix === undefined ? finding : { ...finding, fix };
}

function mergeDoubt(doubts: Map<string, UndecidedResult>, doubt: Doubt, origin: OutcomeOrigin): void {
  const key = JSON.stringify([origin.rule, doubt.subject]);
  const before = doubts.get(key);
  doubts.set(key, {
    kind: "undecided",
    rule: origin.rule,
    subject: doubt.subject,
    at: before?.at ?? doubt.at,
    reasons: distinctReasons([...(before?.reasons ?? []), ...doubt.reasons]),
    hosts: joinHosts(before?.hosts ?? [], origin.hosts),
  });
}

/** Reasons that say the same about the same place are one. */
function distinctReasons(reasons: readonly Unknown[]): Unknown[] {
  const distinct = new Map<string, Unknown>();
  for (const reason of reasons) {
    const { span } = reason;
    const key = JSON.stringify([reason.reason, reason.message, span?.file, span?.start, span?.end]);
    if (!distinct.has(key)) distinct.set(key, reason);
  }
  return [...distinct.values()];
}

function joinHosts(before: readonly string[], more: readonly string[]): readonly string[] {
  return [...new Set([...before, ...more])].sort(compareText);
}

const severities: readonly Severity[] = ["info", "warning", "error"];

function worse(a: Severity, b: Severity): Severity {
  return severities.indexOf(a) >= severities.indexOf(b) ? a : b;
}

/** Whether a finding of severity `a` is at or above the level `b`. */
export function isAtLeast(a: Severity, b: Severity): boolean {
  return severities.indexOf(a) >= severities.indexOf(b);
}
