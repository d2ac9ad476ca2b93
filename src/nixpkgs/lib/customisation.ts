// lib.customisation: calling packages with what they ask for, and functions whose arguments can be overridden later.

import { operate } from "../../eval/operators.ts";
import { selectAttr, selectOrUndefined } from "../../eval/select.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { evalError, thrownError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, attrsOf, emptyAttrs, emptyList, type Lazy, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { mapEntries, withAttr } from "./attr-entries.ts";
import { functionArgs, isFunction, withFunctionArgs } from "./function-values.ts";
import { isDerivation } from "./outputs.ts";
import { scopeFunctions } from "./scopes.ts";
import {
  any,
  type CallBuiltin,
  call,
  callerOf,
  type Functions,
  known,
  names,
  native,
  notImplemented,
  set,
  string,
  tableOf,
} from "./signature.ts";

export function customisation(builtins: Attrs): Functions {
  return {
    ...functions,
    ...scopeFunctions,
    ...crossIndexFunctions,
    ...packageCalls(callerOf(builtins)),
    ...notImplemented("lib.customisation", ["overrideDerivation", "hydraJob"]),
  };
}

const functions = tableOf([
  native("makeOverridable", [known], ([fn], at) => makeOverridable(fn, at)),
  native("extendDerivation", [any, set, set], ([condition, passthru, drv], at) => {
    const guarded = (value: Lazy) => lazily(() => (force(condition) === false ? failed(at) : force(value)));
    const extended = operate("//", drv, passthru, at);
    if (!(extended instanceof Attrs)) return extended;
    const entries = new Map(extended.entries);
    for (const name of ["drvPath", "outPath"]) entries.set(name, new Attr(guarded(selectAttr(drv, name, at))));
    return extended.withEntries(entries);
  }),
  native("extendMkDerivation", [set], ([settings], at) => extendMkDerivation(settings, at)),
]);

function failed(at: Span | null): Unknown {
  return thrownError("assertion failed", at);
}

const crossPlatforms = ["buildBuild", "buildHost", "buildTarget", "hostHost", "hostTarget", "targetTarget"];

const crossIndexFunctions = tableOf([
  native("mapCrossIndex", [any, set], ([fn, index], at) => {
    const mapped = (name: string) => lazily(() => call(fn, [selectAttr(index, name, at)], at));
    return attrsOf(Object.fromEntries(crossPlatforms.map((name) => [name, mapped(name)])));
  }),
  native("renameCrossIndexFrom", [string, set], ([prefix, index], at) => {
    return attrsOf(
      Object.fromEntries(crossPlatforms.map((name) => [name, selectAttr(index, prefixed(prefix, name), at)])),
    );
  }),
  native("renameCrossIndexTo", [string, set], ([prefix, index], at) => {
    return attrsOf(
      Object.fromEntries(crossPlatforms.map((name) => [prefixed(prefix, name), selectAttr(index, name, at)])),
    );
  }),
]);

