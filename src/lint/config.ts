// Reads `nixlint.toml`. Whatever is wrong with it is a `UserError` that names file, line and what to write instead.

import { parse, TomlError } from "smol-toml";
import * as z from "zod";
import { defaultSettings, type FleetSettings } from "../fleet/settings.ts";
import type { Rule } from "../rule.ts";
import { positionAt, type SourceFile } from "../source/source-file.ts";
import { configSchema, type ParsedConfig } from "./config-schema.ts";
import type { ConfiguredRule } from "./settings.ts";
import { closestName } from "./suggestion.ts";
import type { Suppression } from "./suppression.ts";
import { type KeyPath, placeOfKey } from "./toml-places.ts";
import { UserError } from "./user-error.ts";

export const configFileName = "nixlint.toml";

export interface Config {
  readonly fleet: FleetSettings;
  readonly rules: ReadonlyMap<string, ConfiguredRule>;
  /** Input name -> path, relative to the flake's root. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly waivers: readonly Suppression[];
  readonly source: SourceFile | null;
}

export const defaultConfig: Config = {
  fleet: defaultSettings,
  rules: new Map(),
  inputs: new Map(),
  waivers: [],
  source: null,
};

/** `name` is how messages call the file. */
export function parseConfig(source: SourceFile, rules: readonly Rule[], name = configFileName): Config {
  const place = new ConfigPlaces(source, name);
  const parsed = checkShape(parseToml(source, name), place);
  return {
    fleet: fleetSettings(parsed),
    rules: configuredRules(parsed.rules ?? {}, rules, place),
    inputs: new Map(Object.entries(parsed.inputs ?? {})),
    waivers: (parsed.waive ?? []).map((waiver, index) => toSuppression(waiver, source, index)),
    source,
  };
}

function fleetSettings({ profile, roles, services, schedule }: ParsedConfig): FleetSettings {
  const { gap, ...budgets } = schedule ?? {};
  return {
    profile: profile ?? defaultSettings.profile,
    roles: roles ?? defaultSettings.roles,
    services: services ?? {},
    budgets: { ...defaultSettings.budgets, ...budgets },
    gap: gap ?? defaultSettings.gap,
  };
}

class ConfigPlaces {
  readonly source: SourceFile;
  readonly name: string;

  constructor(source: SourceFile, name: string) {
    this.source = source;
    this.name = name;
  }

  error(path: KeyPath, message: string, hint: string | null = null): UserError {
    const { line } = positionAt(this.source, placeOfKey(this.source, path).start);
    return new UserError(`${this.name}:${line}: ${message}`, hint);
  }
}

function parseToml(source: SourceFile, name: string): unknown {
  try {
    return parse(source.text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The message goes on with a code block; its first line says everything.
    const what = error.message.split("\n")[0]?.replace(/^Invalid TOML document: /, "");
    throw new UserError(`${name}:${error.line}: not valid TOML: ${what}`);
  }
}

function checkShape(value: unknown, place: ConfigPlaces): ParsedConfig {
  const result = configSchema.safeParse(value);
  if (result.success) return result.data;
  throw issueError(result.error, configSchema, [], place);
}

/** The first issue; the rest often follows from it. */
function issueError(error: z.ZodError, schema: z.ZodType, base: KeyPath, place: ConfigPlaces): UserError {
  const issue = error.issues[0];
  if (issue === undefined) throw new Error("a zod error without an issue");
  const inner = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  const path = [...base, ...inner];
  if (issue.code !== "unrecognized_keys") {
    return place.error(path, `\`${showPath(path)}\`: ${plainMessage(issue)}`);
  }
  const key = issue.keys[0] ?? "";
  const known = knownKeys(schema, inner);
  const owner = path.length === 0 ? "" : ` in \`${showPath(path)}\``;
  return place.error([...path, key], `unknown key \`${key}\`${owner}`, suggestKey(key, known));
}

function suggestKey(key: string, known: readonly string[]): string | null {
  const closest = closestName(key, known);
  if (closest !== null) return `did you mean \`${closest}\`?`;
  return known.length === 0 ? null : `known keys: ${known.join(", ")}`;
}

function plainMessage(issue: z.core.$ZodIssue): string {
  const text = issue.message.replace(/^Invalid (input|option): /, "");
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function showPath(path: KeyPath): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join("");
}

/** The keys that the object at the path may have, read off the schema's JSON form. */
function knownKeys(schema: z.ZodType, path: KeyPath): string[] {
  // The JSON form is a plain tree; `io: "input"` describes what people write, before transforms.
  let node: JsonNode = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonNode;
  for (const part of path) {
    const next = typeof part === "number" ? node.items : (node.properties?.[part] ?? node.additionalProperties);
    if (typeof next !== "object") return [];
    node = next;
  }
  return Object.keys(node.properties ?? {});
}

interface JsonNode {
  readonly properties?: Readonly<Record<string, JsonNode>>;
  readonly additionalProperties?: JsonNode | boolean;
  readonly items?: JsonNode;
}

function configuredRules(
  tables: NonNullable<ParsedConfig["rules"]>,
  rules: readonly Rule[],
  place: ConfigPlaces,
): Map<string, ConfiguredRule> {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const configured = new Map<string, ConfiguredRule>();
  for (const [id, { severity, ...options }] of Object.entries(tables)) {
    const rule = byId.get(id);
    if (rule === undefined) throw place.error(["rules", id], `unknown rule \`${id}\``, ruleHint(id, byId.keys()));
    configured.set(id, { severity: severity ?? null, options: parseOptions(rule, options, place) });
  }
  return configured;
}

function ruleHint(id: string, known: Iterable<string>): string {
  const closest = closestName(id, known);
  return closest === null ? "`nixlint rules` lists them" : `did you mean \`${closest}\`?`;
}

function parseOptions(rule: Rule, options: Readonly<Record<string, unknown>>, place: ConfigPlaces): unknown {
  const [first] = Object.keys(options);
  const base = ["rules", rule.id];
  if (rule.options === undefined) {
    if (first === undefined) return undefined;
    throw place.error(
      [...base, first],
      `unknown key \`${first}\` in \`${showPath(base)}\``,
      suggestKey(first, ["severity"]),
    );
  }
  // Not every rule's schema is strict; a misspelt option must never be ignored.
  const known = [...knownKeys(rule.options, []), "severity"];
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw place.error(
      [...base, unknown],
      `unknown key \`${unknown}\` in \`${showPath(base)}\``,
      suggestKey(unknown, known),
    );
  }
  const result = rule.options.safeParse(options);
  if (result.success) return result.data;
  throw issueError(result.error, rule.options, base, place);
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
    defect: null,
  };
}
