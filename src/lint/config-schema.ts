// The shape of `nixlint.toml`: what is checked, what `nixlint config schema` prints, and what editors complete.
// Unknown keys are errors everywhere, rules and their options included.

import * as z from "zod";
import { MINUTE, parseTimeSpan } from "../fleet/timespan.ts";
import type { Rule } from "../rule.ts";
import { isDay } from "./suppression.ts";

const dayForm = "a date like 2027-01-31 is expected";

/** smol-toml gives dates as `TomlDate`, a `Date`; people also write them as strings. */
const day = z
  .union([z.string(), z.date()], dayForm)
  .transform((value) => (typeof value === "string" ? value : value.toISOString().slice(0, 10)))
  .refine(isDay, dayForm);

/** Minutes, from what systemd calls a time span. */
const duration = z.string().transform((text, context) => {
  const span = parseTimeSpan(text);
  if (span.kind === "span" && Number.isFinite(span.micros)) return span.micros / MINUTE;
  context.addIssue("a duration like `45min` or `1h 30min` is expected");
  return z.NEVER;
});

const severity = z.enum(["error", "warning", "info", "off"]);

const service = z
  .strictObject({
    state: z
      .array(z.string().regex(/^\//, "an absolute path is expected"))
      .exactOptional()
      .describe("What it keeps and cannot make anew, instead of what the catalogue says; [] when that is nothing"),
    user: z.string().exactOptional().describe("The user it runs as"),
    group: z.string().exactOptional().describe("The group it runs as"),
    option: z
      .string()
      .exactOptional()
      .describe("The option that brings it about, when that is neither `services.<name>` nor a unit of that name"),
    units: z
      .array(z.string())
      .exactOptional()
      .describe("The systemd services that it consists of, without `.service`; default: one of that name"),
  })
  .describe("A service that the catalogue does not know, or that is special here");

const schedule = z
  .strictObject({
    backup: duration.exactOptional().describe("How long a backup is taken to run; default 1h"),
    dump: duration.exactOptional().describe("How long a database dump is taken to run; default 30min"),
    upgrade: duration.exactOptional().describe("How long a system upgrade is taken to run; default 30min"),
    gc: duration.exactOptional().describe("How long a garbage collection is taken to run; default 30min"),
    gap: duration.exactOptional().describe("What must lie between two units besides; default 0"),
  })
  .describe("How long units are taken to run, as systemd writes time spans");

const reason = "a waiver needs a reason";

const waiver = z
  .strictObject({
    rule: z.string().describe("The rule that is allowed to be broken"),
    subject: z
      .string()
      .describe("The option path or file that the finding is about, or a glob: `subject` in `--format json`"),
    host: z.string().exactOptional().describe("Only on this host, or on those of a glob"),
    reason: z.string(reason).regex(/\S/, reason).describe("Why it is right; reports show it"),
    until: day.exactOptional().describe("The last day on which it holds"),
  })
  .describe("A finding that is meant to be");

const globs = z.array(z.string()).min(1, "at least one pattern is expected");

const override = (rules: RuleTables) =>
  z
    .strictObject({
      paths: globs.exactOptional().describe("Where findings are: globs over paths from the flake's root"),
      hosts: globs.exactOptional().describe("What findings are about: names of hosts, with `*` as in paths"),
      rules: rules.describe("As in `[rules]`; options only where `hosts` stands alone"),
    })
    .refine(({ paths, hosts }) => paths !== undefined || hosts !== undefined, "`paths` or `hosts` is expected")
    .describe("Other severities for some files or hosts; of several that fit, the last one counts");

/** One table for each rule: a misspelt rule is an unknown key like any other. */
const ruleTables = (rules: readonly Rule[]) =>
  z.strictObject(Object.fromEntries(rules.map((rule) => [rule.id, ruleTable(rule).exactOptional()])));

type RuleTables = ReturnType<typeof ruleTables>;

function ruleTable(rule: Rule) {
  const { id, options, summary } = rule;
  if (options !== undefined && !(options instanceof z.ZodObject)) throw new Error(`the options of ${id} are no object`);
  return z
    .strictObject({
      severity: severity.exactOptional().describe(`What a finding counts as; default ${rule.severity}`),
      ...options?.shape,
    })
    .describe(summary);
}

export function configSchema(rules: readonly Rule[]) {
  const tables = ruleTables(rules);
  return z.strictObject({
    profile: z
      .enum(["recommended", "strict"])
      .exactOptional()
      .describe("Which rules run; `strict` adds the house rules of the reference flake. Default recommended"),
    roles: z
      .array(z.string())
      .exactOptional()
      .describe("Which files are roles, as globs; default `roles/*.nix` and `roles/*/default.nix`"),
    rules: tables
      .exactOptional()
      .describe(
        "Severities and options, by rule; a rule that is named here runs, also when the profile does not have it",
      ),
    services: z.record(z.string(), service).exactOptional().describe("What the catalogue of services does not know"),
    inputs: z
      .record(z.string(), z.string())
      .exactOptional()
      .describe("Inputs to read: directories from the flake's root, inside of the repository"),
    schedule: schedule.exactOptional(),
    waive: z.array(waiver).exactOptional().describe("Findings that are meant to be, by what they are about"),
    override: z.array(override(tables)).exactOptional().describe("Other severities for some files or hosts"),
  });
}

/** What `[rules.<id>]` says: a severity, and the rule's options. */
export interface RuleTable {
  readonly severity?: z.infer<typeof severity>;
  readonly [option: string]: unknown;
}

export type ParsedConfig = z.infer<ReturnType<typeof configSchema>>;

/** Of `nixlint.local.toml`, which is nobody's but the machine's. */
export const localSchema = z.strictObject({
  inputs: z.record(z.string(), z.string()).exactOptional().describe("Inputs to read: any directories"),
});
