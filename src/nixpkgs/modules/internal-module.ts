// The options that every evaluation has: `_module.args`, `_module.check`, `_module.freeformType`, `_module.specialArgs`.

import { type Attrs, attrsOf, emptyAttrs, type Lazy, type Value } from "../../eval/value.ts";
import { nativeFile } from "./declaration.ts";
import type { ModulesInput } from "./evaluate.ts";
import type { OptionType } from "./option-type.ts";
import { lazyAttrsOf } from "./types/collections.ts";
import { nullOr } from "./types/combinators.ts";
import { nixType } from "./types/nix-type.ts";
import { bool, optionTypeType, raw } from "./types/scalars.ts";

/** `mkOption` from native code. */
export function option(type: OptionType, fallback?: Lazy): Attrs {
  const base = { _type: "option", type: nixType(type) };
  return attrsOf(fallback === undefined ? base : { ...base, default: fallback });
}

const declared = {
  args: option(lazyAttrsOf(raw), emptyAttrs),
  check: option(bool, true),
  freeformType: option(nullOr(optionTypeType), null),
};

export function internalModule(input: ModulesInput): Value {
  const args = input.args ?? emptyAttrs;
  return attrsOf({
    _file: nativeFile,
    key: "_module",
    options: attrsOf({ _module: attrsOf({ ...declared, specialArgs: option(lazyAttrsOf(raw), input.specialArgs) }) }),
    config: attrsOf({ _module: attrsOf({ args }) }),
  });
}
