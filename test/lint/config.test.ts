// nixlint.toml: what it can say, and the exact words when it says something wrong.

import { describe, expect, test } from "vitest";
import * as z from "zod";
import { defaultSettings } from "../../src/fleet/settings.ts";
import { parseConfig } from "../../src/lint/config.ts";
import { UserError } from "../../src/lint/user-error.ts";
import type { Rule } from "../../src/rule.ts";

const rule: Rule = {
  id: "late-backup",
  summary: "a backup is late",
  severity: "error",
  profile: "recommended",
  scope: "host",
  options: z.object({ coverage: z.enum(["host", "role"]).default("host"), limit: z.number().default(3) }),
  *check() {},
};
const plain: Rule = { ...rule, id: "plain-rule" };
const { options: _, ...withoutOptions } = plain;
const rules: readonly Rule[] = [rule, withoutOptions as Rule];

function parse(text: string) {
  return parseConfig({ path: "/flake/nixlint.toml", text }, rules);
}

function mistake(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof UserError) return error.hint === null ? error.message : `${error.message} | ${error.hint}`;
    throw error;
  }
  throw new Error("no mistake was found");
}

test("an empty file is the default", () => {
  expect(parse("").fleet).toEqual(defaultSettings);
});

test("everything it can say", () => {
  const config = parse(`
profile = "strict"
roles = ["hosts/*/roles/*.nix"]

[rules.late-backup]
severity = "warning"
coverage = "role"

[services.paperless]
state = ["/srv/paperless"]
user = "paperless"

[inputs]
private = "../private"

[schedule]
backup = "1h 30min"
gap = "15min"

[[waive]]
rule = "late-backup"
subject = "services.grafana"
host = "mon"
reason = "dashboards are in the repository"
until = 2027-01-31
`);
  expect(config.fleet).toEqual({
    profile: "strict",
    roles: ["hosts/*/roles/*.nix"],
    services: { paperless: { state: ["/srv/paperless"], user: "paperless" } },
    budgets: { ...defaultSettings.budgets, backup: 90 },
    gap: 15,
  });
  expect(config.rules.get("late-backup")).toEqual({ severity: "warning", options: { coverage: "role", limit: 3 } });
  expect(config.inputs).toEqual(new Map([["private", "../private"]]));
  expect(config.waivers).toMatchObject([
    {
      rule: "late-backup",
      reason: "dashboards are in the repository",
      until: "2027-01-31",
      scope: { kind: "subject", subject: "services.grafana", host: "mon" },
    },
  ]);
});

describe("mistakes", () => {
  test.each([
    [`\nprofil = "strict"\n`, "nixlint.toml:2: unknown key `profil` | did you mean `profile`?"],
    [`profile = "loose"\n`, 'nixlint.toml:1: `profile`: expected one of "recommended"|"strict"'],
    [`[services.x]\nstat = []\n`, "nixlint.toml:2: unknown key `stat` in `services.x` | did you mean `state`?"],
    [`[services.x]\nstate = ["srv"]\n`, "nixlint.toml:2: `services.x.state[0]`: expected an absolute path"],
    [`[rules.late-bakup]\n`, "nixlint.toml:1: unknown rule `late-bakup` | did you mean `late-backup`?"],
    [`[rules]\nzzz.severity = "off"\n`, "nixlint.toml:2: unknown rule `zzz` | `nixlint rules` lists them"],
    [
      `[rules.late-backup]\nseverity = "fatal"\n`,
      'nixlint.toml:2: `rules.late-backup.severity`: expected one of "error"|"warning"|"info"|"off"',
    ],
    [
      `[rules.late-backup]\ncovrage = "role"\n`,
      "nixlint.toml:2: unknown key `covrage` in `rules.late-backup` | did you mean `coverage`?",
    ],
    [
      `[rules.late-backup]\nlimit = "x"\n`,
      "nixlint.toml:2: `rules.late-backup.limit`: expected number, received string",
    ],
    [
      `[rules.plain-rule]\nlimit = 3\n`,
      "nixlint.toml:2: unknown key `limit` in `rules.plain-rule` | known keys: severity",
    ],
    [
      `[schedule]\nbackup = "long"\n`,
      "nixlint.toml:2: `schedule.backup`: expected a duration like `45min` or `1h 30min`",
    ],
    [
      `[[waive]]\nrule = "a"\nsubject = "b"\nreason = "c"\n\n[[waive]]\nrule = "a"\nsubject = "b"\n`,
      "nixlint.toml:6: `waive[1].reason`: expected string, received undefined",
    ],
    [
      `[[waive]]\nrule = "a"\nsubject = "b"\nreason = "c"\nuntil = "soon"\n`,
      "nixlint.toml:5: `waive[0].until`: expected a date like 2027-01-31",
    ],
    [`a = \n`, "nixlint.toml:1: not valid TOML: "],
  ])("%j", (text, message) => {
    expect(mistake(text)).toContain(message);
  });
});
