// The shape of `nixlint.toml`. Unknown keys are errors everywhere; rule options are checked by the rules' own schemas.

import * as z from "zod";
import { MINUTE, parseTimeSpan } from "../fleet/timespan.ts";

/** smol-toml gives dates as `TomlDate`, a `Date`; people also write them as strings. */
const day = z
  .union([z.string(), z.date()])
  .transform((value) => (typeof value === "string" ? value : value.toISOString().slice(0, 10)))
  .refine(
    (value) => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)),
    "expected a date like 2027-01-31",
  );

/** Minutes, from what systemd calls a time span. */
const duration = z.string().transform((text, context) => {
  const span = parseTimeSpan(text);
  if (span.kind === "span" && Number.isFinite(span.micros)) return span.micros / MINUTE;
  context.addIssue("expected a duration like `45min` or `1h 30min`");
  return z.NEVER;
});

const severity = z.enum(["error", "warning", "info", "off"]);

const service = z.strictObject({
  state: z
    .array(z.string().startsWith("/", "expected an absolute path"))
    .exactOptional()
    .describe("What the service keeps"),
  user: z.string().exactOptional().describe("The user it runs as"),
});

const schedule = z.strictObject({
  backup: duration.exactOptional().describe("How long a backup is taken to run; default 1h"),
  dump: duration.exactOptional().describe("How long a database dump is taken to run; default 30min"),
  upgrade: duration.exactOptional().describe("How long a system upgrade is taken to run; default 30min"),
  gc: duration.exactOptional().describe("How long a garbage collection is taken to run; default 30min"),
  gap: duration.exactOptional().describe("What must lie between two units besides; default 0"),
});

const waiver = z.strictObject({
  rule: z.string(),
  subject: z.string().describe("The option path or file that the finding is about"),
  host: z.string().exactOptional(),
  reason: z.string().min(1, "a waiver needs a reason"),
  until: day.exactOptional().describe("The last day on which it holds"),
});

export const configSchema = z.strictObject({
  profile: z.enum(["recommended", "strict"]).exactOptional(),
  roles: z.array(z.string()).exactOptional().describe("Which files are roles, as globs; default `roles/*.nix`"),
  rules: z.record(z.string(), z.looseObject({ severity: severity.exactOptional() })).exactOptional(),
  services: z.record(z.string(), service).exactOptional().describe("Services the catalogue does not know"),
  inputs: z.record(z.string(), z.string()).exactOptional().describe("Inputs to read, as paths inside the git root"),
  schedule: schedule.exactOptional(),
  waive: z.array(waiver).exactOptional(),
});

export type ParsedConfig = z.infer<typeof configSchema>;
