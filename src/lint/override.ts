// `[[override]]` of `nixlint.toml`: rules that count otherwise in some files or on some hosts.

import { posix } from "node:path";
import { matchesGlob } from "../flake/glob.ts";
import type { Rule } from "../rule.ts";
import type { ConfigText } from "./config-mistakes.ts";
import type { ParsedConfig, RuleTable } from "./config-schema.ts";
import type { Diagnostic, Severity, UndecidedResult } from "./finding.ts";
import type { KeyPath } from "./toml-places.ts";
import type { MistakePlace } from "./user-error.ts";

export interface Pattern {
  readonly glob: string;
  readonly place: MistakePlace;
}

/** `paths` and `hosts` both have to fit where both are given; null: any. */
export interface Override {
  readonly paths: readonly Pattern[] | null;
  readonly hosts: readonly Pattern[] | null;
  readonly rules: ReadonlyMap<string, OverriddenRule>;
}

export interface OverriddenRule {
  /** Null: as elsewhere. */
  readonly severity: Severity | "off" | null;
  /** Only what is written there. */
  readonly options: Readonly<Record<string, unknown>>;
}

export function readOverrides(
  tables: NonNullable<ParsedConfig["override"]>,
  rules: readonly Rule[],
  text: ConfigText,
): readonly Override[] {
  return tables.map(({ paths: globs, hosts, rules: given }, index) => {
    const at = ["override", index] as const;
    const paths = patternsOf(globs, [...at, "paths"], text);
    return {
      paths,
      hosts: patternsOf(hosts, [...at, "hosts"], text),
      rules: new Map(
        rules.flatMap((rule) => {
          const table = given[rule.id];
          if (table === undefined) return [];
          return [[rule.id, overriddenRule(rule, table, { at: [...at, "rules", rule.id], paths, text })]];
        }),
      ),
    };
  });
}

function patternsOf(globs: readonly string[] | undefined, at: KeyPath, text: ConfigText): readonly Pattern[] | null {
  return globs?.map((glob, index) => ({ glob, place: text.placeOfValue([...at, index]) })) ?? null;
}

/** A pattern without wildcards: what it names should be there. */
export function isExact({ glob }: Pattern): boolean {
  return !/[*?{]/.test(glob);
}

interface Written {
  readonly at: KeyPath;
  readonly paths: readonly Pattern[] | null;
  readonly text: ConfigText;
}

function overriddenRule(rule: Rule, { severity, ...options }: RuleTable, { at, paths, text }: Written): OverriddenRule {
  const written = Object.entries(options).filter(([name]) => text.has([...at, name]));
  const [first] = written;
  if (first !== undefined && (paths !== null || rule.scope !== "host")) {
    const why = paths !== null ? "where a finding is, is known only afterwards" : "it looks at the fleet as a whole";
    const hint = paths !== null ? "in an override with `hosts` and without `paths`, or `severity`" : "`severity`";
    throw text.atKey([...at, first[0]], `options of \`${rule.id}\` cannot differ here: ${why}`, `what works: ${hint}`);
  }
  return { severity: severity ?? null, options: Object.fromEntries(written) };
}

/** As it is written in the file. */
export function overrideTable({ paths, hosts, rules }: Override) {
  return {
    ...(paths !== null && { paths: paths.map(({ glob }) => glob) }),
    ...(hosts !== null && { hosts: hosts.map(({ glob }) => glob) }),
    rules: Object.fromEntries(
      [...rules].map(([id, { severity, options }]) => [id, { ...(severity !== null && { severity }), ...options }]),
    ),
  };
}

/** The options that a rule has on that host besides those it has everywhere. */
export function optionsOn(host: string, rule: Rule, overrides: readonly Override[]): Readonly<Record<string, unknown>> {
  const fitting = overrides.filter(({ paths, hosts }) => paths === null && isOnHost(host, hosts));
  return Object.assign({}, ...fitting.map(({ rules }) => rules.get(rule.id)?.options ?? {}));
}

export function switchesOn({ id }: Rule, overrides: readonly Override[]): boolean {
  return overrides.some(({ rules }) => isOn(rules.get(id)));
}

function isOn(rule: OverriddenRule | undefined): boolean {
  return (
    rule !== undefined && rule.severity !== "off" && (rule.severity !== null || Object.keys(rule.options).length > 0)
  );
}

export interface Overriding {
  readonly root: string;
  readonly overrides: readonly Override[];
  /** Rules that run only for the overrides' sake. */
  readonly isOff: (rule: string) => boolean;
}

/** The finding as it counts on each of its hosts, which is not the same for all; none where the rule is off. */
export function overridden(diagnostic: Diagnostic, overriding: Overriding): readonly Diagnostic[] {
  const bySeverity = new Map<Severity, Diagnostic>();
  for (const host of diagnostic.hosts.length === 0 ? [null] : diagnostic.hosts) {
    const severity = severityOf(diagnostic, host, overriding) ?? diagnostic.severity;
    if (severity === "off") continue;
    const before = bySeverity.get(severity)?.hosts ?? [];
    bySeverity.set(severity, { ...diagnostic, severity, hosts: host === null ? [] : [...before, host] });
  }
  return [...bySeverity.values()];
}

/** What is undecided where the rule is off is nobody's question. */
export function withoutOff(doubt: UndecidedResult, overriding: Overriding): readonly UndecidedResult[] {
  const asked = (host: string | null) => severityOf(doubt, host, overriding) !== "off";
  if (doubt.hosts.length === 0) return asked(null) ? [doubt] : [];
  const hosts = doubt.hosts.filter(asked);
  return hosts.length === 0 ? [] : [{ ...doubt, hosts }];
}

/** Null: what it is without overrides. */
function severityOf(
  { rule, at }: Pick<Diagnostic | UndecidedResult, "rule" | "at">,
  host: string | null,
  { root, overrides, isOff }: Overriding,
): Severity | "off" | null {
  const fitting = overrides.filter(
    ({ paths, hosts, rules }) =>
      rules.has(rule) &&
      isOnHost(host, hosts) &&
      (paths === null || (at !== null && isInPaths(posix.relative(root, at.file), paths))),
  );
  const said = fitting.map(({ rules }) => rules.get(rule)?.severity ?? null).findLast((severity) => severity !== null);
  if (said !== undefined) return said;
  // Options alone switch a rule on as well.
  return isOff(rule) && fitting.length === 0 ? "off" : null;
}

function isOnHost(host: string | null, patterns: Override["hosts"]): boolean {
  if (patterns === null) return true;
  return host !== null && patterns.some(({ glob }) => matchesGlob(glob, host));
}

/** A directory stands for everything in it. */
function isInPaths(path: string, patterns: readonly Pattern[]): boolean {
  return patterns.some(({ glob }) => matchesGlob(glob, path) || matchesGlob(`${glob.replace(/\/$/, "")}/**`, path));
}
