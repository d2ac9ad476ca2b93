// lib.customisation: package scopes, whose members see each other through `callPackage`.

import { operate } from "../../eval/operators.ts";
import { selectAttr, selectOrUndefined } from "../../eval/select.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { type Attrs, attrsOf, emptyAttrs, type Lazy, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { withAttr } from "./attr-entries.ts";
import { extended } from "./fixed-points.ts";
import { any, call, native, set, tableOf } from "./signature.ts";

export const scopeFunctions = tableOf([
  native("makeScope", [any, any], ([newScope, packages], at) => makeScope(newScope, packages, at)),
  native("makeScopeWithSplicing", [any, any, any, any, any, any], (args, at) => {
    const [splicePackages, newScope, otherSplices, keep, extra, f] = args;
    const scope = attrsOf({ otherSplices, keep, extra, f });
    return makeSplicedScope(attrsOf({ splicePackages, newScope }), scope, at);
  }),
  native("makeScopeWithSplicing'", [set, set], ([tools, scope], at) => makeSplicedScope(tools, scope, at)),
]);

/** The overlay applied to the function that makes a scope's packages. */
function extendedBy(overlay: Lazy, packages: Lazy): Lazy {
  return native("packages", [any], ([final], at) => extended(overlay, packages, final, at));
}

function makeScope(newScope: Lazy, packages: Lazy, at: Span | null): Value {
  const self: Lazy = lazily(() => {
    const open = native("newScope", [any], ([more], here) =>
      call(newScope, [lazily(() => operate("//", force(self), force(more), here))], here),
    );
    const overrideScope = native("overrideScope", [any], ([overlay], here) => {
      return makeScope(newScope, extendedBy(overlay, packages), here);
    });
    const callPackage = lazily(() => call(selectAttr(force(self), "newScope", at), [emptyAttrs], at));
    const members = operate("//", attrsOf({ callPackage }), call(packages, [self], at), at);
    return operate("//", members, attrsOf({ newScope: open, overrideScope, packages }), at);
  });
  return force(self);
}

const splices = {
  pkgsBuildBuild: "selfBuildBuild",
  pkgsBuildHost: "selfBuildHost",
  pkgsBuildTarget: "selfBuildTarget",
  pkgsHostHost: "selfHostHost",
  pkgsTargetTarget: "selfTargetTarget",
};

function makeSplicedScope(tools: Attrs, scope: Attrs, at: Span | null): Value {
  const nothing = native("nothing", [any], () => emptyAttrs);
  const part = (name: string) => selectOrUndefined(scope, name) ?? nothing;
  const [packages, newScope] = [selectAttr(scope, "f", at), selectAttr(tools, "newScope", at)];
  const self: Lazy = lazily(() => {
    const others = force(selectAttr(scope, "otherSplices", at));
    const pairs = Object.entries(splices).map(([name, splice]) => [name, selectAttr(others, splice, at)] as const);
    // The scope of the packages that run on the host and build for the target is this one.
    const index = attrsOf({ ...Object.fromEntries(pairs), pkgsHostTarget: self });
    const base = lazily(() => call(selectAttr(tools, "splicePackages", at), [index], at));
    const spliced = lazily(() => {
      const both = operate("//", call(part("extra"), [base], at), force(base), at);
      return operate("//", both, call(part("keep"), [self], at), at);
    });
    const open = native("newScope", [any], ([more], here) => {
      return call(newScope, [lazily(() => operate("//", force(spliced), force(more), here))], here);
    });
    const overrideScope = native("overrideScope", [any], ([overlay], here) => {
      return makeSplicedScope(tools, withAttr(scope, "f", extendedBy(overlay, packages)), here);
    });
    const callPackage = lazily(() => call(newScope, [spliced], at));
    const added = attrsOf({ newScope: open, callPackage, overrideScope, packages });
    return operate("//", call(packages, [self], at), added, at);
  });
  return force(self);
}
