// What maps and merges sets keeps the place where each attr was written.

import { describe, expect, it } from "vitest";
import { Attrs } from "../../src/eval/value.ts";
import { evaluateWithLib, expressionFile, expressionStart } from "./lib-evaluation.ts";

/** The text that the span of an attr of the result covers. */
function written(expression: string, name: string): string | null {
  const value = evaluateWithLib(expression);
  if (!(value instanceof Attrs)) throw new Error(`${expression} is no set`);
  const span = value.lookup(name)?.span ?? null;
  if (span === null) return null;
  expect(span.file).toBe(expressionFile);
  return expression.slice(span.start - expressionStart, span.end - expressionStart);
}

describe("an attr keeps its place", () => {
  it.each([
    ["filterAttrs (_: _: true) { first = 1; second.third = 2; }", "second", "second.third"],
    ["filterAttrsRecursive (_: _: true) { first.inner = 1; }", "first", "first.inner"],
    ["mapAttrs (_: value: value + 1) { first = 1; }", "first", "first"],
    ['mapAttrs\' (name: nameValuePair (name + "-x")) { first = 1; }', "first-x", "first"],
    ["mapAttrsRecursive (_: value: value) { first = 1; }", "first", "first"],
    ["recursiveUpdate { a.left = 1; } { a.right = 2; }", "a", "a.right"],
    ["(recursiveUpdate { a.left = 1; } { a.right = 2; }).a", "left", "a.left"],
    ["mergeAttrsList [ { one = 1; } { two = 2; } ]", "two", "two"],
    ["concatMapAttrs (name: value: { generated = value; }) { one = 1; }", "generated", "generated"],
    ["optionalAttrs <u> { maybe = 1; }", "maybe", "maybe"],
    ["overrideExisting { old = 1; } { old = 2; }", "old", "old"],
    ['genAttrs [ "alpha" ] (name: 1)', "alpha", '"alpha"'],
    ['getAttrs [ "beta" ] { beta = 1; }', "beta", '"beta"'],
    ['setAttrByPath [ "jobs" "daily" ] 1', "jobs", '"jobs"'],
    ['(setAttrByPath [ "jobs" "daily" ] 1).jobs', "daily", '"daily"'],
    // As for Nix, the value is the place of what a list of pairs defines.
    ['listToAttrs [ (nameValuePair "gamma" 1) ]', "gamma", "1"],
  ])("%s . %s", (expression, name, text) => {
    expect(written(expression, name)).toBe(text);
  });
});

describe("what is not asked for is not computed", () => {
  it.each([
    ['(mapAttrs\' (name: value: nameValuePair name (throw value)) { a = "x"; }) ? a', true],
    ['(genAttrs [ "a" "b" ] (name: if name == "a" then 1 else throw name)).a', 1n],
    ["length (mapAttrsToList (name: _: throw name) { a = 1; b = 2; })", 2n],
    ['(recursiveUpdate { a = throw "left"; b.c = 1; } { b.d = 2; }).b.d', 2n],
    ['(zipAttrsWithNames [ "a" ] (name: throw name) [ { a = 1; } ]) ? a', true],
    ['head (imap0 (index: value: if index == 0 then value else throw "later") [ 7 8 ])', 7n],
    ['length (zipListsWith (a: b: throw a) [ "x" ] [ 1 ])', 1n],
    ['(fix (self: { a = self.b; b = 3; c = throw "c"; })).a', 3n],
    ['(makeExtensible (self: { broken = throw "x"; fine = 4; })).fine', 4n],
    ['(setAttrByPath [ "a" "b" ] (throw "value")) ? a.b', true],
    ['length (attrVals [ "a" "missing" ] { a = 1; })', 2n],
    ['(mapAttrsRecursive (path: value: throw "leaf") { a.b = 1; }) ? a.b', true],
    ['length (foldr (x: rest: [ x ] ++ rest) [ ] [ (throw "element") ])', 1n],
    ['(callPackageWith { a = throw "unused"; b = 5; } ({ b }: { inherit b; }) { }).b', 5n],
  ])("%s", (expression, value) => {
    expect(evaluateWithLib(expression)).toBe(value);
  });
});
