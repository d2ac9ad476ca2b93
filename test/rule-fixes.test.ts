// What the fixes of every rule do to the examples of its page: what the page shows, once and for good.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import type { Safety } from "../src/edit/edit.ts";
import { type FixResult, runFixes } from "../src/lint/fix-loop.ts";
import { membersOf } from "../src/lint/gather.ts";
import type { Rule } from "../src/rule.ts";
import { OverlayFileSystem } from "../src/source/overlay-file-system.ts";
import { exampleFileSystem, lintExampleIn, root } from "./example-flake.ts";
import { type Example, type ExampleFile, parseRulePage, withoutMarkers } from "./rule-page.ts";

const safeties: ReadonlySet<Safety> = new Set(["safe", "unsafe", "scaffold"]);

function fixExample(files: readonly ExampleFile[], rule: Rule, only: boolean): FixResult {
  return runFixes({
    fs: exampleFileSystem(files),
    lint: (fs) => lintExampleIn(fs, files, { profile: rule.profile }),
    narrow: (report) =>
      only ? { ...report, diagnostics: report.diagnostics.filter((found) => found.rule === rule.id) } : report,
    safeties,
  });
}

function changesOf({ files }: FixResult): Record<string, string> {
  return Object.fromEntries(files.map(({ path, after }) => [path.slice(root.length + 1), after]));
}

describe.each(rules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  const page = parseRulePage(readFileSync(new URL(`../rules/${id}.md`, import.meta.url), "utf8"));
  const bad = page.examples.filter(({ role }) => role === "bad").map(clean);
  const fixed = page.examples.flatMap((example, index) => {
    if (example.role !== "fixed") return [];
    const before = page.examples[index - 1];
    if (before?.role !== "bad") throw new Error(`${id}.md:${example.pageLine}: no bad example before the fixed one`);
    return [[`line ${example.pageLine}`, { before: clean(before), after: example }] as const];
  });
  const offered = bad.flatMap(({ files }) => [...fixExample(files, rule, true).applied]);

  test("shows what its fixes do", () => {
    if (offered.length > 0) expect(fixed).not.toEqual([]);
    const needsWord = offered.some(({ fix }) => fix?.safety !== "safe");
    if (needsWord) expect(page.sections).toContain("Fix safety");
    for (const { fix } of offered) expect(fix?.title).toMatch(/^[a-z].*[^.]$/);
  });

  test.each(fixed)("%s is the example before it after the fixes", (_, { before, after }) => {
    const changes = changesOf(fixExample(before.files, rule, true));
    expect(changes).toEqual(Object.fromEntries(after.shown.map(({ path, text }) => [path, text])));
  });

  test.each(bad.map((example) => [`line ${example.pageLine}`, example] as const))(
    "%s, fixed, stays fixed",
    (_, { files }) => {
      const result = fixExample(files, rule, true);
      expect(result.refused).toEqual([]);
      expect(result.converged).toBe(true);
      if (result.applied.length === 0) return;
      const texts = new Map(result.files.map(({ path, after }) => [path, after]));
      const again = lintExampleIn(new OverlayFileSystem(exampleFileSystem(files), texts), files, {
        profile: rule.profile,
      });
      const fixedOnes = new Set(result.applied.map(({ subject }) => subject));
      expect(membersOf(again.diagnostics).filter((found) => found.rule === id && fixedOnes.has(found.subject))).toEqual(
        [],
      );
    },
  );

  test("ends together with all other rules", () => {
    for (const { files, pageLine } of bad) {
      const result = fixExample(files, rule, false);
      expect([pageLine, result.converged, result.refused]).toEqual([pageLine, true, []]);
    }
  });
});

function clean(example: Example): Example {
  return { ...example, files: example.files.map(withoutMarkers) };
}
