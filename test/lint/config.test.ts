// nixlint.toml: what it can say, and the exact words when it says something wrong.

import { describe, expect, test } from "vitest";
import * as z from "zod";
import { defaultSettings } from "../../src/fleet/settings.ts";
import { parseConfig } from "../../src/lint/config.ts";
import { type KeyPath, placeOfKey, placeOfValue } from "../../src/lint/toml-places.ts";
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
    services: { paperless: { state: ["/srv/paperless"], user: "paperless", at: expect.anything() } },
    budgets: { ...defaultSettings.budgets, backup: 90 },
    gap: 15,
  });
  expect(config.rules.get("late-backup")).toEqual({ severity: "warning", options: { coverage: "role", limit: 3 } });
  expect([...config.inputs].map(([name, { path }]) => [name, path])).toEqual([["private", "../private"]]);
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
  // What else can be wrong, and how it is shown: test/cli/config.test.ts.
  test.each([
    [`\nprofil = "strict"\n`, "nixlint.toml:2:1: unknown key `profil` | did you mean `profile`?"],
    [`[services.x]\nstat = []\n`, "nixlint.toml:2:1: unknown key `stat` in `[services.x]` | did you mean `state`?"],
    [
      `[rules.late-backup]\ncovrage = "role"\n`,
      "nixlint.toml:2:1: unknown key `covrage` in `[rules.late-backup]` | did you mean `coverage`?",
    ],
    // The second of two is the one that is wrong.
    [
      `[[waive]]\nrule = "a"\nsubject = "b"\nreason = "c"\n\n[[waive]]\nrule = "a"\nsubject = "b"\n`,
      "nixlint.toml:6:1: `[[waive]]` has no `reason`: a waiver needs a reason",
    ],
  ])("%j", (text, message) => {
    expect(mistake(text)).toContain(message);
  });
});

describe("places", () => {
  const text = `# first
"a b".c = { d = [ 1, "x]", { e = 'f' } ], g = """
]""" }
top = 2027-01-01 00:00:00 # a date

[one.two]
k = [
  "p", # comment ]
  "q",
]
[[list]]
x = 1
[list.sub]
y = """"quoted""""
[[list]]
x = 2
inline.deep = -1_0.5e3
`;
  const source = { path: "/flake/nixlint.toml", text };
  const at = (span: { readonly start: number; readonly end: number }) => text.slice(span.start, span.end);

  test.each<readonly [KeyPath, key: string, value: string]>([
    [["a b"], '"a b"', '"a b"'],
    [["a b", "c", "d", 1], '"x]"', '"x]"'],
    [["a b", "c", "d", 2, "e"], "e", "'f'"],
    [["a b", "c", "g"], "g", '"""\n]"""'],
    [["top"], "top", "2027-01-01 00:00:00"],
    [["one"], "one", "[one.two]"],
    [["one", "two"], "two", "[one.two]"],
    [["one", "two", "k", 1], '"q"', '"q"'],
    [["list", 0], "[[list]]", "[[list]]"],
    [["list", 0, "sub", "y"], "y", '""""quoted""""'],
    [["list", 1, "x"], "x", "2"],
    [["list", 1, "inline", "deep"], "deep", "-1_0.5e3"],
    // What is not there is where it would be.
    [["list", 1, "gone", "deeper"], "[[list]]", "[[list]]"],
    [["gone"], "# first", "# first"],
  ])("%j", (path, key, value) => {
    expect([at(placeOfKey(source, path)), at(placeOfValue(source, path))]).toEqual([key, value]);
  });
});
