// What became of each suppression in a run: used, unused, expired, of an unknown rule, or not even readable.

import type { Rule } from "../rule.ts";
import type { Span } from "../source/span.ts";
import type { Diagnostic, UndecidedResult } from "./finding.ts";
import { activeRule, type Settings } from "./settings.ts";
import { closestName } from "./suggestion.ts";
import {
  isExpired,
  isNamed,
  type JudgedSuppression,
  type Suppression,
  startsIn,
  type WaivedSubject,
} from "./suppression.ts";

export interface Judging {
  readonly rules: readonly Rule[];
  readonly settings: Settings;
  readonly used: ReadonlySet<Suppression>;
  /** Before anything was suppressed. */
  readonly found: readonly Diagnostic[];
  readonly undecided: readonly UndecidedResult[];
  readonly hosts: readonly string[];
  /** Whether the whole flake was looked at: what finds nothing is then needed for nothing. */
  readonly isWhole: boolean;
}

export function judgeSuppressions(suppressions: readonly Suppression[], judging: Judging): JudgedSuppression[] {
  return suppressions.map((suppression) => ({
    ...suppression,
    closest: null,
    why: null,
    ...judge(suppression, judging),
  }));
}

type Judgement = Pick<JudgedSuppression, "verdict" | "place"> & Partial<Pick<JudgedSuppression, "closest" | "why">>;

function judge(suppression: Suppression, judging: Judging): Judgement {
  const { rules, settings, used } = judging;
  const { at, defect, written } = suppression;
  const rule = rules.find(({ id }) => id === suppression.rule);
  if (defect !== null) return { verdict: "defect", place: at };
  if (rule === undefined) {
    const closest = closestName(
      suppression.rule,
      rules.map(({ id }) => id),
    );
    return { verdict: "unknown-rule", closest, place: written?.rule ?? at };
  }
  if (isExpired(suppression, settings.today)) return { verdict: "expired", place: written?.until ?? at };
  if (used.has(suppression)) return { verdict: "used", place: at };
  const mayBeUsed = !judging.isWhole || judging.undecided.some((doubt) => isAbout(doubt, suppression));
  if (mayBeUsed || activeRule(rule, settings) === null) return { verdict: "idle", place: at };
  return { verdict: "unused", place: at, ...missingOf(suppression, judging) };
}

/** What cannot be decided today may be a finding tomorrow. */
function isAbout({ rule, subject, at, reasons }: UndecidedResult, { rule: allowed, scope }: Suppression): boolean {
  if (rule !== allowed) return false;
  if (scope.kind === "subject") return isNamed(scope.subject, subject);
  const places: readonly (Span | null)[] = [at, ...reasons.map(({ span }) => span)];
  return places.some((place) => place !== null && startsIn(place, scope.span));
}

/** The part of a waiver that names what is not there. */
function missingOf({ rule, scope, written }: Suppression, { found, hosts }: Judging): Partial<Judgement> {
  if (scope.kind === "text" || written === undefined) return {};
  const { host } = scope;
  if (host !== null && !hosts.some((name) => isNamed(host, name))) {
    return { why: `there is no host \`${host}\`${orRather(host, hosts)}`, place: written.host };
  }
  const ofRule = found.filter((diagnostic) => diagnostic.rule === rule);
  const onSubject = ofRule.filter(({ subject }) => isNamed(scope.subject, subject));
  if (host !== null && onSubject.length > 0) {
    return { why: `\`${host}\` does not break \`${rule}\` with \`${scope.subject}\``, place: written.host };
  }
  return {
    why: `nothing about \`${scope.subject}\` breaks \`${rule}\`${orRather(scope.subject, subjectsOf(ofRule, scope))}`,
    place: written.subject,
  };
}

/** Those that the waiver could be meant for: what is waived already, nobody misspelt. */
function subjectsOf(found: readonly Diagnostic[], { host }: WaivedSubject): readonly string[] {
  const fitting = found.filter(({ hosts }) => host === null || hosts.some((name) => isNamed(host, name)));
  return [...new Set(fitting.map(({ subject }) => subject))];
}

/** Below the same option: another service is not what was meant, however alike the paths look. */
function closestPath(name: string, known: readonly string[]): string | null {
  const siblings = known.filter((other) => parentOf(other) === parentOf(name));
  const closest = closestName(lastOf(name), siblings.map(lastOf));
  return siblings.find((other) => lastOf(other) === closest) ?? null;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf(".") + 1);
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

function orRather(name: string, known: readonly string[]): string {
  const closest = closestPath(name, known);
  return closest === null ? "" : `; did you mean \`${closest}\`?`;
}
