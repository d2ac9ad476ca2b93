// The options that every evaluation has: `_module.args`, `_module.check`, `_module.freeformType`, `_module.specialArgs`.

import { type Attrs, attrsOf, emptyAttrs, type Lazy, type Value } from "../../eval/value.ts";
import { nativeFile } from "./declaration.ts";
import type { ModulesInput } from "./evaluate.ts";
import type { OptionType } from "./option-type.ts";
import { lazyAttrsOf } from "./types/collections.ts";
import { nullOr } from "./types/combinators.ts";
import { optionTypeType } from "./types/lib-types.ts";
import { nixType } from "./types/nix-type.ts";
import { bool, raw } from "./types/scalars.ts";

/** `mkOption` from native code. */
export function option(type: OptionType, fallback?: Lazy): Attrs {
  const base = { _type: "option", type: nixType(type) };
  return attrsOf(fallback === undefined ? base : { ...base, default: fallback });
}

/** The same option, left out of documentation. */
function internal(declaration: Attrs): Attrs {
  return attrsOf({
    internal: true,
    ...Object.fromEntries([...declaration.entries].map(([name, { value }]) => [name, value])),
  });
}

const args = option(lazyAttrsOf(raw), emptyAttrs);

const declared = {
  check: internal(option(bool, true)),
  freeformType: internal(option(nullOr(optionTypeType), null)),
  specialArgs: attrsOf({ _type: "option", internal: true, readOnly: true }),
};

const optionsAbove = attrsOf({ _module: attrsOf({ ...declared, args }) });
const optionsBelow = attrsOf({ _module: attrsOf({ ...declared, args: internal(args) }) });

/** With the module arguments that every evaluation has. */
export function internalModule(input: ModulesInput, own: Readonly<Record<string, Lazy>>): Value {
  return attrsOf({
    _file: nativeFile,
    key: "lib/modules.nix",
    options: (input.prefix ?? []).length > 0 ? optionsBelow : optionsAbove,
    config: attrsOf({ _module: attrsOf({ args: attrsOf(own), specialArgs: input.specialArgs }) }),
  });
}
