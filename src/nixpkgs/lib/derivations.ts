// lib.derivations: derivations that are looked into only when they have to be.

import { joinBranches } from "../../eval/branches.ts";
import { equalValues } from "../../eval/equality.ts";
import { expectBool } from "../../eval/native.ts";
import { operate } from "../../eval/operators.ts";
import { selectAttr, selectOrUndefined } from "../../eval/select.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import { type Attrs, attrsOf, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { isDerivation } from "./outputs.ts";
import { any, type Functions, names, native, set, tableOf } from "./signature.ts";

export const derivations: Functions = tableOf([
  native("addDrvOutputDependencies", [any], ([text]) => force(text)),
  native("unsafeDiscardOutputDependency", [any], ([text]) => force(text)),
  native("warnOnInstantiate", [any, any], ([, drv]) => force(drv)),
  native("optionalDrvAttr", [any, any], ([condition, value], at) => {
    const known = expectBool(condition, at);
    if (known instanceof Unknown) return force(joinBranches(known, value, null));
    return known ? force(value) : null;
  }),
  native("lazyDerivation", [set], ([args], at) => lazyDerivation(args, at)),
]);

function lazyDerivation(args: Attrs, at: Span | null): Value {
  const outputs = names.read(selectOrUndefined(args, "outputs") ?? new List(["out"]), at);
  if (outputs instanceof Unknown) return outputs;
  const checked = lazily(() => checkedDerivation(selectAttr(args, "derivation", at), outputs, at));
  const attr = (name: string): Lazy => lazily(() => force(selectAttr(force(checked), name, at)));
  const own = ["outPath", "outputName", "drvPath", "name", "system", ...outputs];
  const base = attrsOf({
    type: "derivation",
    outputs: new List(outputs),
    meta: selectOrUndefined(args, "meta") ?? attr("meta"),
    ...Object.fromEntries(own.map((name) => [name, attr(name)])),
  });
  return operate("//", base, force(selectOrUndefined(args, "passthru") ?? attrsOf({})), at);
}

function checkedDerivation(lazy: Lazy, outputs: readonly string[], at: Span | null): Value {
  const derivation = force(lazy);
  const is = isDerivation(derivation);
  if (is instanceof Unknown) return is;
  if (!is) return thrownError("lazyDerivation: input must be a derivation.", at);
  const same = equalValues(force(selectAttr(derivation, "outputs", at)), new List(outputs));
  if (same === false) {
    return thrownError("lib.lazyDerivation: the derivation has other outputs than those given", at);
  }
  return same instanceof Unknown && same.reason === "error" ? same : derivation;
}
