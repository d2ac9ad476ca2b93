// What forges read: SARIF against the official schema, GitHub's commands as its runner takes them apart, GitLab's list.

import { readFileSync } from "node:fs";
import ajvDraft04 from "ajv-draft-04";
import { describe, expect, test } from "vitest";
import { rules } from "../../rules/index.ts";
import { reportActionsLog } from "../../src/report/actions-log.ts";
import { reportGithub } from "../../src/report/github.ts";
import { reportGitlab } from "../../src/report/gitlab.ts";
import { reportSarif } from "../../src/report/sarif.ts";
import { reportText } from "../../src/report/text.ts";
import { options, reportOf, sample, sourceOf, spanOf } from "./sample.ts";

const evil = "100%, a:b\r\n::error::gotcha [x](http://example.net)";
const source = sourceOf("a b.nix", `{ "😀" = 1; }\n::warning::from code\n##[error]old\n`);
const hostile = reportOf([source], {
  diagnostics: [{ ...sample.diagnostics[0]!, message: evil, hosts: [evil], at: spanOf(source, "= 1"), notes: [] }],
});
const flakeInSubdirectory = { ...options, directory: "machines/nixos" };

describe("sarif", () => {
  const schema = JSON.parse(
    readFileSync(
      new URL("../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json", import.meta.url),
      "utf8",
    ),
  );
  const uri = (text: string) => URL.canParse(text);
  const reference = (text: string) => URL.canParse(text, "https://example.net/") && !/[\s\\<>"{}|^`]/.test(text);
  const ajv = new ajvDraft04.default({
    strict: false,
    unicodeRegExp: false,
    formats: { uri, "uri-reference": reference, "date-time": true },
  });
  const validate = ajv.compile(schema);
  const runOf = (report: typeof sample, given = options) => JSON.parse(reportSarif(report, given)).runs[0];

  test.each([
    ["one of everything", sample],
    ["nothing", reportOf([], {})],
    ["hostile text", hostile],
  ])("is valid: %s", (_, report) => {
    validate(JSON.parse(reportSarif(report, flakeInSubdirectory)));
    expect(validate.errors).toBeNull();
  });

  test("the schema refuses what is wrong", () => {
    const log = JSON.parse(reportSarif(sample, options));
    log.runs[0].results[0].level = "fatal";
    expect(validate(log)).toBe(false);
  });

  test("lists every rule with its page, fences titled", () => {
    const listed = runOf(sample).tool.driver.rules;
    expect(listed.map(({ id }: { id: string }) => id)).toEqual(rules.map(({ id }) => id));
    expect(listed[0].help.markdown).toContain("bad, roles/a.nix:\n\n```nix\n{ }\n```");
  });

  test("marks what is suppressed or in the baseline", () => {
    const [error, warning, suppressed, baselined] = runOf(sample).results;
    expect(error).toMatchObject({ ruleId: "service-without-backup", level: "error" });
    expect(error).not.toHaveProperty("suppressions");
    expect(warning.level).toBe("warning");
    expect(suppressed.suppressions).toEqual([{ kind: "inSource", justification: "looked at by hand" }]);
    expect(baselined).toMatchObject({ baselineState: "unchanged", suppressions: [{ kind: "external" }] });
    for (const { ruleId, ruleIndex } of [error, warning]) expect(rules[ruleIndex]?.id).toBe(ruleId);
  });

  test("places count code points from the root of the repository", () => {
    const [result] = runOf(hostile, flakeInSubdirectory).results;
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "machines/nixos/a%20b.nix", uriBaseId: "%SRCROOT%" },
      region: { startLine: 1, startColumn: 7, endLine: 1, endColumn: 10 },
    });
  });

  test("a fix changes files and makes new ones", () => {
    const [{ artifactChanges }] = runOf(sample).results[0].fixes;
    expect(artifactChanges.map((change: { artifactLocation: object }) => change.artifactLocation)).toEqual([
      { uri: "roles/hass.nix", uriBaseId: "%SRCROOT%" },
      { uri: "roles/backup.nix", uriBaseId: "%SRCROOT%" },
    ]);
  });

  test("says what was not checked, decided or read", () => {
    const [{ executionSuccessful, toolExecutionNotifications }] = runOf(sample).invocations;
    expect(executionSuccessful).toBe(false);
    expect(toolExecutionNotifications.map(({ level }: { level: string }) => level)).toEqual([
      "error",
      "warning",
      "note",
      "note",
      "note",
    ]);
    expect(runOf(reportOf([], {})).invocations[0].executionSuccessful).toBe(true);
  });

  test("text makes no links", () => {
    expect(runOf(hostile).results[0].message.text).toContain("\\[x](http://example.net)");
  });
});