function prefixed(prefix: string, name: string): string {
  return prefix + name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** The function under which `override` keeps what it was called with. */
function makeOverridable(fn: Exclude<Value, Unknown>, at: Span | null): Value {
  const wrapped = mirrored(
    fn,
    native("overridable", [any], ([args], here) => callOverridable(fn, args, here)),
    at,
  );
  if (!(fn instanceof Attrs)) return wrapped;
  const entries = new Map([...fn.entries, ...wrapped.entries]);
  const override = fn.lookup("override");
  if (override !== undefined) {
    const next = native("override", [any], ([args], here) => overridable(call(override.value, [args], here), here));
    entries.set("override", new Attr(next));
  }
  return fn.withEntries(entries);
}

function overridable(value: Value, at: Span | null): Value {
  return value instanceof Unknown ? value : makeOverridable(value, at);
}

function mirrored(of: Value, fn: Lazy, at: Span | null): Attrs {
  return withFunctionArgs(
    fn,
    lazily(() => functionArgs(of, at)),
  );
}

function callOverridable(fn: Exclude<Value, Unknown>, args: Lazy, at: Span | null): Value {
  const result = call(fn, [args], at);
  const again = (name: string, change: Lazy) => {
    const changed = native(name, [any], ([given], here) =>
      call(selectAttr(call(fn, [given], here), name, here), [change], here),
    );
    return callOverridable(mirrored(fn, changed, at), args, at);
  };
  const override = mirrored(
    fn,
    native("override", [any], ([change], here) => callOverridable(fn, overridden(args, change, here), here)),
    at,
  );
  if (result instanceof Attrs) {
    const entries = new Map(result.entries).set("override", new Attr(override));
    for (const name of ["overrideDerivation", "overrideAttrs"]) {
      const own = result.lookup(name);
      if (own === undefined) continue;
      entries.set(
        name,
        new Attr(
          native(name, [any], ([change]) => again(name, change)),
          own.span,
        ),
      );
    }
    return result.withEntries(entries);
  }
  if (isFunction(result, at) !== true) return result;
  return withAttr(mirrored(result, result, at), "override", override);
}

/** The arguments of a call with the changes on top, which may be a function of the arguments. */
function overridden(args: Lazy, change: Lazy, at: Span | null): Lazy {
  return lazily(() => {
    const given = force(change);
    const changes = isFunction(given, at) === true ? call(given, [args], at) : given;
    return operate("//", force(args), changes, at);
  });
}

function packageCalls(callBuiltin: CallBuiltin): Functions {
  const functionOf = (fn: Value, at: Span | null): Value => {
    return isFunction(fn, at) === true ? fn : callBuiltin("import", [fn], at);
  };
  return tableOf([
    native("callPackageWith", [any, known, any], ([auto, given, args], at) => {
      const fn = functionOf(given, at);
      if (fn instanceof Unknown) return fn;
      const all = argumentsFor(fn, auto, args, at);
      return all instanceof Unknown ? all : call(makeOverridable(fn, at), [all], at);
    }),
    native("callPackagesWith", [any, known, any], ([auto, given, args], at) => {
      const fn = functionOf(given, at);
      if (fn instanceof Unknown) return fn;
      const all = argumentsFor(fn, auto, args, at);
      if (all instanceof Unknown) return all;
      const packages = set.read(call(fn, [all], at), at);
      if (packages instanceof Unknown) return packages;
      if (isDerivation(packages) === true) {
        return thrownError("function `callPackages` was called on a *single* derivation", at);
      }
      return mapEntries(packages, (name) => {
        const one = native(name, [any], ([changed], here) => force(selectAttr(call(fn, [changed], here), name, here)));
        return lazily(() => callOverridable(mirrored(fn, one, at), all, at));
      });
    }),
  ]);
}

/** What the function asks for of the automatic arguments, with the given ones on top. */
function argumentsFor(fn: Value, auto: Lazy, args: Lazy, at: Span | null): Attrs | Unknown {
  const [wanted, given] = [set.read(functionArgs(fn, at), at), set.read(args, at)];
  if (wanted instanceof Unknown) return wanted;
  if (given instanceof Unknown) return given;
  const entries = new Map<string, Attr>();
  for (const [name, formal] of wanted.entries) {
    if (given.entries.has(name)) continue;
    const attrs = force(auto);
    const found = attrs instanceof Attrs ? attrs.lookup(name) : undefined;
    if (found !== undefined) entries.set(name, found);
    else if (force(formal.value) !== true) {
      const missing = selectAttr(attrs, name, at);
      const open = attrs instanceof Unknown || (attrs instanceof Attrs && attrs.rest !== null);
      if (!open) return evalError(`callPackage: function called without required argument \`${name}\``, at);
      entries.set(name, new Attr(missing));
    }
  }
  for (const [name, attr] of given.entries) entries.set(name, attr);
  return new Attrs(entries, given.rest);
}

function extendMkDerivation(settings: Attrs, at: Span | null): Value {
  const setting = (name: string, fallback: Lazy) => selectOrUndefined(settings, name) ?? fallback;
  const missing = (name: string) => evalError(`function called without required argument \`${name}\``, at);
  const construct = setting("constructDrv", missing("constructDrv"));
  const extend = setting("extendDrvArgs", missing("extendDrvArgs"));
  const dropped = names.read(setting("excludeDrvArgNames", emptyList), at);
  const hidden = names.read(setting("excludeFunctionArgNames", emptyList), at);
  if (dropped instanceof Unknown) return dropped;
  if (hidden instanceof Unknown) return hidden;
  const transform = setting(
    "transformDrv",
    native("id", [any], ([drv]) => force(drv)),
  );
  const build = native("mkDerivation", [any], ([args], here) => {
    const stages = native("args", [any], ([final]) => {
      const given = force(args);
      const previous = isFunction(given, here) === true ? call(given, [final], here) : given;
      const kept = previous instanceof Attrs ? without(previous, dropped) : previous;
      return operate("//", kept, call(extend, [final, previous], here), here);
    });
    return call(transform, [lazily(() => call(construct, [stages], here))], here);
  });
  const args = lazily(() => {
    const own = functionArgs(call(extend, [emptyAttrs], at), at);
    const inherited =
      force(setting("inheritFunctionArgs", true)) === true ? functionArgs(force(construct), at) : emptyAttrs;
    const all = operate("//", inherited instanceof Attrs ? without(inherited, dropped) : inherited, own, at);
    return all instanceof Attrs ? without(all, hidden) : all;
  });
  return operate(
    "//",
    withFunctionArgs(build, args),
    attrsOf({
      constructDrv: construct,
      extendDrvArgs: extend,
      transformDrv: transform,
      excludeDrvArgNames: setting("excludeDrvArgNames", emptyList),
    }),
    at,
  );
}

function without(attrs: Attrs, unwanted: readonly string[]): Attrs {
  const entries = new Map(attrs.entries);
  for (const name of unwanted) entries.delete(name);
  return attrs.withEntries(entries);
}
