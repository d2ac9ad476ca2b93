// However deep a program nests, evaluation answers: a value where the depth allows it, else `Unknown(limit)`.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how Nix interpolates

import { afterAll, expect, test } from "vitest";
import { startBudget } from "../../src/eval/budget.ts";
import { createSession } from "../../src/eval/session.ts";
import { renderText, showStrict } from "../../src/eval/show.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";

afterAll(() => startBudget());

function run(text: string): string {
  const session = createSession({ fs: new MemoryFileSystem(new Map()) });
  return renderText(showStrict(session.evaluateText(text, "/e.nix")));
}

const endless = [
  "let f = x: f x; in f 1",
  "let f = x: 1 + f (x + 1); in f 1",
  "let f = x: { a = f x; }; in f 1 == f 1",
  "let f = x: { a = f x; }; in builtins.toJSON (f 1)",
  'let f = x: { __toString = self: "${f x}"; }; in toString (f 1)',
  "let f = x: { __functor = self: y: f x y; }; in f 1 2",
  "let f = x: builtins.foldl' (a: b: f a) x [ 1 ]; in f 1",
  "let f = x: builtins.any (a: f a) [ 1 ]; in f 1",
  "let f = x: builtins.head (map f [ x ]); in f 1",
];

// With the stack of a test's thread the stack ends first, with a small depth the limit does.
test.each(endless)("%s is a limit, on any stack", (text) => {
  startBudget();
  expect(run(text)).toContain("nested too deeply");
  startBudget(10_000_000, 100);
  expect(run(text)).toContain("nested too deeply");
});

test("deepSeq gives its second argument, for a limit is no error", () => {
  startBudget();
  expect(run("let f = x: [ (f x) ]; in builtins.deepSeq (f 1) 1")).toBe("1");
});

test("long chains and folds need no depth", () => {
  startBudget(30_000_000, 100);
  expect(run(Array(1000).fill("1").join(" + "))).toBe("1000");
  expect(run("builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 100000)")).toBe("4999950000");
  expect(run(`builtins.fromJSON ''${"[".repeat(5000)}${"]".repeat(5000)}'' != null`)).toBe("true");
});

test("a recursion that branches ends as soon as one that does not", () => {
  startBudget();
  const started = Date.now();
  expect(run('let f = x: f x + "${f x}"; in builtins.deepSeq (map f [ 1 2 ]) (f 1)')).toContain("unknown: limit");
  expect(Date.now() - started).toBeLessThan(15_000);
});

test("an endless loop ends with the steps", () => {
  startBudget(100_000);
  expect(
    run(
      "builtins.length (builtins.genericClosure { startSet = [ { key = 0; } ]; operator = e: [ { key = e.key + 1; } ]; })",
    ),
  ).toContain("too many steps");
});

test("a list too long to build is a limit", () => {
  startBudget();
  expect(run("builtins.length (builtins.genList (x: x) 9223372036854775807)")).toContain("limit");
});
