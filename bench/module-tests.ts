// Judges the native module system by nixpkgs' own tests of its module system:
//
//   npm run module-tests -- <checkout of nixpkgs or nixpkgs.lib> [--nix] [<line> …]
//
// Reads the checks out of lib/tests/modules.sh, evaluates each with the native `lib`, and lists those that come out
// otherwise. Errors are compared as errors: the words are ours. `--nix` leaves out what the installed Nix fails too.
// The checks of the lines that are named are shown in full.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readAttrPath, selectAttrPath } from "../src/cli/attr-path.ts";
import { startBudget } from "../src/eval/budget.ts";
import { renderText, showJson } from "../src/eval/show.ts";
import { Unknown } from "../src/eval/unknown.ts";
import type { Value } from "../src/eval/value.ts";
import { sessionWithNativeLib } from "./native-lib.ts";
import { type Command, readCommands } from "./shell-words.ts";

type Kind = "output" | "error" | "expression";

interface Check {
  readonly line: number;
  readonly kind: Kind;
  /** What the output must contain, as an extended regular expression. */
  readonly pattern: string;
  readonly expression: string;
  readonly attrPath: string;
  readonly abortsOnWarning: boolean;
}

const kinds = new Map<string, Kind>([
  ["checkConfigOutput", "output"],
  ["checkConfigError", "error"],
  ["checkExpression", "expression"],
]);

function toCheck({ line, words, environment }: Command): Check {
  const [name = "", pattern = "", attrPath = "", ...files] = words;
  const kind = kinds.get(name) as Kind;
  const abortsOnWarning = environment.ABORT_ON_WARN === "1";
  if (kind === "expression") {
    return { line, kind, pattern: "", expression: `import ${pattern}`, attrPath: "", abortsOnWarning };
  }
  const expression = `import ./default.nix { modules = [ ${files.join(" ")} ]; }`;
  return { line, kind, pattern, expression, attrPath, abortsOnWarning };
}

interface Outcome {
  readonly fails: boolean;
  readonly text: string;
}

function evaluateHere(checkout: string, check: Check): Outcome {
  startBudget();
  if (process.env.TRACE) console.error(check.line);
  const session = sessionWithNativeLib(checkout);
  const root = session.evaluateText(check.expression, join(checkout, "lib/tests/modules/check.nix"));
  const value: Value = selectAttrPath(root, readAttrPath(check.attrPath));
  const shown = showJson(value);
  const isEndless = value instanceof Unknown && value.reason === "recursion";
  return { fails: shown instanceof Unknown || isEndless, text: renderText(shown) };
}

function evaluateWithNix(checkout: string, check: Check): Outcome {
  const warnings = check.abortsOnWarning ? ["--option", "abort-on-warn", "true"] : [];
  const args = ["--eval", "--json", "--strict", ...warnings, "-E", check.expression, "-A", check.attrPath];
  const env = { ...process.env, NIX_REMOTE: "dummy://", NIX_STATE_DIR: "/tmp/nixlint-bench-state" };
  const { status, stdout } = spawnSync("nix-instantiate", args, {
    encoding: "utf8",
    cwd: join(checkout, "lib/tests/modules"),
    env,
  });
  return { fails: status !== 0, text: stdout.trim() };
}

function passes(check: Check, { fails, text }: Outcome): boolean {
  if (check.kind === "error") return fails;
  return !fails && !text.includes("«unknown") && new RegExp(check.pattern, "m").test(text);
}

function main(args: readonly string[]): void {
  const [given, ...lines] = args.filter((arg) => !arg.startsWith("--"));
  if (given === undefined) throw new Error("usage: node bench/run.mjs bench/module-tests.ts <checkout> [<line> …]");
  const checkout = resolve(given);
  const script = readFileSync(join(checkout, "lib/tests/modules.sh"), "utf8");
  const all = readCommands(script, [...kinds.keys()]).map(toCheck);
  const judged = args.includes("--nix") ? all.filter((check) => passes(check, evaluateWithNix(checkout, check))) : all;
  if (judged.length < all.length) console.log(`${all.length - judged.length} of ${all.length} fail in Nix itself`);
  const results = judged.map((check) => {
    const outcome = evaluateHere(checkout, check);
    return { check, outcome, passed: passes(check, outcome) };
  });
  for (const { check, outcome, passed } of results) {
    const wanted = lines.includes(String(check.line));
    if (wanted || (lines.length === 0 && !passed)) {
      console.log(`${check.line}: ${check.kind} ${check.expression} ${check.attrPath}`);
      console.log(`  ${passed ? "pass" : "FAIL"} expected: ${check.pattern}\n  actual: ${outcome.text.slice(0, 400)}`);
    }
  }
  for (const kind of kinds.values()) {
    const own = results.filter(({ check }) => check.kind === kind);
    console.log(`${kind}: ${own.filter(({ passed }) => passed).length} of ${own.length} pass`);
  }
}

main(process.argv.slice(2));
