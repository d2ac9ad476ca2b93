// What Nix refuses, where nixlint says so, and that the rest of the file is still there.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how Nix interpolates

import { describe, expect, test } from "vitest";

import { parseText, problemsOf } from "./parse-text.ts";
import { renderExpr } from "./render-expr.ts";

describe("syntax errors name the first token that does not fit", () => {
  test.each([
    ["{\n  a = 1\n  b = 2;\n}", "3:5 unexpected `=`, expected `;`"],
    ["{ a = 1; b = ; c = 3; }", "1:14 unexpected `;`"],
    ["{ a = [ 1 2; }", "1:12 unexpected `;`, expected `]`"],
    ["{ lib, pkgs }\n{ }", "2:1 unexpected `{`, expected `:`"],
    ["if true 1 else 2", "1:11 unexpected `else`, expected `then`"],
    ["let a = 1; a", "1:12 unexpected end of file, expected `=`"],
    ['{ a = "x; }', "1:11 unexpected end of file"],
    ["{ a = ''x; }", "1:12 unexpected end of file"],
    ["{ a = 1; ", "1:9 unexpected end of file, expected `}`"],
    ["", "1:1 unexpected end of file"],
    ["# only a comment\n", "1:17 unexpected end of file"],
    ["1 2 }", "1:5 unexpected `}`"],
    ["/* open", "1:1 unexpected `/`"],
    ["with {}; x then", "1:12 unexpected `then`"],
    ["{ if = 1; }", "1:3 unexpected `if`"],
    ["\u00e9", "1:1 unexpected `\u00e9`"],
    ["{ ..., a }: a", "1:6 unexpected `,`, expected `}`"],
    ["f (a b", "1:6 unexpected end of file, expected `)`"],
    ["{ a = f { b = 1; }\n  c = 2; }", "2:5 unexpected `=`, expected `;`"],
    ["let a = 1; b = 2;\n{ inherit a; }", "2:1 unexpected `{`, expected `in`"],
  ])("%j", (source, problem) => {
    expect(problemsOf(parseText(source))[0]).toBe(problem);
  });
});

describe("what parses but Nix refuses", () => {
  test.each([
    ["x", ["1:1 undefined variable `x`"]],
    ["a: { inherit b; }", ["1:14 undefined variable `b`"]],
    ["[ (x: y) (y: x) ]", ["1:7 undefined variable `y`", "1:14 undefined variable `x`"]],
    ["{ a = 1;\n  a = 2; }", ["2:3 attribute `a` already defined at 1:3"]],
    ["{ a = 1; a.b = 2; }", ["1:10 attribute `a` already defined at 1:3"]],
    ["{ a.b = 1; a = { b = 2; }; }", ["1:18 attribute `a.b` already defined at 1:3"]],
    ["a: { inherit a; a.b = 1; }", ["1:17 attribute `a` already defined at 1:14"]],
    ["a: { inherit a a; }", ["1:16 attribute `a` already defined at 1:14"]],
    ['{ a = 1; "a" = 2; ${"a"} = 3; }', expect.arrayContaining(['1:19 attribute `${"a"}` already defined at 1:3'])],
    ["{ a, a }: a", ["1:6 duplicate formal function argument `a`"]],
    ["{ a }@a: a", ["1:7 duplicate formal function argument `a`"]],
    ["let ${map} = 1; in 1", ["1:5 dynamic attributes are not allowed in `let`"]],
    ["{ inherit ${map}; }", ["1:11 `inherit` takes no dynamic attrs"]],
    ["9223372036854775808", ["1:1 the integer `9223372036854775808` does not fit into 64 bits"]],
    ["1.0e999", ["1:1 the float `1.0e999` is too large"]],
    ["./a/", ["1:1 the path `./a/` has a trailing slash"]],
    ["./a//b", ["1:1 the path `./a//b` has an empty part between two slashes"]],
    ["1 < 2 < 3", ["1:7 unexpected `<`: `<` does not chain"]],
    ["1 == 2 != 3", ["1:8 unexpected `!=`: `==` does not chain"]],
    ["or: 1", ["1:1 unexpected `or`"]],
  ])("%s", (source, problems) => {
    expect(problemsOf(parseText(source))).toEqual(problems);
  });
});

