// Programs that want to take all the time or memory there is get an answer soon: a value, an error, or a limit.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how Nix interpolates

import { afterAll, expect, test } from "vitest";
import { startBudget } from "../../src/eval/budget.ts";
import { createSession } from "../../src/eval/session.ts";
import { renderText, showStrict } from "../../src/eval/show.ts";
import { Store } from "../../src/eval/store.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";

afterAll(() => startBudget());

/** With a fraction of the usual steps, so that all of this is quick. */
function run(text: string, files: Readonly<Record<string, string>> = {}): string {
  startBudget(500_000);
  const fs = new MemoryFileSystem(new Map(Object.entries(files)));
  return renderText(showStrict(createSession({ fs, store: new Store(fs) }).evaluateText(text, "/e.nix")));
}

const list = (length: number) => `(builtins.genList (x: x) ${length})`;
const long = (text: string, times: number) =>
  `(builtins.concatStringsSep "" (builtins.genList (_: "${text}") ${times}))`;
const derivation = (args: string) => `derivation { name = "x"; builder = "b"; system = "s"; ${args} }`;

test.each([
  ["a name", "let x = x; in x"],
  ["names in a circle", "rec { a = b; b = c; c = a; }.a"],
  ["a name inherited from itself", "let inherit (a) a; in a"],
  ["a string", 'let s = "${s}x"; in s'],
  ["a list", "let l = [ 1 ] ++ l; in builtins.head l"],
  ["a set", "let a = a // { x = 1; }; in a"],
  ["a set's names", "let a = { ${a.x} = 1; x = a.x; }; in a"],
  ["with", "with (let w = with w; x; in w); y"],
  ["a fixed point", "let fix = f: let x = f x; in x; in fix (self: { a = self.b; b = self.a; })"],
  ["a fixed point's set", "let fix = f: let x = f x; in x; in fix (self: self // { a = 1; })"],
  ["a derivation", `let d = ${derivation("a = d;")}; in d.outPath`],
  ["a function's default", "({ a ? b, b ? a }: a) { }"],
])("%s that needs itself is a recursion", (_, text) => {
  expect(run(text)).toContain("recursion");
});

test("so are files that import each other", () => {
  const files = { "/a.nix": "import ./b.nix", "/b.nix": "import ./a.nix", "/c.nix": "{ x = (import ./c.nix).x; }" };
  expect(run("import /a.nix", files)).toContain("is imported by what it needs");
  expect(run("(import /c.nix).x", files)).toContain("recursion");
});

test.each([
  ["calls", "let f = x: f (x + 1); in f 1"],
  ["self-application", "(x: x x) (x: x x)"],
  ["__toString", 'let x = { __toString = self: self; }; in "${x}"'],
  ["outPath", 'let x = { outPath = x; }; in "${x}"'],
  ["__functor", "let x = { __functor = self: self; }; in x 1"],
  ["a functor that is itself", "let x = { __functor = x; }; in x 1"],
  ["a list in itself as text", "let x = [ x ]; in toString x"],
  ["a list in itself compared", "let x = [ x ]; y = [ y ]; in x < y"],
  ["sets in themselves compared", "let x = { a = x; }; y = { a = y; }; in x == y"],
  ["a set in itself as JSON", "let x = { a = x; b = [ x x ]; }; in builtins.toJSON x"],
  ["deep JSON", `builtins.toJSON (builtins.foldl' (a: _: { inherit a; }) { } ${list(100_000)})`],
])("%s without end is too deep", (_, text) => {
  expect(run(text)).toContain("nested too deeply");
});

test.each([
  ["a list", "builtins.genList (x: x) 9223372036854775807"],
  ["lists of lists", `builtins.concatMap (x: builtins.genList (y: y) 100000) ${list(100_000)}`],
  ["mapped lists", `builtins.foldl' (l: _: map (x: x) l) ${list(100_000)} ${list(1000)}`],
  ["tails", `builtins.foldl' (l: _: builtins.tail l) ${list(100_000)} ${list(50_000)}`],
  ["appended lists", `builtins.foldl' (l: x: l ++ [ x ]) [ ] ${list(50_000)}`],
  ["merged sets", `builtins.foldl' (a: b: a // { \${toString b} = b; }) { } ${list(20_000)}`],
  ["a closure", "builtins.genericClosure { startSet = [ { key = 0; } ]; operator = x: [ { key = x.key + 1; } ]; }"],
  ["calls that branch", "let f = n: if n == 0 then 1 else f (n - 1) + f (n - 1); in f 60"],
  [
    "derivations that branch",
    `let d = n: if n == 0 then "" else ${derivation("a = d (n - 1); b = d (n - 1);")}; in (d 25).outPath`,
  ],
  ["doubled text", `builtins.stringLength (builtins.foldl' (a: _: a + a) "x" ${list(60)})`],
  [
    "replaced text",
    'let f = n: s: if n == 0 then s else f (n - 1) (builtins.replaceStrings [ "a" ] [ "aaaaaaaaaa" ] s); in f 20 "a"',
  ],
  [
    "XML of shared values",
    "builtins.toXML (let f = n: if n == 0 then [ ] else let x = f (n - 1); in [ x x ]; in f 60)",
  ],
  ["a pattern that looks ahead from everywhere", `builtins.split "a.*b|a" ${long("a", 100_000)}`],
  ["a pattern of a hundred hundreds", `builtins.match "(.{1,100}){1,100}x" ${long("a", 100_000)}`],
])("%s without bounds is a limit", (_, text) => {
  expect(run(text)).toContain("unknown: limit");
});

test.each([
  ["a pattern that could backtrack", `builtins.match "(a*)*(b*)*((a|b)*)*c" ${long("ab", 1000)}`, "null"],
  ["a pattern of alternatives", `builtins.match "(a|aa|aaa)+b" ${long("a", 1000)}`, "null"],
  ["a pattern of counts", `builtins.match "a{1,100}{1,100}" ${long("a", 200)} == [ ]`, "true"],
  [
    "a pattern that Nix finds too large",
    `builtins.match "((a{1,100}){1,100}){1,100}" "a"`,
    "«unknown: error invalid regular expression",
  ],
  [
    "many strings to replace",
    `builtins.stringLength (builtins.replaceStrings (map toString ${list(2000)}) (map toString ${list(2000)}) ${long("xy", 10_000)})`,
    "20000",
  ],
  ["large integers", "9223372036854775807 + 1", "integer overflow"],
  ["the smallest integer", "(0 - 9223372036854775807 - 1) / (0 - 1)", "integer overflow"],
  ["joined text", `builtins.stringLength ${long("a line of text", 10_000)}`, "140000"],
  ["deep sets", `builtins.deepSeq (builtins.foldl' (a: x: { inherit a x; }) { } ${list(10_000)}) 1`, "1"],
  ["deep JSON to read", `builtins.fromJSON (${long("[", 10_000)} + ${long("]", 10_000)}) != null`, "true"],
  ["deep TOML to read", `builtins.fromTOML ("a = " + ${long("[", 10_000)})`, "invalid TOML"],
  ["a set in itself, equal to itself", "let x = { a = x; }; in x == x", "true"],
  ["a list in itself, concatenated", "let l = [ l ]; in builtins.length (builtins.concatLists l)", "1"],
])("%s: what comes of it", (_, text, expected) => {
  expect(run(text)).toContain(expected);
});
