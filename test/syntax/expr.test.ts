// What each construct of the language becomes: operators, names and their slots, merged attrpaths.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how Nix interpolates

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseText, problemsOf } from "./parse-text.ts";
import { renderExpr } from "./render-expr.ts";

function checkTable(table: readonly (readonly [source: string, rendered: string])[]): void {
  test.each(table)("%s", (source, rendered) => {
    const parsed = parseText(source);
    expect(problemsOf(parsed)).toEqual([]);
    expect(renderExpr(parsed.expr)).toBe(rendered);
  });
}

describe("literals", () => {
  checkTable([
    ["9223372036854775807", "9223372036854775807"],
    ["1.5e3", "1500f"],
    [".5", "0.5f"],
    ["http://example.org/a?b=c", '"http://example.org/a?b=c"'],
    ["<nixpkgs/lib>", "<nixpkgs/lib>"],
    ["./a/b.nix", "path(./a/b.nix)"],
    ["~/a", "path(~/a)"],
    [`./a/\${"b"}/c`, 'path(./a/|${"b"}|/c)'],
    [`/\${"b"}`, 'path(/|${"b"})'],
    ["[ a/b ./c ]", "[path(a/b) path(./c)]"],
    ["__curPos", '{ column = 1; file = "/flake/test.nix"; line = 1; }'],
    ['"é" + __curPos.file', '("é" + ({ column = 8; file = "/flake/test.nix"; line = 1; } . file))'],
  ]);
});

describe("operators", () => {
  checkTable([
    ["1 + 2 * 3 - 4", "((1 + (2 * 3)) - 4)"],
    ["[1] ++ [2] ++ [3]", "([1] ++ ([2] ++ [3]))"],
    ["{} // {} // {}", "({ } // ({ } // { }))"],
    ["true -> true -> true", "(true@0.0 -> (true@0.0 -> true@0.0))"],
    ["!true && true || true", "(((!true@0.0) && true@0.0) || true@0.0)"],
    ["!{} ? a == true", "((!({ } ? a)) == true@0.0)"],
    ["-1 - -2", "((-1) - (-2))"],
    ["1 < 2 == true", "((1 < 2) == true@0.0)"],
    ["(1 < 2) < 3", "((1 < 2) < 3)"],
    ["map//map", "(map@0.1 // map@0.1)"],
    ["6 / 3", "(6 / 3)"],
    ["map map 1 [2]", "(map@0.1 map@0.1 1 [2])"],
    ["(map 1) 2", "(map@0.1 1 2)"],
    ["1 |> map |> map 2", "((map@0.1 2) (map@0.1 1))"],
    ["map <| map 2 <| 1", "(map@0.1 ((map@0.1 2) 1))"],
    ["if true then 1 else if true then 2 else 3", "(if true@0.0 1 (if true@0.0 2 3))"],
    ["assert true; 1", "(assert true@0.0 1)"],
    ['{}.a."b c".${"d"}.${"e" + "f"} or 1', '({ } . a.b c.d.${("e" + "f")} or 1)'],
    ["or: 1".replace("or", "a"), "(a: 1)"],
    ["with {}; [ map or 1 ]", "(with { } [(map@1.1 or?0) 1])"],
    ["with {}; map or", "(with { } (map@1.1 or?0))"],
  ]);
});

describe("names", () => {
  checkTable([
    ["a: b: a b", "(a: (b: (a@1.0 b@0.0)))"],
    ["{ a, b ? a, }@c: [ a b c ]", "({a, b ? a@0.0}@c: [a@0.0 b@0.1 c@0.2])"],
    ["c@{ ... }: c", "({...}@c: c@0.0)"],
    ["let a = b; b = 1; in a", "(let a = b@0.1; b = 1; in a@0.0)"],
    ["let map = map; in map", "(let map = map@0.0; in map@0.0)"],
    ["a: let inherit a; in a", "(a: (let a outer = a@0.0; in a@0.0))"],
    ["a: rec { inherit a; b = a; }", "(a: rec { a outer = a@0.0; b = a@0.0; })"],
    ["a: { inherit a; }", "(a: { a outer = a@0.0; })"],
    ["a: { inherit (a) b c; d = a; }", "(a: { b = (inherit@0.0 . b); c = (inherit@0.0 . c); d = a@1.0; from a@1.0; })"],
    [
      "a: let inherit (a) b; inherit (b) c; in c",
      "(a: (let b = (inherit@0.2 . b); c = (inherit@0.3 . c); from a@1.0; from b@0.0; in c@0.1))",
    ],
    ["a: { inherit (a) b; inherit a; }", "(a: { b = (inherit@0.0 . b); a outer = a@0.0; from a@1.0; })"],
    ["with {}; with {}; x", "(with { } (with { } x?0,1))"],
    ["a: with {}; b: [ a b x map ]", "(a: (with { } (b: [a@2.0 b@0.0 x?1 map@3.1])))"],
    ["let { a = 1; body = a; }", "(rec { a = 1; body = a@0.0; } . body)"],
    ["a: { ${a} = 1; }", "(a: { ${a@0.0} = 1; })"],
    ["rec { a = 1; ${a} = a; }", "rec { a = 1; ${a@0.0} = a@0.0; }"],
    ["{ inherit; inherit ({}); }", "{ from { }; }"],
  ]);
});

