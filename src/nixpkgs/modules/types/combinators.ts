// Types made of other types.

import { apply } from "../../../eval/apply.ts";
import { equalValues } from "../../../eval/equality.ts";
import { define } from "../../../eval/native.ts";
import { force, lazily } from "../../../eval/thunk.ts";
import { evalError, Unknown } from "../../../eval/unknown.ts";
import { Attrs, type Lazy, List, NixPath, PartialString, type Value } from "../../../eval/value.ts";
import { checkAndMerge } from "../merge.ts";
import type { OptionType } from "../option-type.ts";
import type { DischargedDefinition } from "../properties.ts";
import { attrsOf, listOf, mergeElements, subModulesOf } from "./collections.ts";
import { conflict, isFunction, mergeEqualOption, mergeOneOption } from "./merging.ts";
import { simpleType } from "./scalars.ts";

type Definitions = readonly DischargedDefinition[];

export function nullOr(element: OptionType): OptionType {
  return {
    name: "nullOr",
    description: `null or ${element.description}`,
    check: (value) => value === null || element.check(value),
    merge: (path, definitions) => {
      const nulls = definitions.filter((definition) => force(definition.value) === null).length;
      if (nulls === definitions.length) return null;
      return nulls > 0 ? conflict(path, definitions) : element.merge(path, definitions);
    },
    emptyValue: null,
    nested: { elemType: element },
    additive: element.additive ?? false,
    mergeWith: (other) => mergeElements(other, "nullOr", element, nullOr),
    ...subModulesOf(element, nullOr),
  };
}

export function either(first: OptionType, second: OptionType): OptionType {
  const type: OptionType = {
    name: "either",
    description: `${first.description} or ${second.description}`,
    check: (value) => orElse(first.check(value), () => second.check(value)),
    merge: (path, definitions) => {
      if (allPass(first, definitions)) return first.merge(path, definitions);
      if (allPass(second, definitions)) return second.merge(path, definitions);
      return mergeOneOption(path, definitions);
    },
    nested: { left: first, right: second },
    additive: (first.additive ?? false) || (second.additive ?? false),
    mergeWith: (other) => {
      const [left, right] = Object.values(other.nested ?? {});
      if (other.name !== "either" || !left || !right) return null;
      const [a, b] = [first.mergeWith(left), second.mergeWith(right)];
      return a === null || b === null ? null : either(a, b);
    },
  };
  return type;
}

function orElse(answer: boolean | Unknown, next: () => boolean | Unknown): boolean | Unknown {
  if (answer === true) return true;
  const other = next();
  return other === true || answer === false ? other : answer;
}

/** Whether every definition passes; an unknown does. */
function allPass(type: OptionType, definitions: Definitions): boolean {
  return definitions.every((definition) => type.check(force(definition.value)) !== false);
}

export function oneOf(types: readonly OptionType[]): OptionType {
  const [first, ...others] = types;
  if (first === undefined) return simpleType("oneOf", "one of nothing", () => false);
  return others.length === 0 ? first : either(first, oneOf(others));
}

interface EnumType extends OptionType {
  readonly enumValues: readonly Lazy[];
}

export function enumOf(values: readonly Lazy[]): EnumType {
  const allows = (value: Value): boolean | Unknown => {
    let undecided: Unknown | null = null;
    for (const allowed of values) {
      const equal = equalValues(force(allowed), value);
      if (equal === true) return true;
      if (equal instanceof Unknown) undecided ??= equal;
    }
    return undecided ?? false;
  };
  return {
    ...simpleType("enum", "one of a set of values", allows),
    mergeWith: (other) => ("enumValues" in other ? enumOf([...values, ...(other as EnumType).enumValues]) : null),
    enumValues: values,
  };
}

/** `coercedTo from f to`: values of `from` are first turned into `to` by the Nix function. */
export function coercedTo(from: OptionType, convert: Lazy, to: OptionType): OptionType {
  const coerce = (lazy: Lazy): Value => {
    const value = force(lazy);
    return !(value instanceof Unknown) && from.check(value) === true ? apply(force(convert), value, null) : value;
  };
  return {
    name: "coercedTo",
    description: `${to.description} or ${from.description} convertible to it`,
    check: (value) => orElse(from.check(value), () => to.check(value)),
    merge: (path, definitions) =>
      to.merge(
        path,
        definitions.map((definition) => ({ ...definition, value: lazily(() => coerce(definition.value)) })),
      ),
    ...("emptyValue" in to && { emptyValue: to.emptyValue }),
    nested: { coercedType: from, finalType: to },
    additive: to.additive ?? false,
    mergeWith: () => null,
    ...subModulesOf(to, (element) => coercedTo(from, convert, element)),
  };
}

