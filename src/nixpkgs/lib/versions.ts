// lib.versions, and the version functions of lib.strings. The version of a package or of nixpkgs is often known to
// begin with something only; what is complete of it is compared.

import { expectInt, expectText } from "../../eval/native.ts";
import { selectOrUndefined } from "../../eval/select.ts";
import { force } from "../../eval/thunk.ts";
import { evalError, Unknown } from "../../eval/unknown.ts";
import { type Attrs, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import {
  type CallBuiltin,
  callerOf,
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
import type { Text } from "./text-edges.ts";
import { isText } from "./text-values.ts";

export function versions(builtins: Attrs): Functions {
  const callBuiltin = callerOf(builtins);
  const component = (index: number, version: Text, at: Span | null): Value => {
    const parts = componentsOf(callBuiltin, version, at);
    if (parts instanceof Unknown) return parts;
    if (index < parts.complete.length) return force(parts.complete[index] ?? null);
    return parts.hole ?? evalError("the version has too few components", at);
  };
  return {
    ...inherit(builtins, ["compareVersions", "splitVersion"]),
    ...tableOf([
      native("major", [text], ([version], at) => component(0, version, at)),
      native("minor", [text], ([version], at) => component(1, version, at)),
      native("patch", [text], ([version], at) => component(2, version, at)),
      native("majorMinor", [text], ([version], at) => {
        const [major, minor] = [component(0, version, at), component(1, version, at)];
        if (typeof major !== "string") return major;
        return typeof minor === "string"
          ? `${major}.${minor}`
          : minor instanceof Unknown && minor.reason === "error"
            ? major
            : minor;
      }),
      native("pad", [int, string], ([count, version], at) => {
        const numbers = version.split("-")[0] ?? "";
        const parts = componentsOf(callBuiltin, numbers, at);
        if (parts instanceof Unknown) return parts;
        const padded = [...parts.complete, ...new Array<Lazy>(Math.max(0, Number(count))).fill("0")];
        const joined = callBuiltin("concatStringsSep", [".", new List(padded.slice(0, Number(count)))], at);
        return typeof joined === "string" ? joined + version.slice(numbers.length) : joined;
      }),
    ]),
  };
}

export function versionComparisons(callBuiltin: CallBuiltin): Functions {
  const older = (a: Text, b: Text, at: Span | null) => {
    const order = compareVersions(callBuiltin, [a, b], at);
    return order instanceof Unknown ? order : order < 0n;
  };
  return tableOf([
    native("versionOlder", [text, text], ([a, b], at) => older(a, b, at)),
    native("versionAtLeast", [text, text], ([a, b], at) => {
      const is = older(a, b, at);
      return is instanceof Unknown ? is : !is;
    }),
    native("getName", [known], ([value], at) => nameOf(callBuiltin, value, at)),
    native("getVersion", [known], ([value], at) => partOfName(callBuiltin, value, ["version", "version"], at)),
  ]);
}

function compareVersions(callBuiltin: CallBuiltin, pair: readonly [Text, Text], at: Span | null): bigint | Unknown {
  const [a, b] = pair;
  if (typeof a === "string" && typeof b === "string") return expectInt(callBuiltin("compareVersions", [a, b], at), at);
  const [left, right] = [componentsOf(callBuiltin, a, at), componentsOf(callBuiltin, b, at)];
  if (left instanceof Unknown) return left;
  if (right instanceof Unknown) return right;
  for (let index = 0; ; index++) {
    const [x, y] = [left.complete[index], right.complete[index]];
    if (x === undefined && left.hole !== null) return left.hole;
    if (y === undefined && right.hole !== null) return right.hole;
    if (x === undefined && y === undefined) return 0n;
    const order = expectInt(callBuiltin("compareVersions", [x ?? "", y ?? ""], at), at);
    if (order !== 0n) return order;
  }
}

interface Components {
  readonly complete: readonly Lazy[];
  /** Why there may be more. */
  readonly hole: Unknown | null;
}

/** The components before the first hole, without the one that the hole may belong to. */
function componentsOf(callBuiltin: CallBuiltin, version: Text, at: Span | null): Components | Unknown {
  const beginning = typeof version === "string" ? version : version.prefix;
  const parts = list.read(callBuiltin("splitVersion", [beginning], at), at);
  if (parts instanceof Unknown) return parts;
  if (typeof version === "string") return { complete: parts.elements, hole: null };
  const atBoundary = /[.-]$/.test(beginning);
  return { complete: atBoundary ? parts.elements : parts.elements.slice(0, -1), hole: version.hole };
}

/** What `lib.getName` says. */
export function nameOf(callBuiltin: CallBuiltin, value: Value, at: Span | null): Value {
  return partOfName(callBuiltin, value, ["pname", "name"], at);
}

/** An attr of the derivation, else what its name says. */
function partOfName(
  callBuiltin: CallBuiltin,
  value: Value,
  [attr, part]: readonly [string, string],
  at: Span | null,
): Value {
  let name = value;
  if (!isText(value)) {
    const own = selectOrUndefined(value, attr);
    if (own !== undefined) return force(own);
    name = force(selectOrUndefined(value, "name") ?? evalError("attribute `name` missing", at));
  }
  const read = expectText(name, at);
  if (read instanceof Unknown) return read;
  const parsed = callBuiltin("parseDrvName", [read], at);
  return parsed instanceof Unknown ? parsed : force(selectOrUndefined(parsed, part) ?? null);
}
