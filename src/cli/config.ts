// `nixlint config schema` and `nixlint config show`: what the configuration may say, and what it comes to.

import { stringify } from "smol-toml";
import { rules } from "../../rules/index.ts";
import { type Config, configFileName, localConfigFileName } from "../lint/config.ts";
import { configJsonSchema } from "../lint/config-json-schema.ts";
import { overrideTable } from "../lint/override.ts";
import { activeRule } from "../lint/settings.ts";
import type { Suppression } from "../lint/suppression.ts";
import { visibleJson, visibleText } from "../report/visible.ts";
import type { Rule } from "../rule.ts";
import { DiskFileSystem } from "../source/disk-file-system.ts";
import { type InputDirectory, localInputs, type ProjectFiles, readConfig } from "./config-files.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { findFlakeRoot, resolveExisting } from "./flake-root.ts";
import type { Io } from "./io.ts";

export interface ConfigFlags {
  readonly config?: string;
  readonly profile?: Config["fleet"]["profile"];
  readonly json?: boolean;
}

export function showSchema(io: Pick<Io, "stdout">): ExitCode {
  io.stdout(`${visibleJson(configJsonSchema(rules))}\n`);
  return exitCode.ok;
}

export function showConfig(path: string | undefined, { profile, json, ...flags }: ConfigFlags, io: Io): ExitCode {
  const root = findFlakeRoot(resolveExisting(path ?? ".", io.cwd));
  const files: ProjectFiles = { root, fs: new DiskFileSystem(root), version: { kind: "work-tree" } };
  const config = readConfig(files, flags.config, io.cwd);
  const local = localInputs(files);
  const whole = { ...config, fleet: { ...config.fleet, profile: profile ?? config.fleet.profile } };
  const settings = settingsOf(whole, local);
  io.stdout(json ? `${visibleJson(settings)}\n` : visibleText(headOf(config, local) + tomlOf(settings)));
  return exitCode.ok;
}

function headOf({ source }: Config, local: ReadonlyMap<string, InputDirectory>): string {
  const from = source === null ? `There is no ${configFileName}: these are the defaults.` : "With all defaults.";
  const inputs = local.size === 0 ? "" : `# ${[...local.keys()].join(", ")}: from ${localConfigFileName}.\n`;
  return `# ${from}\n${inputs}`;
}

/** What is empty is not in it. */
function settingsOf(
  { fleet, inputs, waivers, overrides, ...config }: Config,
  local: ReadonlyMap<string, InputDirectory>,
) {
  const { profile, roles, budgets, gap, services } = fleet;
  const spans = Object.entries({ ...budgets, gap }).map(([name, span]) => [name, showSpan(span)]);
  const shared = [...inputs].map(([name, { path }]) => [name, path] as const);
  const directories = [...shared, ...[...local].map(([name, { directory }]) => [name, directory] as const)];
  return {
    profile,
    roles,
    schedule: Object.fromEntries(spans),
    ...(directories.length > 0 && { inputs: Object.fromEntries(directories) }),
    rules: Object.fromEntries(rules.map((rule) => [rule.id, ruleTable(rule, { fleet, overrides, ...config })])),
    ...(Object.keys(services).length > 0 && { services: withoutPlaces(services) }),
    ...(overrides.length > 0 && { override: overrides.map(overrideTable) }),
    ...(waivers.length > 0 && { waive: waivers.map(waiverTable) }),
  };
}

function withoutPlaces(services: Config["fleet"]["services"]) {
  return Object.fromEntries(Object.entries(services).map(([name, { at: _, ...service }]) => [name, service]));
}

/** Minutes as systemd writes them. */
function showSpan(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes - hours * 60;
  return [hours > 0 ? `${hours}h` : "", rest > 0 || hours === 0 ? `${rest}min` : ""].filter((part) => part).join(" ");
}

function ruleTable(rule: Rule, { fleet, rules: configured, overrides }: Pick<Config, "fleet" | "rules" | "overrides">) {
  const active = activeRule(rule, { profile: fleet.profile, rules: configured, overrides });
  if (active === null) return { severity: "off" };
  return { severity: active.severity ?? rule.severity, ...(active.options as object | undefined) };
}

function waiverTable({ rule, scope, reason, until }: Suppression) {
  const { subject, host } = scope.kind === "subject" ? scope : { subject: "", host: null };
  return { rule, subject, ...(host !== null && { host }), reason, ...(until !== null && { until }) };
}

/** One line for each rule, or nobody would read them. */
function tomlOf({ rules: tables, services, override, waive, ...first }: ReturnType<typeof settingsOf>): string {
  const lines = Object.entries(tables).map(([id, table]) => `${id} = ${inlineTable(table)}\n`);
  const rest = Object.entries({ services, override, waive }).filter(([, value]) => value !== undefined);
  return [stringify(first), `[rules]\n${lines.join("")}`, stringify(Object.fromEntries(rest))]
    .filter((part) => part.trim() !== "")
    .map((part) => `\n${part.trim()}\n`)
    .join("");
}

function inlineTable(table: object): string {
  return `{ ${stringify(table).trim().split("\n").join(", ")} }`;
}
