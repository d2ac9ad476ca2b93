// Findings that somebody decided to live with: a file that may only shrink. One entry is one finding on one host.

import type { Rule } from "../rule.ts";
import { isUnusable } from "./broken.ts";
import type { Diagnostic, Report } from "./finding.ts";
import { gather, membersOf } from "./gather.ts";
import { compareText } from "./order.ts";
import { activeRule, type Settings } from "./settings.ts";

export const baselineFileName = ".nixlint-baseline.json";

export interface BaselineEntry {
  readonly rule: string;
  /** An option path or a file. */
  readonly subject: string;
  /** Null for what is about no host. */
  readonly host: string | null;
  /** Of the flagged text: what changes is a finding again. */
  readonly fingerprint: string;
}

/** Sorted, each once. */
export function entriesOf(diagnostics: readonly Diagnostic[]): BaselineEntry[] {
  const entries = new Map<string, BaselineEntry>();
  for (const diagnostic of membersOf(diagnostics)) {
    for (const host of hostsOf(diagnostic)) {
      const { rule, subject, fingerprint } = diagnostic;
      const entry = { rule, subject, host, fingerprint };
      entries.set(keyOf(entry), entry);
    }
  }
  return sortEntries([...entries.values()]);
}

export function sortEntries(entries: readonly BaselineEntry[]): BaselineEntry[] {
  return [...entries].sort(
    (a, b) =>
      compareText(a.rule, b.rule) ||
      compareText(a.subject, b.subject) ||
      compareText(a.host ?? "", b.host ?? "") ||
      compareText(a.fingerprint, b.fingerprint),
  );
}

/** Hosts are told apart: a finding that spreads to another host is a finding there. */
function hostsOf({ hosts }: Diagnostic): readonly (string | null)[] {
  return hosts.length === 0 ? [null] : hosts;
}

function keyOf({ rule, subject, host, fingerprint }: BaselineEntry): string {
  return JSON.stringify([rule, subject, host, fingerprint]);
}

export interface KnownSplit {
  /** With the hosts that no entry names. */
  readonly fresh: readonly Diagnostic[];
  readonly known: readonly Diagnostic[];
  readonly unmatched: readonly BaselineEntry[];
}

export function splitKnown(diagnostics: readonly Diagnostic[], entries: readonly BaselineEntry[]): KnownSplit {
  const unmatched = new Map(entries.map((entry) => [keyOf(entry), entry]));
  const keys = new Set(unmatched.keys());
  const fresh: Diagnostic[] = [];
  const known: Diagnostic[] = [];
  for (const diagnostic of membersOf(diagnostics)) {
    const { rule, subject, fingerprint } = diagnostic;
    const [inside, outside] = partition(hostsOf(diagnostic), (host) => {
      const key = keyOf({ rule, subject, host, fingerprint });
      unmatched.delete(key);
      return keys.has(key);
    });
    if (inside.length > 0) known.push(onHosts(diagnostic, inside));
    if (outside.length > 0) fresh.push(onHosts(diagnostic, outside));
  }
  return { fresh: gather(fresh), known: gather(known), unmatched: [...unmatched.values()] };
}

function partition<T>(all: readonly T[], holds: (one: T) => boolean): readonly [T[], T[]] {
  const inside: T[] = [];
  const outside: T[] = [];
  for (const one of all) (holds(one) ? inside : outside).push(one);
  return [inside, outside];
}

function onHosts(diagnostic: Diagnostic, hosts: readonly (string | null)[]): Diagnostic {
  return { ...diagnostic, hosts: hosts.filter((host) => host !== null) };
}

export interface BaselineRun {
  readonly rules: readonly Rule[];
  readonly settings: Settings;
}

/** Marks what the baseline holds; what it holds and nothing matches is stale. */
export function applyBaseline(report: Report, entries: readonly BaselineEntry[], run: BaselineRun): Report {
  const { fresh, known, unmatched } = splitKnown(report.diagnostics, entries);
  const staleBaseline = unmatched.filter((entry) => isStale(entry, report, run));
  return { ...report, diagnostics: fresh, baselined: known, staleBaseline };
}

/** Only where the finding is gone for sure: not where its rule did not run, or could not tell. */
function isStale(entry: BaselineEntry, report: Report, { rules, settings }: BaselineRun): boolean {
  const rule = rules.find(({ id }) => id === entry.rule);
  if (rule === undefined) return true;
  if (activeRule(rule, settings) === null || isUnusable(report)) return false;
  if (report.unresolved.some(({ name }) => name === entry.host)) return false;
  return !report.undecided.some(({ rule, subject }) => rule === entry.rule && subject === entry.subject);
}

/** The entries that still hold, those whose text changed brought up to date. What was not in it does not come in. */
export function refreshEntries(entries: readonly BaselineEntry[], diagnostics: readonly Diagnostic[]): BaselineEntry[] {
  const current = entriesOf(diagnostics);
  const present = new Set(current.map(keyOf));
  const kept = entries.filter((entry) => present.has(keyOf(entry)));
  const free = new Map<string, number>();
  for (const entry of entries) if (!present.has(keyOf(entry))) count(free, placeOf(entry), 1);
  const known = new Set(kept.map(keyOf));
  const renewed = current.filter((entry) => !known.has(keyOf(entry)) && count(free, placeOf(entry), -1) >= 0);
  return sortEntries([...kept, ...renewed]);
}

/** What an entry is about, whatever the text. */
function placeOf({ rule, subject, host }: BaselineEntry): string {
  return JSON.stringify([rule, subject, host]);
}

function count(counts: Map<string, number>, key: string, change: number): number {
  const next = (counts.get(key) ?? 0) + change;
  counts.set(key, next);
  return next;
}
