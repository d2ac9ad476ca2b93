// What declares options: `mkOption`, `mkEnableOption`, `mkPackageOption`.

import { interpolate } from "../../eval/coerce.ts";
import { argument, define, expectAttrs } from "../../eval/native.ts";
import { selectOrUndefined } from "../../eval/select.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, attrsOf, joinText, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { showOption } from "../lib/options.ts";
import type { AttrPath } from "./definition.ts";
import { nullOr } from "./types/combinators.ts";
import { isOfType } from "./types/library.ts";
import { nixType, pathFromNix } from "./types/nix-type.ts";
import { bool, packageType } from "./types/scalars.ts";

export function option(entries: Readonly<Record<string, Lazy>>): Attrs {
  return attrsOf({ _type: "option", ...entries });
}

/** Text around something that may not be known. */
function around(before: string, what: Lazy, after: string): Lazy {
  return lazily(() => {
    const text = interpolate(force(what), null);
    return text instanceof Unknown && text.reason === "error" ? text : joinText([before, text, after]);
  });
}

export const optionFunctions: Readonly<Record<string, Lazy>> = {
  mkOption: define("mkOption", 1, ([given], at) => {
    const set = expectAttrs(given as Lazy, at);
    if (set instanceof Unknown) return set;
    return set.withEntries(new Map([["_type", new Attr("option")], ...set.entries]));
  }),
  mkEnableOption: define("mkEnableOption", 1, ([name]) => {
    const description = around("Whether to enable ", name as Lazy, ".");
    return option({ default: false, example: true, description, type: nixType(bool) });
  }),
  mkPackageOption: define("mkPackageOption", 3, mkPackageOption),
  mkPackageOptionMD: define("mkPackageOptionMD", 3, mkPackageOption),
  mkSinkUndeclaredOptions: define("mkSinkUndeclaredOptions", 1, ([given]) => {
    const set = force(given as Lazy);
    return option({ internal: true, visible: false, default: false, ...(set instanceof Attrs && plainEntries(set)) });
  }),
  isOption: define("isOption", 1, ([value]) => isOfType("option", value as Lazy)),
  isOptionType: define("isOptionType", 1, ([value]) => isOfType("option-type", value as Lazy)),
};

function plainEntries(set: Attrs): Readonly<Record<string, Lazy>> {
  return Object.fromEntries([...set.entries].map(([name, attr]) => [name, attr.value]));
}

function mkPackageOption(args: readonly Lazy[], at: Span | null): Value {
  const settings = force(argument(args, 2));
  const setting = (name: string) => selectOrUndefined(settings, name);
  const named = force(argument(args, 1));
  const fallback = force(setting("default") ?? named);
  const pkgsText = String(force(setting("pkgsText") ?? "pkgs"));
  const nullable = force(setting("nullable") ?? false) === true;
  const example = force(setting("example") ?? null);
  return option({
    ...(fallback === null ? nullable && { default: null } : packageDefault(argument(args, 0), fallback, pkgsText, at)),
    description: describePackage(named instanceof List ? (named.elements.at(-1) ?? null) : named, setting),
    type: nixType(nullable ? nullOr(packageType) : packageType),
    ...(example !== null && {
      example: expression(example instanceof List ? showAttrPath(pkgsText, pathFromNix(example)) : example),
    }),
  });
}

function describePackage(name: Lazy, setting: (name: string) => Lazy | undefined): Lazy {
  const extra = setting("extraDescription");
  const text = around("The ", name, " package to use.");
  return extra === undefined ? text : lazily(() => joinText([pieceOf(text), " ", pieceOf(extra)]));
}

function pieceOf(lazy: Lazy) {
  return interpolate(force(lazy), null);
}

function packageDefault(pkgs: Lazy, fallback: Value, pkgsText: string, at: Span | null) {
  const path = fallback instanceof List ? pathFromNix(fallback) : [String(fallback)];
  const shown = showAttrPath(pkgsText, path);
  return { default: lazily(() => packageAt(pkgs, path, shown, at)), defaultText: expression(shown) };
}

function showAttrPath(pkgsText: string, path: AttrPath): string {
  return `${pkgsText}.${showOption(path)}`;
}

function expression(text: Lazy): Value {
  return attrsOf({ _type: "literalExpression", text });
}

function packageAt(pkgs: Lazy, path: AttrPath, shown: string, at: Span | null): Value {
  let value = force(pkgs);
  for (const name of path) {
    if (value instanceof Unknown) return value;
    const attr = value instanceof Attrs ? value.lookup(name) : undefined;
    if (attr === undefined) {
      const rest = value instanceof Attrs ? value.rest : null;
      return rest ?? thrownError(`\`${shown}\` cannot be found`, at);
    }
    value = force(attr.value);
  }
  return value;
}