describe("attrpaths merge", () => {
  checkTable([
    ["{ a.b = 1; a.c = 2; }", "{ a = { b = 1; c = 2; }; }"],
    ["{ a.b = 1; a = { c = 2; }; }", "{ a = { b = 1; c = 2; }; }"],
    ["{ a = { b = 1; }; a = { c = 2; }; }", "{ a = { b = 1; c = 2; }; }"],
    ["{ a = ({ b = 1; }); a.c = 2; }", "{ a = { b = 1; c = 2; }; }"],
    ["{ a.b.c = 1; a = { b.d = 2; }; }", "{ a = { b = { c = 1; d = 2; }; }; }"],
    ["{ a = { b = { c = 1; }; }; a = { b = { d = 2; }; }; }", "{ a = { b = { c = 1; d = 2; }; }; }"],
    ["{ a = rec { b = 1; }; a.c = b: b; a.d = 2; }", "{ a = rec { b = 1; c = (b: b@0.0); d = 2; }; }"],
    // The first set decides whether the result is recursive.
    ["{ a = rec { b = 1; }; a.c = { d = 1; }; }", "{ a = rec { b = 1; c = { d = 1; }; }; }"],
    ["x: { a.c = 1; a = rec { b = x; }; }", "(x: { a = { c = 1; b = x@0.0; }; })"],
    // A source moved into another set moves everything in it one frame down.
    ["x: { a.b = x; a = { inherit (x) c; }; }", "(x: { a = { b = x@1.0; c = (inherit@0.0 . c); from x@1.0; }; })"],
    [
      "x: { a = { inherit (x) b; }; a = { inherit (x) c; }; }",
      "(x: { a = { b = (inherit@0.0 . b); c = (inherit@0.1 . c); from x@1.0; from x@1.0; }; })",
    ],
    ["{ ${map}.a = 1; ${map}.b = 2; }", "{ ${map@0.1} = { a = 1; }; ${map@0.1} = { b = 2; }; }"],
    ["let a.b = 1; a.c = 2; in a", "(let a = { b = 1; c = 2; }; in a@0.0)"],
    ["{ a.${map} = 1; a.b = 2; }", "{ a = { b = 2; ${map@0.1} = 1; }; }"],
  ]);

  test("a binding spans the attrpath it was written with", () => {
    const text = "{ a.b.c = 1; a = { d = 2; }; }";
    const { expr } = parseText(text);
    if (expr.kind !== "attrs") throw new Error(expr.kind);
    const [a] = expr.bindings;
    expect(text.slice(a!.start, a!.end)).toBe("a.b.c");
    if (a!.value.kind !== "attrs") throw new Error(a!.value.kind);
    expect(text.slice(a!.value.start, a!.value.end)).toBe("b.c = 1");
    const [b, d] = a!.value.bindings;
    expect([text.slice(b!.start, b!.end), text.slice(d!.start, d!.end)]).toEqual(["a.b.c", "d"]);
  });

  test("many attrs are found as well as few", () => {
    const names = Array.from({ length: 30 }, (_, index) => `n${index}`);
    const text = `{ ${names.map((name) => `${name}.a = 1; ${name}.b = 2;`).join(" ")} n7.a = 3; }`;
    const [first, again] = [text.indexOf("n7.a"), text.lastIndexOf("n7.a")];
    const parsed = parseText(text);
    expect(problemsOf(parsed)).toEqual([`1:${again + 1} attribute \`n7.a\` already defined at 1:${first + 1}`]);
    expect(parsed.expr.kind === "attrs" && parsed.expr.bindings.map(({ name }) => name)).toEqual(names);
  });
});

test("a file with every kind of binding", () => {
  const text = readFileSync(new URL("../../fixtures/syntax/names.nix", import.meta.url), "utf8");
  const parsed = parseText(text);
  expect(problemsOf(parsed)).toEqual([]);
  expect(renderExpr(parsed.expr)).toBe(
    "({lib, pkgs ? (lib@0.0 . pkgs), ...}@args: (let mkIf = (inherit@0.2 . mkIf); shadowed = args@1.2; from lib@1.0; in " +
      "(with pkgs@1.1 rec { shadowed outer = shadowed@1.1; config = (inherit@0.4 . config); " +
      "enable = (mkIf@2.0 config@0.1 git?1); nested = { deep = { value = enable@0.2; }; " +
      "other = (shadowed: shadowed@0.0); }; from args@3.2; })))",
  );
  expect(parsed.comments.map(({ text }) => text)).toEqual([
    " Every way a name can be bound, and what it must resolve to.",
  ]);
});
