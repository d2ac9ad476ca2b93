// lib.debug: traces, which print nothing here, and tests written in Nix.

import { equalLazies } from "../../eval/equality.ts";
import { selectAttr, selectOrUndefined } from "../../eval/select.ts";
import { force } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import { type Attrs, attrsOf, emptyList, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { Collected, sortedEntries } from "./attr-entries.ts";
import { mapList } from "./list-contents.ts";
import { any, call, elements, type Functions, inherit, list, names, native, set, tableOf } from "./signature.ts";
import { messageOf } from "./trivial.ts";

export function debug(builtins: Attrs): Functions {
  return { ...inherit(builtins, ["addErrorContext", "trace", "unsafeGetAttrPos"]), ...traces, ...tests };
}

const traces = tableOf([
  native("traceIf", [any, any, any], ([, , value]) => force(value)),
  native("traceVal", [any], ([value]) => force(value)),
  native("traceValFn", [any, any], ([, value]) => force(value)),
  native("traceSeq", [any, any], ([, value]) => force(value)),
  native("traceSeqN", [any, any, any], ([, , value]) => force(value)),
  native("traceValSeq", [any], ([value]) => force(value)),
  native("traceValSeqFn", [any, any], ([, value]) => force(value)),
  native("traceValSeqN", [any, any], ([, value]) => force(value)),
  native("traceValSeqNFn", [any, any, any], ([, , value]) => force(value)),
  native("traceFnSeqN", [any, any, any, any], ([, , fn, value], at) => call(fn, [value], at)),
]);

const tests = tableOf([
  native("runTests", [set], ([all], at) => runTests(all, at)),
  native("testAllTrue", [list], ([expr]) => attrsOf({ expr, expected: mapList(expr, () => true) })),
  native("throwTestFailures", [set], ([args], at) => {
    const failures = elements.read(selectAttr(args, "failures", at), at);
    if (failures instanceof Unknown) return failures;
    if (failures.length === 0) return null;
    const what = messageOf(selectOrUndefined(args, "description") ?? "tests", at);
    const lines = failures.map((failure) => `- ${messageOf(selectAttr(force(failure), "name", at), at)}`);
    return thrownError(`${failures.length} ${what} failed:\n${lines.join("\n")}`, at);
  }),
]);

/** The tests that fail: attrs named `test…` (or in `tests`) whose `expr` is not what is `expected`. */
function runTests(all: Attrs, at: Span | null): Value {
  const wanted = names.read(selectOrUndefined(all, "tests") ?? emptyList, at);
  if (wanted instanceof Unknown) return wanted;
  const failures = new Collected();
  failures.leaveOpen(all.rest);
  for (const [name, attr] of sortedEntries(all)) {
    if (wanted.length > 0 ? !wanted.includes(name) : !name.startsWith("test")) continue;
    const test = force(attr.value);
    const [result, expected] = [selectAttr(test, "expr", at), selectAttr(test, "expected", at)];
    const equal = equalLazies(result, expected);
    if (equal instanceof Unknown && equal.reason === "error") return equal;
    if (equal !== true)
      failures.add(attrsOf({ name, expected, result }), equal instanceof Unknown ? equal : attr.maybe);
  }
  return failures.toList();
}
