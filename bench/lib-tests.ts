// Judges the native `lib` by nixpkgs' own tests of its library:
//
//   node bench/run.mjs bench/lib-tests.ts <checkout of nixpkgs or nixpkgs.lib> [<test> …]
//
// Evaluates lib/tests/misc.nix of the checkout with its import of `../default.nix` giving the native `lib`, and lists
// the tests that fail or cannot be decided; the tests that are named are shown with result and expectation.

import { join, resolve } from "node:path";
import { startBudget } from "../src/eval/budget.ts";
import { equalLazies } from "../src/eval/equality.ts";
import { selectAttr } from "../src/eval/select.ts";
import { showStrict } from "../src/eval/show.ts";
import { force } from "../src/eval/thunk.ts";
import { Unknown } from "../src/eval/unknown.ts";
import { Attr, Attrs, type Lazy } from "../src/eval/value.ts";
import { sortedEntries } from "../src/nixpkgs/lib/attr-entries.ts";
import { native, set } from "../src/nixpkgs/lib/signature.ts";
import { sessionWithNativeLib } from "./native-lib.ts";

function loadTests(checkout: string): Attrs {
  // The tests themselves, not the list of those that fail: every one is judged alone.
  const runTests = native("runTests", [set], ([tests]) => tests);
  const session = sessionWithNativeLib(checkout, (lib) =>
    lib.withEntries(new Map(lib.entries).set("runTests", new Attr(runTests))),
  );
  const tests = session.importFile(join(checkout, "lib/tests/misc.nix"), null);
  if (tests instanceof Attrs) return tests;
  throw new Error(tests instanceof Unknown ? tests.message : "misc.nix is not a set of tests");
}

/** Null when the test passes, else what is wrong. */
function judge(test: Lazy): string | null {
  startBudget();
  const value = force(test);
  if (value instanceof Unknown) return `unknown: ${value.message}`;
  const equal = equalLazies(selectAttr(value, "expr", null), selectAttr(value, "expected", null));
  if (equal === true) return null;
  return equal === false ? "different" : `${equal.reason}: ${equal.message}`;
}

function describe(name: string, test: Lazy): void {
  const value = force(test);
  for (const part of ["expr", "expected"]) {
    const shown = showStrict(force(selectAttr(value, part, null)));
    console.log(`  ${name} ${part}: ${typeof shown === "string" ? shown : shown.message}`);
  }
}

const [checkout, ...wanted] = process.argv.slice(2);
if (checkout === undefined) throw new Error("usage: node bench/run.mjs bench/lib-tests.ts <checkout> [<test> …]");
const tests = sortedEntries(loadTests(resolve(checkout))).filter(([name]) => name.startsWith("test"));
let passed = 0;
for (const [name, attr] of tests) {
  if (process.env.TRACE) console.log(name);
  const problem = judge(attr.value);
  if (problem === null) passed++;
  else if (wanted.length === 0) console.log(`${name}: ${problem}`);
  if (wanted.includes(name)) describe(name, attr.value);
}
console.log(`${passed} of ${tests.length} pass`);
