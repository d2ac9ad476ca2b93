// lib.trivial: functions, numbers, warnings and facts about nixpkgs itself.

import { joinBranches } from "../../eval/branches.ts";
import { interpolate } from "../../eval/coerce.ts";
import { compareValues } from "../../eval/equality.ts";
import { expectBool, expectText } from "../../eval/native.ts";
import { operate } from "../../eval/operators.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { evalError, thrownError, Unknown } from "../../eval/unknown.ts";
import { type Attrs, joinText, type Lazy, List, type PartialString, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { functionArgs, isFunction, withFunctionArgs } from "./function-values.ts";
import { contains, filterList, not } from "./list-contents.ts";
import {
  any,
  ask,
  bool,
  type CallBuiltin,
  call,
  callerOf,
  elements,
  type Functions,
  inherit,
  int,
  known,
  list,
  native,
  string,
  tableOf,
  text,
} from "./signature.ts";

/** The release that the facts about nixpkgs are taken from, as `lib.trivial.release` has it. */
const release = "26.05";
const oldestSupportedRelease = 2511n;

export function trivial(builtins: Attrs): Functions {
  return {
    ...inherit(builtins, [
      "add",
      "bitAnd",
      "bitOr",
      "bitXor",
      "ceil",
      "deepSeq",
      "div",
      "floor",
      "genericClosure",
      "isBool",
      "isFloat",
      "isInt",
      "lessThan",
      "mul",
      "pathExists",
      "readFile",
      "seq",
      "sub",
    ]),
    ...functions,
    ...logic,
    ...numbers,
    ...warnings,
    ...versionFacts(),
    ...imports(callerOf(builtins)),
  };
}

const functions = tableOf([
  native("id", [any], ([x]) => force(x)),
  native("const", [any, any], ([x]) => force(x)),
  native("flip", [any, any, any], ([fn, a, b], at) => call(fn, [b, a], at)),
  native("pipe", [any, elements], ([start, fns], at) => {
    let value = force(start);
    for (const fn of fns) value = call(fn, [value], at);
    return value;
  }),
  native("concat", [any, any], ([a, b], at) => operate("++", force(a), force(b), at)),
  native("mergeAttrs", [any, any], ([a, b], at) => operate("//", force(a), force(b), at)),
  native("defaultTo", [any, any], ([fallback, value]) => orElse(value, fallback)),
  native("mapNullable", [any, any], ([fn, value], at) => {
    const given = force(value);
    return given === null || given instanceof Unknown ? given : call(fn, [given], at);
  }),
  native("functionArgs", [known], ([fn], at) => functionArgs(fn, at)),
  native("isFunction", [known], ([value], at) => isFunction(value, at)),
  native("setFunctionArgs", [any, any], ([fn, args]) => withFunctionArgs(fn, args)),
  native("mirrorFunctionArgs", [any, any], ([of, fn], at) => {
    return withFunctionArgs(
      fn,
      lazily(() => functionArgs(force(of), at)),
    );
  }),
  native("toFunction", [known], ([value], at) => {
    return isFunction(value, at) === true ? value : native("const", [any], () => value);
  }),
]);

const logic = tableOf([
  native("or", [any, any], ([a, b], at) => either(a, b, true, at)),
  native("and", [any, any], ([a, b], at) => either(a, b, false, at)),
  native("xor", [bool, bool], ([a, b]) => a !== b),
  native("boolToString", [any], ([value], at) => choose(value, "true", "false", at)),
  native("boolToYesNo", [any], ([value], at) => choose(value, "yes", "no", at)),
]);

const numbers = tableOf([
  native("bitNot", [int], ([value]) => -1n - value),
  native("min", [known, known], ([a, b], at) => pick(compareValues(a, b, at), a, b)),
  native("max", [known, known], ([a, b], at) => pick(compareValues(b, a, at), a, b)),
  native("mod", [int, int], ([base, divisor], at) => {
    return divisor === 0n ? evalError("division by zero", at) : base % divisor;
  }),
  native("compare", [known, known], ([a, b], at) => compare(a, b, at)),
  native("splitByAndCompare", [any, any, any, any, any], ([first, yes, no, a, b], at) => {
    const [left, right] = [ask(first, [a], at), ask(first, [b], at)];
    if (left instanceof Unknown) return left;
    if (right instanceof Unknown) return right;
    if (left !== right) return left ? -1n : 1n;
    return call(left ? yes : no, [a, b], at);
  }),
  native("toBaseDigits", [int, int], ([base, value], at) => {
    if (base < 2n || value < 0n) return thrownError("assertion failed", at);
    return new List(digitsOf(value, base));
  }),
  native("toHexString", [int], ([value], at) => {
    return value < 0n ? thrownError("assertion failed", at) : value.toString(16).toUpperCase();
  }),
  native("fromHexString", [string], ([digits], at) => {
    const known = /^(?:0x)?([0-9A-Fa-f]{1,16})$/i.exec(digits)?.[1];
    if (known === undefined) return evalError(`\`${digits}\` is not a hexadecimal number`, at);
    const value = BigInt(`0x${known}`);
    return BigInt.asIntN(64, value) === value ? value : evalError(`\`${digits}\` does not fit into an integer`, at);
  }),
]);

const warnings = tableOf([
  native("warn", [any, any], ([, value]) => force(value)),
  native("info", [any, any], ([, value]) => force(value)),
  native("warnIf", [any, any, any], ([condition, , value]) => unlessFailed(condition, value)),
  native("warnIfNot", [any, any, any], ([condition, , value]) => unlessFailed(condition, value)),
  native("showWarnings", [any, any], ([, value]) => force(value)),
  native("throwIf", [any, any, any], ([condition, message, value], at) =>
    throwIf(condition, true, { message, value, at }),
  ),
  native("throwIfNot", [any, any, any], ([condition, message, value], at) => {
    return throwIf(condition, false, { message, value, at });
  }),
  native("checkListOfEnum", [text, list, list, any], ([message, valid, given, value], at) => {
    const unexpected = filterList(given, (x) => not(contains(valid, x)));
    if (unexpected instanceof Unknown) return unexpected;
    if (unexpected.elements.length === 0) return force(value);
    return thrownError(`${showText(message)}: ${showAll(unexpected)} unexpected; valid ones: ${showAll(valid)}`, at);
  }),
]);

function versionFacts(): Functions {
  const suffix = new Unknown("nixpkgs-default", "the exact version of nixpkgs");
  return {
    release,
    oldestSupportedRelease,
    codeName: new Unknown("nixpkgs-default", "the code name of the nixpkgs release"),
    versionSuffix: suffix,
    version: joinText([release, suffix]),
    nixpkgsVersion: joinText([release, suffix]),
    revisionWithDefault: native("revisionWithDefault", [any], () => {
      return new Unknown("nixpkgs-default", "the revision of nixpkgs");
    }),
    // What a flake is evaluated in: no environment, no machine.
    inNixShell: false,
    inPureEvalMode: true,
    isInOldestRelease: native("isInOldestRelease", [int], ([of]) => of <= oldestSupportedRelease),
    oldestSupportedReleaseIsAtLeast: native(
      "oldestSupportedReleaseIsAtLeast",
      [int],
      ([of]) => of <= oldestSupportedRelease,
    ),
  };
}

function imports(callBuiltin: CallBuiltin): Functions {
  const reader = (name: string, parse: string) =>
    native(name, [any], ([file], at) => callBuiltin(parse, [lazily(() => callBuiltin("readFile", [file], at))], at));
  return { importJSON: reader("importJSON", "fromJSON"), importTOML: reader("importTOML", "fromTOML") };
}

function orElse(lazy: Lazy, fallback: Lazy): Value {
  const value = force(lazy);
  return value === null ? force(fallback) : value;
}

/** `a || b` (decisive true) and `a && b` (decisive false). */
function either(a: Lazy, b: Lazy, decisive: boolean, at: Span | null): Value {
  const left = expectBool(a, at);
  if (left === decisive || (left instanceof Unknown && left.reason === "error")) return left;
  const right = expectBool(b, at);
  if (!(left instanceof Unknown)) return right;
  return right === decisive ? right : left;
}

function choose(condition: Lazy, yes: string, no: string, at: Span | null): Value {
  const known = expectBool(condition, at);
  if (known instanceof Unknown) return force(joinBranches(known, yes, no));
  return known ? yes : no;
}

function pick(first: boolean | Unknown, a: Value, b: Value): Value {
  if (first instanceof Unknown) return first;
  return first ? a : b;
}

/** -1, 0 or 1, as `lib.compare` has it. */
export function compare(a: Value, b: Value, at: Span | null): Value {
  const less = compareValues(a, b, at);
  if (less instanceof Unknown) return less;
  if (less) return -1n;
  const greater = compareValues(b, a, at);
  if (greater instanceof Unknown) return greater;
  return greater ? 1n : 0n;
}

function digitsOf(value: bigint, base: bigint): readonly bigint[] {
  const digits: bigint[] = [];
  let left = value;
  do {
    digits.unshift(left % base);
    left /= base;
  } while (left > 0n);
  return digits;
}

function unlessFailed(condition: Lazy, value: Lazy): Value {
  const known = force(condition);
  return known instanceof Unknown && known.reason === "error" ? known : force(value);
}

interface Throw {
  readonly message: Lazy;
  readonly value: Lazy;
  readonly at: Span | null;
}

/** What cannot be decided is taken to hold, as for `assert`. */
function throwIf(condition: Lazy, bad: boolean, { message, value, at }: Throw): Value {
  const known = expectBool(condition, at);
  if (known instanceof Unknown && known.reason === "error") return known;
  return known === bad ? thrownError(messageOf(message, at), at) : force(value);
}

/** The text of a message for people; what is not known of it is "…". */
export function messageOf(lazy: Lazy, at: Span | null): string {
  const message = expectText(lazy, at);
  return message instanceof Unknown ? "…" : showText(message);
}

function showText(message: string | PartialString): string {
  if (typeof message === "string") return message;
  return message.parts.map((part) => (typeof part === "string" ? part : "…")).join("");
}

function showAll(xs: List): string {
  return xs.elements.map((x) => messageOf(interpolate(force(x), null), null)).join(", ");
}
