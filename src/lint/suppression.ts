// Comments and waivers that allow a finding: who wrote them where, what they cover, and which of them did something.

import { matchesGlob } from "../flake/glob.ts";
import type { Span } from "../source/span.ts";
import type { Diagnostic, Suppressed } from "./finding.ts";

/** One rule allowed by one comment or by one `[[waive]]`. */
export interface Suppression {
  /** The comment, or the `[[waive]]` header. */
  readonly at: Span;
  readonly rule: string;
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day on which it holds. */
  readonly until: string | null;
  readonly scope: CoveredText | WaivedSubject;
  /** Where a waiver says what; a comment is short enough to be shown as a whole. */
  readonly written?: WaiverPlaces;
  /** Why it cannot work, one clause; such a suppression suppresses nothing. */
  readonly defect: string | null;
}

/** Findings that start in the span. */
export interface CoveredText {
  readonly kind: "text";
  readonly span: Span;
}

/** Findings about the subject, on one host or everywhere; both may be globs. */
export interface WaivedSubject {
  readonly kind: "subject";
  readonly subject: string;
  readonly host: string | null;
}

export function isNamed(glob: string, name: string): boolean {
  return glob === name || matchesGlob(glob, name);
}

export interface WaiverPlaces {
  readonly rule: Span;
  readonly subject: Span;
  readonly host: Span;
  readonly until: Span;
}

/** What became of a suppression in this run, for the rules about suppressions. */
export interface JudgedSuppression extends Suppression {
  readonly verdict: "used" | "unused" | "idle" | "expired" | "unknown-rule" | "defect";
  /** For an unknown rule: the closest known one. */
  readonly closest: string | null;
  /** For an unused one, where more can be said: what it names that is not there, one clause. */
  readonly why: string | null;
  /** What of it is wrong. */
  readonly place: Span;
}

export interface Split {
  readonly kept: readonly Diagnostic[];
  readonly suppressed: readonly Suppressed[];
  readonly used: ReadonlySet<Suppression>;
}

/** Takes out what is allowed. A waiver for one host leaves the finding standing for the others. */
export function splitSuppressed(
  diagnostics: readonly Diagnostic[],
  suppressions: readonly Suppression[],
  today: string,
): Split {
  const working = suppressions.filter((suppression) => suppression.defect === null && !isExpired(suppression, today));
  const kept: Diagnostic[] = [];
  const suppressed: Suppressed[] = [];
  const used = new Set<Suppression>();
  for (const diagnostic of diagnostics) {
    let rest: Diagnostic | null = diagnostic;
    for (const suppression of working) {
      const allowed: AllowedPart | null = rest && allowedPart(rest, suppression);
      if (allowed === null) continue;
      used.add(suppression);
      const by = suppression.scope.kind === "text" ? "comment" : "waiver";
      suppressed.push({ diagnostic: allowed.taken, reason: suppression.reason, by });
      rest = allowed.rest;
    }
    if (rest !== null) kept.push(rest);
  }
  return { kept, suppressed, used };
}

/** `YYYY-MM-DD`, and a day that there is. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

export function isExpired(suppression: Suppression, today: string): boolean {
  return suppression.until !== null && suppression.until < today;
}

interface AllowedPart {
  readonly taken: Diagnostic;
  readonly rest: Diagnostic | null;
}

function allowedPart(diagnostic: Diagnostic, { rule, scope }: Suppression): AllowedPart | null {
  if (diagnostic.rule !== rule) return null;
  if (scope.kind === "text") return startsIn(diagnostic.at, scope.span) ? { taken: diagnostic, rest: null } : null;
  const { subject, host: glob } = scope;
  if (!isNamed(subject, diagnostic.subject)) return null;
  if (glob === null) return { taken: diagnostic, rest: null };
  const hosts = diagnostic.hosts.filter((host) => isNamed(glob, host));
  if (hosts.length === 0) return null;
  const others = diagnostic.hosts.filter((host) => !hosts.includes(host));
  return {
    taken: { ...diagnostic, hosts },
    rest: others.length > 0 ? { ...diagnostic, hosts: others } : null,
  };
}

export function startsIn(at: Span, covered: Span): boolean {
  return at.file === covered.file && at.start >= covered.start && at.start < covered.end;
}
