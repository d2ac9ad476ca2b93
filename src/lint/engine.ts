// Runs rules over a flake and makes one report of what they yield: merged over hosts, suppressed, sorted.

import { createEditing, type Editing } from "../edit/editing.ts";
import type { FlakeFiles } from "../flake/files.ts";
import type { Flake } from "../flake/flake.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { HostRule, Outcome, Rule, RuleContext } from "../rule.ts";
import type { Span } from "../source/span.ts";
import { brokenFiles } from "./broken.ts";
import { commentSuppressions } from "./comment-suppressions.ts";
import type { Report, UndecidedResult } from "./finding.ts";
import { addFingerprints } from "./fingerprint.ts";
import { gather } from "./gather.ts";
import { type MergedFinding, mergeOutcome, type Outcomes } from "./merge.ts";
import { comparePlaced, compareText } from "./order.ts";
import { type Overriding, overridden, withoutOff } from "./override.ts";
import { type ActiveRule, activeRule, optionsFor, type Settings } from "./settings.ts";
import { collectSources } from "./sources.ts";
import { type JudgedSuppression, type Suppression, splitSuppressed } from "./suppression.ts";
import { judgeSuppressions } from "./suppression-verdicts.ts";

/** What one run looks at. */
export type Subject = Pick<Flake, "files" | "assumptions" | "unresolved"> & { readonly fleet: Fleet };

/** `rules` is the whole registry: the settings say which of them run. */
export function lint(subject: Subject, rules: readonly Rule[], settings: Settings): Report {
  const { files, fleet } = subject;
  const outcomes: Outcomes = { findings: new Map(), doubts: new Map() };
  const edit = createEditing(files, fleet);
  for (const rule of evaluatingFirst(rules)) runRule(rule, { subject, settings, edit, judged: null }, outcomes);
  const suppressions = [...commentSuppressions(files), ...settings.waivers];
  const found = [...outcomes.findings.values()].sort(comparePlaced);
  const undecided = [...outcomes.doubts.values()].sort(comparePlaced);
  const unresolved = subject.unresolved.map(({ why }) => ({ at: why.span }));
  const places = [...found, ...undecided, ...suppressions, ...unresolved, ...subject.assumptions];
  const spans = places.flatMap(spansOf);
  const sources = collectSources(files, settings.source === null ? [] : [settings.source], spans);

  const fingerprinted = addFingerprints(found, sources);
  const split = splitSuppressed(fingerprinted, suppressions, settings.today);
  const overriding = overridingOf(files, rules, settings);
  const broken = brokenFiles(files);
  const judged = judgeSuppressions(suppressions, {
    rules,
    settings,
    used: split.used,
    found: fingerprinted,
    undecided,
    hosts: fleet.hosts.map(({ name }) => name),
    isWhole: broken.length + subject.unresolved.length === 0,
  });
  const about: Outcomes = { findings: new Map(), doubts: new Map() };
  for (const rule of rules) runRule(rule, { subject, settings, edit, judged }, about);
  const aboutSuppressions = addFingerprints([...about.findings.values()].sort(comparePlaced), sources);

  return {
    root: files.root,
    sources,
    diagnostics: gather(
      [...split.kept, ...aboutSuppressions]
        .flatMap((diagnostic) => overridden(diagnostic, overriding))
        .sort(comparePlaced),
    ),
    undecided: undecided.flatMap((doubt) => withoutOff(doubt, overriding)),
    suppressed: split.suppressed.flatMap(({ diagnostic, ...why }) =>
      overridden(diagnostic, overriding).map((part) => ({ diagnostic: part, ...why })),
    ),
    baselined: [],
    staleBaseline: [],
    broken,
    unresolved: subject.unresolved,
    skipped: [...files.skipped].sort((a, b) => compareText(a.path, b.path)),
    assumptions: subject.assumptions,
    files: files.parsed.size,
    hosts: fleet.hosts.length,
  };
}

function overridingOf({ root }: FlakeFiles, rules: readonly Rule[], settings: Settings): Overriding {
  const off = new Set(rules.filter((rule) => activeRule(rule, settings)?.severity === "off").map(({ id }) => id));
  return { root, overrides: settings.overrides, isOff: (rule) => off.has(rule) };
}

/** Rules about files look at what evaluation ran into, which the others cause by asking. */
function evaluatingFirst(rules: readonly Rule[]): Rule[] {
  return [...rules.filter(({ scope }) => scope !== "file"), ...rules.filter(({ scope }) => scope === "file")];
}

interface Run {
  readonly subject: Subject;
  readonly settings: Settings;
  readonly edit: Editing;
  /** Null in the first round, in which the rules about suppressions have nothing to look at yet. */
  readonly judged: readonly JudgedSuppression[] | null;
}

function runRule(rule: Rule, run: Run, outcomes: Outcomes): void {
  const active = activeRule(rule, run.settings);
  if (active === null || (run.judged !== null) !== (rule.scope === "suppression")) return;
  for (const { outcome, hosts } of check(rule, active, run)) {
    const own = outcome.kind === "finding" ? outcome.severity : undefined;
    // Where a rule is off, its overrides say what its findings count as, or drop them.
    const severity = (active.severity === "off" ? null : active.severity) ?? own ?? rule.severity;
    mergeOutcome(outcomes, outcome, { rule: rule.id, severity, hosts });
  }
}

interface HostOutcome {
  readonly outcome: Outcome;
  readonly hosts: readonly string[];
}

function* check(rule: Rule, active: ActiveRule, run: Run): Iterable<HostOutcome> {
  const { fleet, files } = run.subject;
  const context: RuleContext<unknown> = {
    options: active.options,
    profile: run.settings.profile,
    fleet,
    edit: run.edit,
  };
  if (rule.scope === "host") {
    for (const host of [...fleet.hosts, ...fleet.roles]) {
      const isHost = host.kind === "host";
      const options = isHost ? optionsFor(host.name, rule, active, run.settings) : active.options;
      for (const outcome of rule.check(host, { ...context, options }))
        yield { outcome, hosts: isHost ? [host.name] : [] };
    }
    return;
  }
  for (const outcome of checkOnce(rule, context, { files, judged: run.judged ?? [] })) {
    yield { outcome, hosts: outcome.hosts ?? [] };
  }
}

interface Whole {
  readonly files: FlakeFiles;
  readonly judged: readonly JudgedSuppression[];
}

function checkOnce(rule: Exclude<Rule, HostRule>, context: RuleContext<unknown>, whole: Whole): Iterable<Outcome> {
  switch (rule.scope) {
    case "fleet":
      return rule.check(context.fleet, context);
    case "file":
      return rule.check(whole.files, context);
    case "suppression":
      return rule.check(whole.judged, context);
  }
}

/** Every place that the report may show. */
function spansOf(shown: Shown): (Span | null)[] {
  const notes = "notes" in shown ? (shown.notes ?? []) : [];
  const reasons = "reasons" in shown ? shown.reasons : [];
  const edits = "fix" in shown ? (shown.fix?.edits ?? []) : [];
  return [
    shown.at,
    ...notes.map((note) => note.at),
    ...reasons.map((reason) => reason.span),
    ...edits.map((edit) => edit.span),
  ];
}

type Shown = MergedFinding | UndecidedResult | Suppression | { readonly at: Span | null };