describe("around an error the file is still read", () => {
  test.each([
    ["[ x 1 ]", "[HOLE 1]"],
    ["{ a = 1; b = = 2; c = 3; }", "{ a = 1; c = 3; ${HOLE} = HOLE; }"],
    ["{ a = 9223372036854775808; b = ./c/; d = 1; }", "{ a = HOLE; b = HOLE; d = 1; }"],
    ["{ a = 1; a = 2; b = 3; }", "{ a = 1; b = 3; }"],
  ])("%s", (source, rendered) => {
    const parsed = parseText(source);
    expect(parsed.problems.length).toBeGreaterThan(0);
    expect(renderExpr(parsed.expr)).toBe(rendered);
  });

  test("a set with a lost binding does not look complete", () => {
    const lost = "{ a = 1; b = 2\n  c = 3; }";
    expect(renderExpr(parseText(lost).expr)).toBe("{ a = 1; b = HOLE; ${HOLE} = HOLE; }");
  });

  test("names that an error may have bound are not called undefined", () => {
    expect(problemsOf(parseText("let a = ; b = 1; in [ a b c ]"))).toEqual(["1:9 unexpected `;`"]);
  });

  test("comments are kept, inside errors too", () => {
    const { comments } = parseText("{ a = ; /* one */ } # two\n}}");
    expect(comments.map(({ text, block }) => [text, block])).toEqual([
      [" one ", true],
      [" two", false],
    ]);
  });
});

describe("nesting", () => {
  const deep = 10_000;
  const cases: readonly (readonly [name: string, text: (levels: number) => string])[] = [
    ["lists", (n) => "[".repeat(n) + "]".repeat(n)],
    ["attrsets", (n) => `${"{a=".repeat(n)}1${";}".repeat(n)}`],
    ["attrpaths", (n) => `{${"a.".repeat(n)}a=1;}`],
    ["merged attrsets", (n) => `{a=${"{a=".repeat(n)}1${";}".repeat(n)};a=${"{a=".repeat(n)}1${";}".repeat(n)};}`],
    ["lets", (n) => `${"let a=1; in ".repeat(n)}1`],
    ["conditions", (n) => `${"if 1 then 2 else ".repeat(n)}1`],
    ["interpolations", (n) => `${'"${'.repeat(n)}"x"${'}"'.repeat(n)}`],
    ["indented interpolations", (n) => `${"''${".repeat(n)}"x"${"}''".repeat(n)}`],
    ["negations", (n) => `${"!".repeat(n)}1`],
    ["lambdas", (n) => `${"x: ".repeat(n)}1`],
  ];

  // The stack of a test's thread holds fewer levels than that of the executable (test/cli/bad-input.test.ts).
  test.each(cases)("%s nested deeper than the stack are one problem and a hole", (_, text) => {
    const messages = parseText(text(deep)).problems.map(({ message }) => message);
    expect(messages.filter((message) => !message.startsWith("attribute"))).toEqual([
      expect.stringMatching(/^nested more than \d+ levels deep$/),
    ]);
  });

  test.each(cases)("%s nested three hundred deep are read", (_, text) => {
    const messages = parseText(text(300)).problems.map(({ message }) => message);
    expect(messages.filter((message) => !message.startsWith("attribute"))).toEqual([]);
  });

  test.each([
    ["+", "1 + "],
    ["++", "1 ++ "],
    ["->", "1 -> "],
    ["|>", "map |> "],
    ["application", "map "],
    ["+ without blanks", "1+"],
  ])("%s chains are not deep", (_, link) => {
    expect(parseText(`${link.repeat(deep)}1`).problems).toEqual([]);
  });

  test("parentheses that never close are one error", () => {
    expect(problemsOf(parseText("(".repeat(deep)))).toEqual([`1:${deep} unexpected end of file`]);
  });
});

test("a file larger than the parser takes is a problem, not a crash", () => {
  expect(problemsOf(parseText(`"${"x".repeat(2 ** 21)}"`))[0]).toMatch(/^1:1 the file is too large/);
});
