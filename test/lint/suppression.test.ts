// Comments and waivers: what they cover, and what becomes of those that cover nothing.

import { expect, test } from "vitest";
import type { JudgedSuppression, Rule } from "../../src/rule.ts";
import { visitExpr } from "../../src/syntax/visit.ts";
import { flakeWithHosts, lintInMemory } from "./in-memory.ts";

/** Flags every integer literal of the configuration files. */
const numbers: Rule = {
  id: "number",
  summary: "a number",
  severity: "error",
  profile: "recommended",
  scope: "file",
  *check(files) {
    for (const [path, { expr }] of files.parsed) {
      const found: { file: string; start: number; end: number; value: bigint }[] = [];
      visitExpr(expr, (one) => {
        if (one.kind === "int") found.push(one);
        return true;
      });
      for (const { file, start, end, value } of found) {
        yield {
          kind: "finding",
          subject: `number.${value}`,
          at: { file, start, end },
          message: `${value} in ${path.split("/").at(-1)}`,
        };
      }
    }
  },
};

const verdicts: [string, JudgedSuppression["verdict"]][] = [];
const judge: Rule = {
  ...numbers,
  id: "judge",
  scope: "suppression",
  check(suppressions: readonly JudgedSuppression[]) {
    for (const { rule, verdict } of suppressions) verdicts.push([rule, verdict]);
    return [];
  },
} as Rule;

function run(host: string, config = "") {
  verdicts.length = 0;
  const files = { "flake.nix": flakeWithHosts(["a"]), "a.nix": host, "nixlint.toml": config };
  const report = lintInMemory(files, { rules: [numbers, judge], config });
  return {
    kept: report.diagnostics.map(({ subject }) => subject.replace("number.", "")),
    suppressed: report.suppressed.map(({ diagnostic, reason }) => [diagnostic.subject.replace("number.", ""), reason]),
    verdicts: [...verdicts],
  };
}

test("a comment after code covers its line", () => {
  const { kept, suppressed } = run("{\n  a = 1; # nixlint: allow number -- because\n  b = 2;\n}\n");
  expect(kept).toEqual(["2"]);
  expect(suppressed).toEqual([["1", "because"]]);
});

test("a comment above a binding covers all of it and nothing more", () => {
  const text =
    "{\n  # nixlint: allow number -- because\n\n  # more words\n  x.y = {\n    a = 1;\n    b = [\n      2\n    ];\n  };\n  x.z = 3;\n}\n";
  expect(run(text).kept).toEqual(["3"]);
});

test("a comment above an element of a list covers its line", () => {
  expect(run("{\n  a = [\n    # nixlint: allow number -- because\n    1\n    2\n  ];\n}\n").kept).toEqual(["2"]);
});

test("a block comment works as well", () => {
  expect(run("{\n  /* nixlint: allow number -- because */\n  a = 1;\n}\n").kept).toEqual([]);
});

test("allow-file covers the file, and only before its expression", () => {
  expect(run("# nixlint: allow-file number -- because\n{ a = 1; b = 2; }\n").kept).toEqual([]);
  const late = run("{ a = 1; }\n# nixlint: allow-file number -- because\n");
  expect(late.kept).toEqual(["1"]);
  expect(late.verdicts).toEqual([["number", "defect"]]);
});

test("several rules in one comment are judged one by one", () => {
  const { verdicts } = run("{\n  a = 1; # nixlint: allow number, numbr -- because\n}\n");
  expect(verdicts).toEqual([
    ["number", "used"],
    ["numbr", "unknown-rule"],
  ]);
});

test.each([
  ["# nixlint: allow number", "defect"],
  ["# nixlint: allow number --", "defect"],
  ["# nixlint: allow", "defect"],
  ["# nixlint: ignore number -- because", "defect"],
  ["# nixlint: allow number -- because until=soon", "defect"],
  ["# nixlint: allow number -- because until=2026-05-31", "expired"],
])("%s allows nothing: %s", (comment, verdict) => {
  const { kept, verdicts } = run(`{\n  a = 1; ${comment}\n}\n`);
  expect(kept).toEqual(["1"]);
  expect(verdicts.map(([, one]) => one)).toEqual([verdict]);
});

test("until is the last day", () => {
  expect(run("{\n  a = 1; # nixlint: allow number -- because until=2026-06-01\n}\n").kept).toEqual([]);
  expect(run("{\n  a = 1; # nixlint: allow number -- because [until=2026-06-02]\n}\n").suppressed).toEqual([
    ["1", "because"],
  ]);
});

test("a suppression of a rule that does not run is left alone", () => {
  const off = `[rules.number]\nseverity = "off"\n`;
  expect(run("{\n  a = 1; # nixlint: allow number -- because\n}\n", off).verdicts).toEqual([["number", "idle"]]);
});

test("a waiver is about a subject", () => {
  const waiver = `[[waive]]\nrule = "number"\nsubject = "number.1"\nreason = "because"\n`;
  const { kept, verdicts } = run("{ a = 1; b = 2; }\n", waiver);
  expect(kept).toEqual(["2"]);
  expect(verdicts).toEqual([["number", "used"]]);
  expect(run("{ b = 2; }\n", waiver).verdicts).toEqual([["number", "unused"]]);
});

test("a waiver for one host leaves the finding to the others", () => {
  const named: Rule = {
    ...numbers,
    scope: "host",
    *check(host) {
      const { span } = host.host.option(["networking", "hostName"]);
      if (span) yield { kind: "finding", subject: "networking.hostName", at: span, message: "named" };
    },
  } as Rule;
  const files = {
    "flake.nix": flakeWithHosts(["a", "b"]),
    "a.nix": "import ./role.nix\n",
    "b.nix": "import ./role.nix\n",
    "role.nix": `{ networking.hostName = "x"; }\n`,
  };
  const config = `[[waive]]\nrule = "number"\nsubject = "networking.hostName"\nhost = "b"\nreason = "because"\n`;
  const report = lintInMemory(files, { rules: [named], config });
  expect(report.diagnostics.map(({ hosts }) => hosts)).toEqual([["a"]]);
  expect(report.suppressed.map(({ diagnostic }) => diagnostic.hosts)).toEqual([["b"]]);
});
