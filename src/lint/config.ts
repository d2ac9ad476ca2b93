// Reads `nixlint.toml`, and the `nixlint.local.toml` of one machine. Whatever is wrong with them is a `UserError` that
// shows the place and says what to write instead.

import { defaultSettings, type FleetSettings } from "../fleet/settings.ts";
import type { Rule } from "../rule.ts";
import type { SourceFile } from "../source/source-file.ts";
import { ConfigText, checkShape } from "./config-mistakes.ts";
import { configSchema, localSchema, type ParsedConfig, type RuleTable } from "./config-schema.ts";
import { type Override, readOverrides } from "./override.ts";
import type { ConfiguredRule } from "./settings.ts";
import type { Suppression } from "./suppression.ts";
import { parseToml } from "./toml.ts";
import { placeOfKey, placeOfValue } from "./toml-places.ts";
import type { MistakePlace } from "./user-error.ts";

export const configFileName = "nixlint.toml";
export const localConfigFileName = "nixlint.local.toml";

/** A directory that somebody wrote down for an input. */
export interface ConfiguredInput {
  /** Relative to the flake's root. */
  readonly path: string;
  readonly place: MistakePlace;
}

export type ConfiguredInputs = ReadonlyMap<string, ConfiguredInput>;

export interface Config {
  readonly fleet: FleetSettings;
  readonly rules: ReadonlyMap<string, ConfiguredRule>;
  readonly overrides: readonly Override[];
  readonly inputs: ConfiguredInputs;
  readonly waivers: readonly Suppression[];
  readonly source: SourceFile | null;
}

export const defaultConfig: Config = {
  fleet: defaultSettings,
  rules: new Map(),
  overrides: [],
  inputs: new Map(),
  waivers: [],
  source: null,
};

/** `name` is how messages call the file. */
export function parseConfig(source: SourceFile, rules: readonly Rule[], name = configFileName): Config {
  const text = new ConfigText(source, name);
  const parsed = checkShape(parseToml(text), configSchema(rules), text);
  return {
    fleet: fleetSettings(parsed, text),
    rules: configuredRules(parsed.rules ?? {}, rules),
    overrides: readOverrides(parsed.override ?? [], rules, text),
    inputs: configuredInputs(parsed.inputs ?? {}, text),
    waivers: (parsed.waive ?? []).map((waiver, index) => toSuppression(waiver, source, index)),
    source,
  };
}

/** What the machine says of inputs; nothing else depends on where nixlint runs. */
export function parseLocalConfig(source: SourceFile): ConfiguredInputs {
  const text = new ConfigText(source, localConfigFileName);
  const { inputs = {} } = checkShape(parseToml(text), localSchema, text);
  return configuredInputs(inputs, text);
}

function configuredInputs(inputs: Readonly<Record<string, string>>, text: ConfigText): ConfiguredInputs {
  return new Map(
    Object.entries(inputs).map(([input, path]) => {
      return [input, { path, place: text.placeOfValue(["inputs", input]) }];
    }),
  );
}

function fleetSettings(
  { profile, roles, services = {}, schedule = {} }: ParsedConfig,
  { source }: ConfigText,
): FleetSettings {
  const { gap, ...budgets } = schedule;
  const placed = Object.entries(services).map(([name, service]) => {
    return [name, { ...service, at: placeOfKey(source, ["services", name]) }] as const;
  });
  return {
    profile: profile ?? defaultSettings.profile,
    roles: roles ?? defaultSettings.roles,
    services: Object.fromEntries(placed),
    budgets: { ...defaultSettings.budgets, ...budgets },
    gap: gap ?? defaultSettings.gap,
  };
}

function configuredRules(
  tables: Readonly<Record<string, RuleTable | undefined>>,
  rules: readonly Rule[],
): Map<string, ConfiguredRule> {
  const configured = new Map<string, ConfiguredRule>();
  for (const rule of rules) {
    const table = tables[rule.id];
    if (table === undefined) continue;
    const { severity, ...options } = table;
    configured.set(rule.id, { severity: severity ?? null, options });
  }
  return configured;
}

function toSuppression(
  waiver: NonNullable<ParsedConfig["waive"]>[number],
  source: SourceFile,
  index: number,
): Suppression {
  return {
    at: placeOfKey(source, ["waive", index]),
    rule: waiver.rule,
    reason: waiver.reason,
    until: waiver.until ?? null,
    scope: { kind: "subject", subject: waiver.subject, host: waiver.host ?? null },
    written: {
      rule: placeOfValue(source, ["waive", index, "rule"]),
      subject: placeOfValue(source, ["waive", index, "subject"]),
      host: placeOfValue(source, ["waive", index, "host"]),
      until: placeOfValue(source, ["waive", index, "until"]),
    },
    defect: null,
  };
}