export function uniq(element: OptionType): OptionType {
  return {
    ...element,
    name: element.name,
    merge: (path, definitions) =>
      definitions.length === 1 ? element.merge(path, definitions) : mergeOneOption(path, definitions),
  };
}

export function addCheck(element: OptionType, test: Lazy): OptionType {
  return {
    ...element,
    check: (value) => {
      const passes = element.check(value);
      if (passes === false) return false;
      const tested = apply(force(test), value, null);
      if (tested === false) return false;
      return tested instanceof Unknown && tested.reason !== "error" ? tested : passes;
    },
  };
}

export function functionTo(element: OptionType): OptionType {
  return {
    name: "functionTo",
    description: `function that evaluates to a(n) ${element.description}`,
    check: (value) => (value instanceof Unknown ? value : isFunction(value)),
    merge: (path, definitions) =>
      define("functionTo", 1, ([argument]) =>
        checkAndMerge(
          [...path, "<function body>"],
          element,
          definitions.map((definition) => ({
            ...definition,
            value: lazily(() => apply(force(definition.value), argument as Lazy, definition.span)),
          })),
        ),
      ),
    nested: { elemType: element },
    mergeWith: (other) => mergeElements(other, "functionTo", element, functionTo),
    ...subModulesOf(element, functionTo),
  };
}

/** `types.anything`: sets merge attr by attr, lists must be equal, functions merge their results. */
export const anything: OptionType = {
  ...simpleType("anything", "anything", () => true),
  additive: true,
  merge: (path, definitions) => {
    const values = definitions.map((definition) => force(definition.value));
    if (values.length === 1 && !(values[0] instanceof Attrs)) return values[0] ?? null;
    if (values.every(isMergeableSet)) return lazilyAttrs(path, definitions);
    if (values.every((value) => value instanceof List)) return mergeEqualOption(path, definitions);
    if (values.every(isFunction) && values.length > 1) return functionTo(anything).merge(path, definitions);
    if (values.every((value) => value instanceof NixPath)) return mergeOneOption(path, definitions);
    return mergeEqualOption(path, definitions);
  },
};

function isMergeableSet(value: Value): boolean {
  return value instanceof Attrs && value.tag?.kind !== "derivation" && !value.entries.has("outPath");
}

function lazilyAttrs(path: readonly string[], definitions: Definitions): Value {
  return attrsOf(anything).merge(path, definitions);
}

/** `types.attrTag`: a set with exactly one attr, which says of what type its value is. */
export function attrTag(tags: ReadonlyMap<string, OptionType>): OptionType {
  const chosen = (value: Value): string | undefined =>
    value instanceof Attrs && value.entries.size === 1 ? [...value.entries.keys()][0] : undefined;
  return {
    ...simpleType("attrTag", `attribute-tagged union of ${[...tags.keys()].join(", ")}`, (value) => {
      const tag = chosen(value);
      return tag !== undefined && tags.has(tag);
    }),
    merge: (path, definitions) => {
      const names = new Set(definitions.map((definition) => chosen(force(definition.value))));
      const [name] = names;
      const type = name === undefined ? undefined : tags.get(name);
      if (type === undefined || names.size > 1) return conflict(path, definitions);
      return attrsOf(type).merge(path, definitions);
    },
    nested: Object.fromEntries(tags),
  };
}

/** Functions with a `luaInline` or other `_type` tag. */
export function taggedSet(name: string, tag: string): OptionType {
  return simpleType(
    name,
    name,
    (value) => {
      if (!(value instanceof Attrs)) return false;
      const type = value.lookup("_type");
      return type === undefined ? false : equalValues(force(type.value), tag);
    },
    mergeOneOption,
  );
}

export function nonEmptyListOf(element: OptionType): OptionType {
  const list = listOf(element);
  const { emptyValue: _, ...rest } = list;
  return {
    ...rest,
    name: "nonEmptyListOf",
    description: `non-empty ${list.description}`,
    check: (value) =>
      value instanceof List && value.elements.length === 0 ? (value.rest ?? false) : list.check(value),
  };
}

/** `strMatching` and the like: the pattern is tested by the Nix builtin, as in nixpkgs. */
export function textMatching(name: string, description: string, test: (text: string) => boolean | Unknown): OptionType {
  return simpleType(name, description, (value) => {
    if (value instanceof PartialString) return value.hole;
    return typeof value === "string" && test(value);
  });
}

export function unknownType(cause: Unknown): OptionType {
  return simpleType(
    "unknown",
    "unknown type",
    () => cause,
    (path, definitions) => {
      const [only] = definitions;
      if (only && definitions.length === 1) return force(only.value);
      return cause.reason === "error" ? evalError(`the option \`${path.join(".")}\` has no valid type`) : cause;
    },
  );
}
