// lib.meta: what packages say about themselves, and the program in a package.

import { interpolate } from "../../eval/coerce.ts";
import { operate } from "../../eval/operators.ts";
import { selectAttr, selectOrUndefined } from "../../eval/select.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import { Attrs, attrsOf, emptyAttrs, emptyList, joinText, type Lazy, typeName, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { mapEntries, withAttr } from "./attr-entries.ts";
import { licenseOf, licensesBySpdxId } from "./licenses.ts";
import { getOutput, isDerivation } from "./outputs.ts";
import { availableOn, platformMatch } from "./platform-match.ts";
import {
  any,
  type CallBuiltin,
  call,
  callerOf,
  type Functions,
  known,
  native,
  set,
  string,
  tableOf,
} from "./signature.ts";
import { concatPieces, isText } from "./text-values.ts";
import { nameOf } from "./versions.ts";

export function meta(builtins: Attrs): Functions {
  return {
    ...priorities,
    ...naming(callerOf(builtins)),
    ...programs(callerOf(builtins)),
    licensesSpdx: licensesBySpdxId,
    ...tableOf([
      native("getLicenseFromSpdxId", [string], ([id]) => {
        return licenseOf(id) ?? attrsOf({ shortName: id, spdxId: id });
      }),
      native("getLicenseFromSpdxIdOr", [string, any], ([id, fallback]) => licenseOf(id) ?? force(fallback)),
      native("platformMatch", [set, known], ([platform, pattern]) => platformMatch(platform, pattern)),
      native("availableOn", [set, known], ([platform, pkg], at) => availableOn(platform, pkg, at)),
      native("cpeFullVersionWithVendor", [any, any], ([vendor, version]) => attrsOf({ vendor, version, update: "*" })),
    ]),
  };
}

const lowPriority = 10n;
const highPriority = -10n;

const priorities: Functions = {
  defaultPriority: 5n,
  ...tableOf([
    native("addMetaAttrs", [set, any], ([attrs, drv], at) => addMeta(attrs, drv, at)),
    native("dontDistribute", [any], ([drv], at) => addMeta(attrsOf({ hydraPlatforms: emptyList }), drv, at)),
    native("setPrio", [any, any], ([priority, drv], at) => addMeta(attrsOf({ priority }), drv, at)),
    native("lowPrio", [any], ([drv], at) => addMeta(attrsOf({ priority: lowPriority }), drv, at)),
    native("hiPrio", [any], ([drv], at) => addMeta(attrsOf({ priority: highPriority }), drv, at)),
    native("lowPrioSet", [set], ([attrs], at) => {
      return mapDerivations(attrs, (drv) => addMeta(attrsOf({ priority: lowPriority }), drv, at));
    }),
    native("hiPrioSet", [set], ([attrs], at) => {
      return mapDerivations(attrs, (drv) => addMeta(attrsOf({ priority: highPriority }), drv, at));
    }),
    native("mapDerivationAttrset", [any, set], ([fn, attrs], at) =>
      mapDerivations(attrs, (drv) => call(fn, [drv], at)),
    ),
  ]),
};

function naming(callBuiltin: CallBuiltin): Functions {
  const rename = (fn: (name: Lazy) => Lazy, drv: Attrs, at: Span | null) => {
    return withAttr(drv, "name", fn(selectAttr(drv, "name", at)));
  };
  return tableOf([
    native("setName", [any, set], ([name, drv]) => withAttr(drv, "name", name)),
    native("updateName", [any, set], ([fn, drv], at) => rename((name) => lazily(() => call(fn, [name], at)), drv, at)),
    native("appendToName", [any, set], ([suffix, drv], at) => {
      const appended = (name: Lazy) => {
        const parsed = callBuiltin("parseDrvName", [name], at);
        const part = (which: string) => force(selectAttr(parsed, which, at));
        return concatPieces([part("name"), "-", force(suffix), "-", part("version")], at);
      };
      return rename((name) => lazily(() => appended(name)), drv, at);
    }),
  ]);
}

/** The meta attrs on top of those of the package, which stays the same derivation. */
function addMeta(attrs: Attrs, lazy: Lazy, at: Span | null): Value {
  const drv = force(lazy);
  if (!(drv instanceof Attrs))
    return drv instanceof Unknown ? drv : thrownError(`expected a package but found ${typeName(drv)}`, at);
  const before = drv.lookup("meta")?.value ?? emptyAttrs;
  return withAttr(
    drv,
    "meta",
    lazily(() => operate("//", force(before), attrs, at)),
  );
}

function mapDerivations(attrs: Attrs, change: (drv: Lazy) => Value): Attrs {
  return mapEntries(attrs, (_, lazy) =>
    lazily(() => {
      const value = force(lazy);
      return isDerivation(value) === true ? change(value) : value;
    }),
  );
}

function programs(callBuiltin: CallBuiltin): Functions {
  return tableOf([
    native("getExe", [known], ([pkg], at) => {
      const declared = selectOrUndefined(force(selectOrUndefined(pkg, "meta") ?? emptyAttrs), "mainProgram");
      return programPath(pkg, declared ?? lazily(() => nameOf(callBuiltin, pkg, at)), { caller: "getExe", at });
    }),
    native("getExe'", [known, any], ([pkg, name], at) => programPath(pkg, name, { caller: "getExe'", at })),
  ]);
}

interface Caller {
  readonly caller: string;
  readonly at: Span | null;
}

/** `${package}/bin/name`; a name that only the package knows is a hole. */
function programPath(pkg: Value, lazy: Lazy, { caller, at }: Caller): Value {
  const is = isDerivation(pkg);
  if (is === false) {
    const message = `lib.meta.${caller}: The first argument is of type ${typeName(pkg)}, but it should be a derivation instead.`;
    return thrownError(message, at);
  }
  const name = force(lazy);
  if (name instanceof Unknown ? name.reason === "error" : !isText(name)) {
    if (name instanceof Unknown) return name;
    return thrownError(`lib.meta.${caller}: The second argument should be a string`, at);
  }
  if (typeof name === "string" && name.includes("/")) {
    return thrownError(`lib.meta.${caller}: The second argument "${name}" is a nested path`, at);
  }
  const root = interpolate(force(getOutput("bin", pkg)), at);
  if (root instanceof Unknown && root.reason === "error") return root;
  // Checked above: text, or an unknown that is no error.
  return joinText([root, "/bin/", name as string | Unknown]);
}