/** As the runner of GitHub reads a line: trimmed at the left, properties split at commas, escapes undone. */
function parseCommand(line: string) {
  const match = /^::(\S+?)(?: (.*?))?::(.*)$/.exec(line.trimStart());
  if (match === null) return null;
  const [, command, list = "", data = ""] = match;
  const undo = (text: string) =>
    text.replace(/%3A/g, ":").replace(/%2C/g, ",").replace(/%0D/g, "\r").replace(/%0A/g, "\n").replace(/%25/g, "%");
  const properties = Object.fromEntries(
    list
      .split(",")
      .filter((part) => part !== "")
      .map((part) => [part.slice(0, part.indexOf("=")), undo(part.slice(part.indexOf("=") + 1))]),
  );
  return { command, properties, data: undo(data) };
}

describe("github", () => {
  test("one command for each finding and problem", () => {
    const commands = reportGithub(sample, flakeInSubdirectory).trimEnd().split("\n").map(parseCommand);
    expect(commands.map((command) => command?.command)).toEqual(["error", "warning", "warning", "error", "notice"]);
    expect(commands[0]).toEqual({
      command: "error",
      properties: {
        file: "machines/nixos/roles/hass.nix",
        line: "2",
        endLine: "2",
        col: "3",
        endColumn: "33",
        title: "service-without-backup",
      },
      data: [
        "`home-assistant` keeps `/var/lib/hass` and no backup job covers it",
        "note: imported here (hosts/nas.nix:2:15)",
        "note: nothing else names it",
        "hosts: attic, nas",
        "fix: write a job for `home-assistant`",
        "help: nixlint explain service-without-backup",
      ].join("\n"),
    });
    // Over several lines: no columns.
    expect(commands[1]?.properties).toEqual({
      file: "machines/nixos/roles/hass.nix",
      line: "3",
      endLine: "5",
      title: "unmonitored-backup",
    });
    expect(commands[4]?.data).toContain("2 undecided, 1 suppressed, 1 baselined");
  });

  test("text stays one command and comes back as it was", () => {
    const lines = reportGithub(hostile, options).trimEnd().split("\n");
    expect(lines).toHaveLength(1);
    const command = parseCommand(lines[0]!);
    expect(command?.properties.file).toBe("a b.nix");
    expect(command?.data.split("\n")[0]).toBe("100%, a:b\\u{d}");
  });

  test("-q leaves out the counts, nothing is nothing", () => {
    expect(reportGithub(sample, { ...options, quiet: true })).not.toContain("::notice");
    expect(reportGithub(reportOf([], {}), options)).toBe("");
  });
});

describe("a job's log", () => {
  test("switches commands off while it shows code", () => {
    const lines = reportActionsLog(hostile, options).trimEnd().split("\n");
    const token = /^::stop-commands::([0-9a-f]{64})$/.exec(lines[0]!)?.[1];
    const end = lines.indexOf(`::${token}::`);
    expect(`${lines.slice(1, end).join("\n")}\n`).toBe(reportText(hostile, options));
    expect(lines.slice(end + 1).map((line) => parseCommand(line)?.command)).toEqual(["error"]);
  });
});

describe("gitlab", () => {
  interface Issue {
    readonly description: string;
    readonly check_name: string;
    readonly fingerprint: string;
    readonly severity: string;
    readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
  }
  const issuesOf = (report: typeof sample, given = options): Issue[] => JSON.parse(reportGitlab(report, given));

  test("has what GitLab requires, fingerprints once each", () => {
    const issues = issuesOf(sample, flakeInSubdirectory);
    for (const { description, check_name, fingerprint, severity, location } of issues) {
      expect([description, check_name, fingerprint].every((text) => typeof text === "string" && text !== "")).toBe(
        true,
      );
      expect(["info", "minor", "major", "critical", "blocker"]).toContain(severity);
      expect(location.path).toMatch(/^machines\/nixos\/[^/]/);
      expect(location.lines.begin).toBeGreaterThan(0);
    }
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
    expect(issues.map(({ severity }) => severity)).toEqual(["critical", "minor", "info", "blocker", "major", "info"]);
    expect(issues[2]?.description).toMatch(/\(in the baseline\)$/);
  });

  test("a finding that the baseline knows on other hosts stands once", () => {
    const [shown] = sample.diagnostics;
    const issues = issuesOf(reportOf([], { diagnostics: [shown!], baselined: [{ ...shown!, hosts: ["old"] }] }));
    expect(issues.map(({ severity }) => severity)).toEqual(["critical"]);
  });

  test("a finding that counts for more on some hosts stands once, as the worst", () => {
    const [shown] = sample.diagnostics;
    const less = { ...shown!, severity: "info" as const, hosts: ["lab"] };
    const issues = issuesOf(reportOf([], { diagnostics: [less, shown!] }));
    expect(issues.map(({ severity }) => severity)).toEqual(["critical"]);
  });

  test("nothing is an empty list; -v adds what is assumed", () => {
    expect(reportGitlab(reportOf([], {}), options)).toBe("[]\n");
    const assumed = issuesOf(reportOf([], { assumptions: [{ message: "a", at: null, hosts: ["nas"] }] }), {
      ...options,
      verbose: true,
    });
    expect(assumed[0]).toMatchObject({
      description: "assumed: a [nas]",
      location: { path: "flake.nix", lines: { begin: 1 } },
    });
  });
});
