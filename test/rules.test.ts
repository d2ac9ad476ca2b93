// Every rule and every page, by the same requirements: a rule is what its page shows, no more and no less.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { rulePage } from "../src/cli/pages.ts";
import type { Diagnostic, Report } from "../src/lint/finding.ts";
import { locate } from "../src/report/place.ts";
import { reporters } from "../src/report/reporter.ts";
import { ruleTable } from "../src/report/rule-table.ts";
import type { Rule } from "../src/rule.ts";
import { canary, lintExample, root } from "./example-flake.ts";
import { type Example, type Marker, parseRulePage } from "./rule-page.ts";
import { unknownVariants } from "./unknown-variants.ts";

const directory = new URL("../rules/", import.meta.url);
const ruleFiles = readdirSync(directory).filter((name) => name.endsWith(".ts") && name !== "index.ts");
const idForm = /^[a-z]+(-[a-z]+)*$/;

describe("the registry", () => {
  test("holds every file of rules/, under its name, sorted", () => {
    expect(rules.map((rule) => rule.id)).toEqual(ruleFiles.map((name) => name.replace(/\.ts$/, "")).sort());
  });

  test("rules/README.md is its table", async () => {
    await expect(ruleTable(rules)).toMatchFileSnapshot("../rules/README.md");
  });
});

describe.each(rules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  const path = new URL(`${id}.md`, directory);
  const page = existsSync(path) ? parseRulePage(readFileSync(path, "utf8")) : null;
  const examples = page?.examples ?? [];

  test("names what is flagged", () => {
    expect(id).toMatch(idForm);
    expect(id).not.toMatch(/^no-/);
    expect(rule.summary).toMatch(/^[^A-Z].*[^.]$/);
  });

  test("has a page with its sections", () => {
    expect(page, `rules/${id}.md`).not.toBeNull();
    expect(page?.title).toBe(id);
    expect(page?.sections).toEqual(expect.arrayContaining(["When to allow it", "References"]));
  });

  test("shows enough examples that differ", () => {
    const count = (role: Example["role"]) => examples.filter((example) => example.role === role).length;
    expect(count("bad")).toBeGreaterThanOrEqual(3);
    expect(count("good")).toBeGreaterThanOrEqual(3);
    const mayDoubt = rule.scope === "host" || rule.scope === "fleet";
    expect(count("undecided")).toBeGreaterThanOrEqual(mayDoubt ? 1 : 0);
  });

  describe.each(examples.map((example) => [`${example.role}, line ${example.pageLine}`, example] as const))(
    "%s",
    (_, example) => {
      const lintAnew = () => lintExample(example.files, { profile: rule.profile });
      // Linting is pure, which one of the tests below shows; the others share what it gives.
      let linted: Report | null = null;
      const run = () => {
        linted ??= lintAnew();
        return linted;
      };

      test("is what the page says", () => {
        const report = run();
        const findings = findingsOf(report, rule);
        const doubts = report.undecided.filter((result) => result.rule === id);
        expect(findings.map((finding) => markerOf(report, finding, example))).toEqual(sorted(example.markers));
        if (example.role === "bad") expect(findings).not.toEqual([]);
        else expect(example.markers).toEqual([]);
        if (example.role === "undecided") expect(doubts).not.toEqual([]);
        if (example.role === "good" || example.role === "fixed") expect(doubts).toEqual([]);
      });

      test("points into its files", () => {
        const report = run();
        for (const { at } of findingsOf(report, rule)) {
          const text = report.sources.get(at.file)?.text ?? "";
          expect(at.start).toBeLessThan(at.end);
          expect(at.end).toBeLessThanOrEqual(text.length);
        }
      });

      test("says what it says in the form of a message", () => {
        for (const { message } of findingsOf(run(), rule)) {
          expect(message).toMatch(/^[^A-Z\s]/);
          expect(message).not.toMatch(/\.$|\n/);
        }
      });

      test("gives the same bytes twice", () => {
        expect(everyOutput(lintAnew())).toEqual(everyOutput(run()));
      });

      test("shows no secret and no path of the machine", () => {
        const output = everyOutput(run()).join("\n");
        expect(output).not.toContain(canary);
        expect(output).not.toContain(`${root}/`);
      });
    },
  );

  const decided = examples.filter(({ role }) => role === "bad" && rule.scope === "host");
  for (const { name, files, marker } of decided.flatMap(unknownVariants)) {
    test(name, () => {
      const report = lintExample(files, { profile: rule.profile });
      expect(findingsOf(report, rule).filter((finding) => startsAt(report, finding, marker))).toEqual([]);
      expect(report.undecided.filter((result) => result.rule === id)).not.toEqual([]);
    });
  }
});

function findingsOf(report: Report, rule: Rule): Diagnostic[] {
  return report.diagnostics.filter((diagnostic) => diagnostic.rule === rule.id);
}

function sorted(markers: readonly Marker[]): Marker[] {
  return [...markers].sort(
    (a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)) || a.line - b.line || a.startColumn - b.startColumn,
  );
}

/** A finding as a marker; of a span over several lines, only what carets below its first line can show. */
function markerOf(report: Report, { at, message }: Diagnostic, example: Example): Marker {
  const { path, start, end } = locate(report, at);
  const line = example.files.find((file) => file.path === path)?.text.split("\n")[start.line - 1] ?? "";
  const endColumn = end.line === start.line ? end.column : [...line].length + 1;
  return { path, line: start.line, startColumn: start.column, endColumn, message };
}

function startsAt(report: Report, { at }: Diagnostic, marker: Marker): boolean {
  const { path, start } = locate(report, at);
  return path === marker.path && start.line === marker.line && start.column === marker.startColumn;
}

function everyOutput(report: Report): string[] {
  const show = { version: "0", color: true, verbose: true, quiet: false, statistics: true };
  const options = { ...show, directory: "", rules, page: rulePage };
  return Object.values(reporters).map((reporter) => reporter(report, options));
}
