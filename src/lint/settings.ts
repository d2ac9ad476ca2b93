// What a run is told: the profile, what `nixlint.toml` says of each rule, waivers, and today's date.

import type { Rule } from "../rule.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Severity } from "./finding.ts";
import { type Override, optionsOn, switchesOn } from "./override.ts";
import type { Suppression } from "./suppression.ts";

export type Profile = "recommended" | "strict";

/** What the configuration says of one rule; the options have passed the rule's own schema, and are all there. */
export interface ConfiguredRule {
  readonly severity: Severity | "off" | null;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Settings {
  readonly profile: Profile;
  /** By rule id; a rule that is not here runs as it is written. */
  readonly rules: ReadonlyMap<string, ConfiguredRule>;
  readonly overrides: readonly Override[];
  readonly waivers: readonly Suppression[];
  /** `YYYY-MM-DD`; only `until` of suppressions looks at it. */
  readonly today: string;
  /** The configuration file, for places in it. */
  readonly source: SourceFile | null;
}

export interface ActiveRule {
  /** What the configuration asks for; null: the rule's own, or what a finding says. Off: except where an override fits. */
  readonly severity: Severity | "off" | null;
  readonly options: unknown;
}

/** How a rule runs; null when it is off everywhere. A table in the configuration switches on what the profile lacks. */
export function activeRule(rule: Rule, settings: Pick<Settings, "profile" | "rules" | "overrides">): ActiveRule | null {
  const configured = settings.rules.get(rule.id);
  const inProfile = rule.profile === "recommended" || settings.profile === "strict";
  const severity = configured?.severity ?? (inProfile || configured !== undefined ? null : "off");
  if (severity === "off" && !switchesOn(rule, settings.overrides)) return null;
  return { severity, options: configured?.options ?? defaultOptions(rule) };
}

/** The options with what overrides say of the host. */
export function optionsFor(host: string, rule: Rule, { options }: ActiveRule, { overrides }: Settings): unknown {
  const special = optionsOn(host, rule, overrides);
  return Object.keys(special).length === 0 ? options : { ...(options as object), ...special };
}

function defaultOptions(rule: Rule): unknown {
  return rule.options?.parse({});
}
