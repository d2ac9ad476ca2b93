// The shape of `nixlint.toml`. Unknown keys are errors everywhere; rule options are checked by the rules' own schemas.

import * as z from "zod";

/** smol-toml gives dates as `TomlDate`, a `Date`; people also write them as strings. */
const day = z
  .union([z.string(), z.date()])
  .transform((value) => (typeof value === "string" ? value : value.toISOString().slice(0, 10)))
  .refine((value) => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)), "expected a date like 2027-01-31");

/** `90s`, `30min`, `1h`, `1h 30min`: what systemd calls a time span, as far as budgets need it. */
const duration = z
  .string()
  .regex(/^\s*\d+\s*(s|sec|m|min|h|hr|d)?(\s*\d+\s*(s|sec|m|min|h|hr|d))*\s*$/, "expected a duration like `45min` or `1h 30min`");

const severity = z.enum(["error", "warning", "info", "off"]);

const service = z.strictObject({
  state: z.array(z.string().startsWith("/", "expected an absolute path")).optional().describe("What the service keeps"),
  user: z.string().optional().describe("The user it runs as"),
});

const schedule = z.strictObject({
  backup: duration.optional().describe("How long a backup is taken to run; default 60min"),
  dump: duration.optional().describe("How long a database dump is taken to run; default 30min"),
  "minimum-gap": duration.optional().describe("What must lie between two windows; default 0s"),
});

const waiver = z.strictObject({
  rule: z.string(),
  subject: z.string().describe("The option path or file that the finding is about"),
  host: z.string().optional(),
  reason: z.string().min(1, "a waiver needs a reason"),
  until: day.optional().describe("The last day on which it holds"),
});

export const configSchema = z.strictObject({
  profile: z.enum(["recommended", "strict"]).optional(),
  roles: z.array(z.string()).optional().describe("Which files are roles, as globs; default `roles/*.nix`"),
  rules: z.record(z.string(), z.looseObject({ severity: severity.optional() })).optional(),
  services: z.record(z.string(), service).optional().describe("Services the catalogue does not know"),
  inputs: z.record(z.string(), z.string()).optional().describe("Inputs to read, as paths inside the git root"),
  schedule: schedule.optional(),
  waive: z.array(waiver).optional(),
});

export type ParsedConfig = z.infer<typeof configSchema>;
export type ServiceConfig = z.infer<typeof service>;
export type ScheduleConfig = z.infer<typeof schedule>;
