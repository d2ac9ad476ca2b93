// lib.strings: joining text, and the other string functions put together.

import { joinBranches } from "../../eval/branches.ts";
import { expectBool, expectText } from "../../eval/native.ts";
import { operate } from "../../eval/operators.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { type Attrs, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { listOfEntries } from "./attr-entries.ts";
import { mapList } from "./list-contents.ts";
import { getOutput } from "./outputs.ts";
import {
  any,
  type CallBuiltin,
  call,
  callerOf,
  type Functions,
  inherit,
  int,
  list,
  native,
  set,
  string,
  tableOf,
  text,
} from "./signature.ts";
import { escapes } from "./string-escapes.ts";
import { flagFunctions } from "./string-flags.ts";
import { measures } from "./string-measures.ts";
import { stringParts } from "./string-parts.ts";
import { removeSuffix } from "./text-edges.ts";
import { versionComparisons } from "./versions.ts";

export function strings(builtins: Attrs): Functions {
  const callBuiltin = callerOf(builtins);
  return {
    ...inherit(builtins, [
      "appendContext",
      "compareVersions",
      "concatStringsSep",
      "elem",
      "elemAt",
      "filter",
      "fromJSON",
      "genList",
      "head",
      "isAttrs",
      "isInt",
      "isList",
      "isPath",
      "isString",
      "match",
      "parseDrvName",
      "readFile",
      "replaceStrings",
      "split",
      "storeDir",
      "stringLength",
      "substring",
      "tail",
      "toJSON",
      "typeOf",
      "unsafeDiscardStringContext",
    ]),
    join: builtins.lookup("concatStringsSep")?.value ?? null,
    ...joining(callBuiltin),
    ...searchPaths(callBuiltin),
    ...stringParts(callBuiltin),
    ...escapes(callBuiltin),
    ...measures(callBuiltin),
    ...flagFunctions,
    ...versionComparisons(callBuiltin),
  };
}

function joining(callBuiltin: CallBuiltin): Functions {
  const join = (separator: Lazy, xs: Lazy, at: Span | null) => callBuiltin("concatStringsSep", [separator, xs], at);
  const apply = (fn: Lazy, xs: List, at: Span | null) => mapList(xs, (x) => lazily(() => call(fn, [x], at)));
  const numbered = (fn: Lazy, xs: List, at: Span | null) => {
    const number = (x: Lazy, index: number) => lazily(() => call(fn, [BigInt(index + 1), x], at));
    return new List(xs.elements.map(number), xs.rest);
  };
  return tableOf([
    native("concatStrings", [any], ([xs], at) => join("", xs, at)),
    native("concatMapStrings", [any, list], ([fn, xs], at) => join("", apply(fn, xs, at), at)),
    native("concatImapStrings", [any, list], ([fn, xs], at) => join("", numbered(fn, xs, at), at)),
    native("concatMapStringsSep", [any, any, list], ([separator, fn, xs], at) =>
      join(separator, apply(fn, xs, at), at),
    ),
    native("concatImapStringsSep", [any, any, list], ([separator, fn, xs], at) => {
      return join(separator, numbered(fn, xs, at), at);
    }),
    native("concatMapAttrsStringSep", [any, any, set], ([separator, fn, attrs], at) => {
      const pieces = listOfEntries(attrs, (name, attr) => lazily(() => call(fn, [name, attr.value], at)));
      return join(separator, pieces, at);
    }),
    native("concatLines", [list], ([lines], at) => {
      if (lines.elements.length === 0) return lines.rest ?? "";
      return operate("+", join("\n", lines, at), "\n", at);
    }),
    native("intersperse", [any, list], ([separator, xs]) => {
      const mixed = xs.elements.flatMap((x, index) => (index === 0 ? [x] : [separator, x]));
      return new List(mixed, xs.rest, xs.possible);
    }),
    native("replicate", [int, text], ([count, piece], at) => {
      return join("", new List(new Array<Lazy>(Math.max(0, Number(count))).fill(piece)), at);
    }),
    native("replaceString", [any, any, any], ([from, to, within], at) => {
      return callBuiltin("replaceStrings", [new List([from]), new List([to]), within], at);
    }),
    native("optionalString", [any, any], ([condition, piece], at) => {
      const known = expectBool(condition, at);
      if (known instanceof Unknown) return force(joinBranches(known, piece, ""));
      return known ? force(piece) : "";
    }),
    native("addContextFrom", [any, text], ([, target]) => target),
    native("fileContents", [any], ([file], at) => {
      const contents = expectText(callBuiltin("readFile", [file], at), at);
      return contents instanceof Unknown ? contents : removeSuffix(contents, "\n");
    }),
  ]);
}

function searchPaths(callBuiltin: CallBuiltin): Functions {
  const searchPath = (below: Value, pkgs: List, at: Span | null) => {
    const there = (pkg: Lazy) => force(pkg) !== null;
    const place = (pkg: Lazy) => lazily(() => operate("+", operate("+", force(pkg), "/", at), below, at));
    const places = new List(pkgs.elements.filter(there).map(place), pkgs.rest, pkgs.possible.filter(there).map(place));
    return callBuiltin("concatStringsSep", [":", places], at);
  };
  const ofOutput = (output: string, below: Value, pkgs: List, at: Span | null) => {
    return searchPath(
      below,
      mapList(pkgs, (pkg) => getOutput(output, pkg)),
      at,
    );
  };
  return tableOf([
    native("makeSearchPath", [text, list], ([below, pkgs], at) => searchPath(below, pkgs, at)),
    native("makeSearchPathOutput", [string, text, list], ([output, below, pkgs], at) =>
      ofOutput(output, below, pkgs, at),
    ),
    native("makeLibraryPath", [list], ([pkgs], at) => ofOutput("lib", "lib", pkgs, at)),
    native("makeIncludePath", [list], ([pkgs], at) => ofOutput("dev", "include", pkgs, at)),
    native("makeBinPath", [list], ([pkgs], at) => ofOutput("bin", "bin", pkgs, at)),
  ]);
}
