// What each reporter prints, to the character.

import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { reportConcise } from "../../src/report/concise.ts";
import { reportJson } from "../../src/report/json.ts";
import { reporters } from "../../src/report/reporter.ts";
import { reportText } from "../../src/report/text.ts";
import { options, reportOf, sample, sourceOf, spanOf } from "./sample.ts";

const schema = JSON.parse(readFileSync(new URL("../../schema/report.schema.json", import.meta.url), "utf8"));

describe("text", () => {
  test("shows frames, related places, hosts, fix and help", () => {
    expect(reportText(sample, options)).toBe(`\
error[service-without-backup]: \`home-assistant\` keeps \`/var/lib/hass\` and no backup job covers it
  --> roles/hass.nix:2:3
   |
 2 |   services.home-assistant.enable = true;
   |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
note: imported here
  --> hosts/nas.nix:2:15
   |
 2 |   imports = [ ../roles/hass.nix ];
   |               ^^^^^^^^^^^^^^^^^
note: nothing else names it
  = hosts: attic, nas
  = fix: write a job for \`home-assistant\`
  = help: nixlint explain service-without-backup

warning[unmonitored-backup]: nothing watches \`services.restic.backups.hass\`
  --> roles/hass.nix:3:3
   |
 3 |   services.restic.backups.hass = {
   |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
 4 |     paths = [ "/var/lib/hass" ];
   |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
 5 |   };
   |   ^
  = help: nixlint explain unmonitored-backup

not checked: host \`ghost\`
  --> hosts/nas.nix:2:3
   |
 2 |   imports = [ ../roles/hass.nix ];
   |   ^^^^^^^
  = because: attribute \`x\` missing

broken: \`hosts/broken.nix\` does not parse, so nothing that needs it was checked

1 error, 1 warning, 2 undecided, 1 suppressed, 1 baselined, 1 file skipped, 1 fixable with --fix
\`-v\` says what is undecided and why
`);
  });

  test("-v lists what is undecided, suppressed, skipped and assumed", () => {
    const text = reportText(sample, { ...options, verbose: true });
    expect(text).toContain(`\
undecided[secret-owner-mismatch]: \`sops.secrets.hass\`
  --> roles/hass.nix:4:5
  = because: \`private.nix\` is not on disk (hosts/nas.nix:2:3)
  = because: the environment is not known
  = hosts: attic, nas
`);
    expect(text).toContain(
      "suppressed[unmonitored-backup]: roles/hass.nix:3:3: nothing watches `services.restic.backups.hass` [nas] -- looked at by hand\n",
    );
    expect(text).toContain(
      "baselined[retention-gap]: roles/hass.nix:3:3: nothing watches `services.restic.backups.hass` [attic]\n",
    );
    expect(text).toContain("skipped: secrets/a.nix: encrypted with age\n");
    expect(text).toContain(
      "assumed: the unread input `private` defines no backup job (hosts/nas.nix:2:15) [attic, nas]\n",
    );
  });

  test("-q leaves out the summary, --statistics counts", () => {
    expect(reportText(sample, { ...options, quiet: true })).not.toContain("1 error, ");
    expect(reportText(sample, { ...options, statistics: true })).toContain("1  service-without-backup\n1  unmonitored");
  });

  test("says so when there is nothing", () => {
    expect(reportText(reportOf([], {}), options)).toBe("no findings in 1 host, 2 files\n");
  });

  test("colours only on request", () => {
    expect(reportText(sample, options)).not.toContain("\u001b");
    expect(reportText(sample, { ...options, color: true })).toContain("\u001b[31m");
  });

  test("never shows the text of files that are no code", () => {
    const source = sourceOf("secrets/a.yaml", "password: hunter2\n");
    const diagnostic = { ...sample.diagnostics[1]!, at: spanOf(source, "password: hunter2") };
    expect(reportText(reportOf([source], { diagnostics: [diagnostic] }), options)).not.toContain("hunter2");
  });
});

describe("concise", () => {
  test("is one line each", () => {
    expect(reportConcise(sample, { ...options, verbose: true })).toBe(`\
roles/hass.nix:2:3: error service-without-backup: \`home-assistant\` keeps \`/var/lib/hass\` and no backup job covers it [attic, nas]
roles/hass.nix:3:3: warning unmonitored-backup: nothing watches \`services.restic.backups.hass\`
hosts/nas.nix:2:3: not checked: host \`ghost\`: attribute \`x\` missing
hosts/broken.nix: broken: does not parse
roles/hass.nix:4:5: undecided secret-owner-mismatch: \`sops.secrets.hass\`: \`private.nix\` is not on disk (hosts/nas.nix:2:3); the environment is not known [attic, nas]
roles/hass.nix:3:3: suppressed unmonitored-backup: nothing watches \`services.restic.backups.hass\` [nas] -- looked at by hand
roles/hass.nix:3:3: baselined retention-gap: nothing watches \`services.restic.backups.hass\` [attic]
secrets/a.nix: skipped: encrypted with age
assumed: the unread input \`private\` defines no backup job (hosts/nas.nix:2:15) [attic, nas]
1 error, 1 warning, 2 undecided, 1 suppressed, 1 baselined, 1 file skipped, 1 fixable with --fix
`);
  });
});

test("concise counts by rule on request", () => {
  const lines = reportConcise(sample, { ...options, quiet: true, statistics: true })
    .trimEnd()
    .split("\n");
  expect(lines.slice(-2)).toEqual(["1  service-without-backup", "1  unmonitored-backup"]);
});

describe("json", () => {
  test("matches the published schema", () => {
    const validate = new Ajv2020({ strict: true }).compile(schema);
    for (const report of [sample, reportOf([], {})]) {
      validate(JSON.parse(reportJson(report, options)));
      expect(validate.errors).toBeNull();
    }
  });

  test("says the same as the report", () => {
    const json = JSON.parse(reportJson(sample, options));
    expect(json.tool).toEqual({ name: "nixlint", version: "1.2.3" });
    expect(json.summary).toMatchObject({ errors: 1, warnings: 1, undecided: 2, suppressed: 1, fixable: 1, hosts: 2 });
    expect(json.findings[0].location).toEqual({
      path: "roles/hass.nix",
      start: { line: 2, column: 3 },
      end: { line: 2, column: 33 },
    });
    expect(json.findings[0].fix.newFiles).toEqual([{ path: "roles/backup.nix", text: "{ }\n" }]);
    expect(json.undecided.map(({ host }: { host: string }) => host)).toEqual(["attic", "nas"]);
  });
});

describe("hostile text", () => {
  const evil = "\u001b[2J\u009b31m\u202etxt.exe\u2066\u0007\u007f";
  const source = sourceOf("a.nix", `{ a = "${evil}"; }\n`);
  const report = reportOf([source], {
    diagnostics: [{ ...sample.diagnostics[0]!, message: `has ${evil}`, hosts: [evil], at: spanOf(source, "a =") }],
    assumptions: [{ message: evil, at: null, hosts: [evil] }],
  });

  // biome-ignore lint/suspicious/noControlCharactersInRegex: nothing of this may reach a terminal
  const dangerous = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

  test.each(Object.entries(reporters))("%s makes it visible", (_, reporter) => {
    const output = reporter(report, { ...options, verbose: true });
    expect(output).not.toMatch(dangerous);
    expect(output).toMatch(/u\{1b\}|u001b/);
  });

  test("json keeps every character", () => {
    expect(JSON.parse(reportJson(report, options)).findings[0].message).toBe(`has ${evil}`);
  });
});
