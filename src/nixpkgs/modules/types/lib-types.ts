// Types that need other parts of `lib`: file sets, option types as values.

import { apply } from "../../../eval/apply.ts";
import { equalValues } from "../../../eval/equality.ts";
import { selectAttr } from "../../../eval/select.ts";
import { force } from "../../../eval/thunk.ts";
import { Unknown } from "../../../eval/unknown.ts";
import { Attrs, attrsOf, type Lazy, List, NixPath, type Value } from "../../../eval/value.ts";
import { mergeOptionDeclarations } from "../declaration.ts";
import type { AttrPath } from "../definition.ts";
import type { OptionType } from "../option-type.ts";
import type { DischargedDefinition } from "../properties.ts";
import { mergeDefaultOption } from "./merging.ts";
import { nixType } from "./nix-type.ts";
import { simpleType } from "./scalars.ts";

/** `types.fileset`: definitions are united by `lib.fileset`. */
export function filesetType(lib: Lazy): OptionType {
  const fileset = (name: string) => force(selectAttr(force(selectAttr(force(lib), "fileset", null)), name, null));
  return {
    ...simpleType(
      "fileset",
      "fileset",
      (value) => value instanceof NixPath || isTagged("fileset", value),
      (_path, definitions) => apply(fileset("unions"), new List(definitions.map(({ value }) => value)), null),
    ),
    emptyValue: () => fileset("empty"),
  };
}

export function isTagged(tag: string, value: Value): boolean | Unknown {
  if (!(value instanceof Attrs)) return false;
  const type = value.lookup("_type");
  return type === undefined ? (value.rest ?? false) : equalValues(force(type.value), tag);
}

/** An option as `mkOption` gives it, not one that has been evaluated. */
export const optionDeclaration = simpleType(
  "optionDeclaration",
  "option declaration",
  (value) => isTagged("option", value) === true && value instanceof Attrs && value.lookup("value") === undefined,
  mergeDefaultOption,
);

export const optionTypeType = simpleType(
  "optionType",
  "optionType",
  (value) => isTagged("option-type", value),
  mergeOptionTypes,
);

/** Several types are one that stands for all of them, as if each were declared in its own module. */
function mergeOptionTypes(path: AttrPath, definitions: readonly DischargedDefinition[]): Value {
  const [first, ...others] = definitions;
  if (first === undefined || others.length === 0) return force(first?.value ?? null);
  const declared = definitions.map(({ value, module, span }) => ({
    module,
    options: attrsOf({ _type: "option", type: value }),
    span,
  }));
  const declaration = mergeOptionDeclarations(path, declared);
  return declaration instanceof Unknown ? declaration : nixType(declaration.type);
}
