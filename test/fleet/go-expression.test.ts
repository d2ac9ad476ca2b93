import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readGoExpression } from "../../src/fleet/go-expression.ts";

describe("as Go matches", () => {
  test.each<[expression: string, matching: readonly string[], others: readonly string[]]>([
    ["secrets/[^/]+\\.(yaml|json)$", ["secrets/a.yaml", "x/secrets/é.json"], ["secrets/a/b.yaml", "secrets/a.yaml2"]],
    ["^hosts/nas\\.ya?ml$", ["hosts/nas.yml", "hosts/nas.yaml"], ["hosts/nasxyml", "a/hosts/nas.yml"]],
    ["(?i)^NAS$", ["nas", "Nas"], ["nash"]],
    ["a(?i:b)c", ["aBc", "abc"], ["ABc"]],
    ["(?i)a(?-i)b", ["Ab", "ab"], ["aB"]],
    ["^.$", ["a", "é", "漢", "🦀"], ["", "ab", "\n"]],
    ["(?s)^.$", ["\n"], ["\n\n"]],
    ["^[^a]$", ["b", "é", "\n"], ["a"]],
    ["^\\D\\W\\S$", ["x-x"], ["1-x", "xxx", "x- "]],
    ["^[\\d[:upper:]_-]+$", ["A-1_"], ["a"]],
    ["^[]a]+$", ["]a"], ["[a"]],
    ["^[a\\]\\-]$", ["]", "-", "a"], ["\\"]],
    ["\\Aab\\z", ["ab"], ["abc", "xab"]],
    ["^\\Qa.b*\\E+$", ["a.b*", "a.b**"], ["axb*"]],
    ["^\\x41\\x{e9}\\t$", ["Aé\t"], ["A"]],
    ["^(?P<name>a)(?<other>b)$", ["ab"], ["a"]],
    ["^a{2,3}?$", ["aa", "aaa"], ["a", "aaaa"]],
    ["^a{,3}b{$", ["a{,3}b{"], ["aab"]],
    ["^(a*)*$", ["", "aaa"], ["b"]],
    ["^(|a)+b$", ["b", "aab"], ["c"]],
    ["", ["", "x"], []],
  ])("%s", (expression, matching, others) => {
    const read = readGoExpression(expression);
    expect(matching.filter((text) => read?.matchesIn(text) !== true)).toEqual([]);
    expect(others.filter((text) => read?.matchesIn(text) !== false)).toEqual([]);
  });

  test("a whole text, whichever alternative comes first", () => {
    const read = readGoExpression("restic|restic-backups-.*");
    expect(["restic-backups-a", "restic", "xrestic"].map((text) => read?.matchesWhole(text))).toEqual([
      true,
      true,
      false,
    ]);
  });

  const character = fc.constantFrom("a", "b", "A", ".", "\\.", "[ab]", "[^a]", "\\w", "\\D", "é");
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { depthSize: "small" },
      character,
      fc.tuple(tie("expression"), tie("expression")).map((parts) => parts.join("")),
      fc.tuple(tie("expression"), tie("expression")).map(([one, other]) => `(${one}|${other})`),
      fc
        .tuple(tie("expression"), fc.constantFrom("*", "+", "?", "{2}", "{1,2}"))
        .map(([of, rounds]) => `(?:${of})${rounds}`),
    ),
  }));
  const text = fc.string({ unit: fc.constantFrom("a", "b", "A", ".", "é", "1"), maxLength: 6 });

  test("where the syntax is JavaScript's too, the same matches", () => {
    fc.assert(
      fc.property(expression, text, (source, given) => {
        const read = readGoExpression(source);
        expect(read?.matchesIn(given)).toBe(new RegExp(source, "u").test(given));
        expect(read?.matchesWhole(given)).toBe(new RegExp(`^(?:${source})$`, "u").test(given));
      }),
      { numRuns: 2000 },
    );
  });
});

test.each(
  [
    "*a",
    "a**",
    "(a",
    "a)",
    "[a",
    "[b-a]",
    "a{1001}",
    "a{3,2}",
    "((a{1000}){1000}){1000}",
    "(?=a)",
    "(?<!a)b",
    "(a)\\1",
    "a\\b",
    "\\pL",
    "\\p{Greek}",
    "(?m)^a",
    "(?x)a",
    "[é]",
    "[^[:^alpha:]]",
    "a\\",
    `${"(".repeat(100_000)}${")".repeat(100_000)}`,
  ].map((expression) => [expression.slice(0, 30), expression] as const),
)("not understood: %s", (_, expression) => {
  expect(readGoExpression(expression)).toBeNull();
});
