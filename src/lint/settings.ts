// What a run is told: the profile, what `nixlint.toml` says of each rule, waivers, and today's date.

import type { Rule } from "../rule.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Severity } from "./finding.ts";
import type { Suppression } from "./suppression.ts";

export type Profile = "recommended" | "strict";

/** What the configuration says of one rule; the options have passed the rule's own schema. */
export interface ConfiguredRule {
  readonly severity: Severity | "off" | null;
  readonly options: unknown;
}

export interface Settings {
  readonly profile: Profile;
  /** By rule id; a rule that is not here runs as it is written. */
  readonly rules: ReadonlyMap<string, ConfiguredRule>;
  readonly waivers: readonly Suppression[];
  /** `YYYY-MM-DD`; only `until` of suppressions looks at it. */
  readonly today: string;
  /** The configuration file, for places in it. */
  readonly source: SourceFile | null;
}

export interface ActiveRule {
  /** What the configuration asks for; null: the rule's own, or what a finding says. */
  readonly severity: Severity | null;
  readonly options: unknown;
}

/** How a rule runs; null when it is off or not of the profile. A severity in the configuration switches a rule on. */
export function activeRule(rule: Rule, settings: Settings): ActiveRule | null {
  const configured = settings.rules.get(rule.id);
  if (configured?.severity === "off") return null;
  const inProfile = rule.profile === "recommended" || settings.profile === "strict";
  if (!inProfile && !configured?.severity) return null;
  return { severity: configured?.severity ?? null, options: configured?.options ?? defaultOptions(rule) };
}

function defaultOptions(rule: Rule): unknown {
  return rule.options?.parse({});
}
