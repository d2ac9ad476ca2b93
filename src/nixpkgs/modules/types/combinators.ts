// Types made of other types.

import { apply } from "../../../eval/apply.ts";
import { equalValues } from "../../../eval/equality.ts";
import { define } from "../../../eval/native.ts";
import { force, lazily } from "../../../eval/thunk.ts";
import { Unknown } from "../../../eval/unknown.ts";
import { Attr, Attrs, emptyAttrs, type Lazy, List, PartialString, typeName, type Value } from "../../../eval/value.ts";
import { functionArgs, withFunctionArgs } from "../../lib/function-values.ts";
import { mergeDefinitions } from "../merge.ts";
import { functorName, type OptionType, oncePerElement, phrase } from "../option-type.ts";
import type { DischargedDefinition } from "../properties.ts";
import { attrsOf, listOf, mergeElements, subModulesOf, toRaw } from "./collections.ts";
import { conflict, isFunction, mergeEqualOption, mergeOneOption } from "./merging.ts";
import { simpleType } from "./scalars.ts";

type Definitions = readonly DischargedDefinition[];

export const nullOr = oncePerElement(createNullOr);

function createNullOr(element: OptionType): OptionType {
  return {
    name: "nullOr",
    describe: () => `null or ${phrase(element, "noun", "conjunction")}`,
    descriptionClass: "conjunction",
    check: (value) => value === null || element.check(value),
    merge: (path, definitions) => {
      const nulls = definitions.filter((definition) => force(definition.value) === null).length;
      if (nulls === definitions.length) return null;
      return nulls > 0 ? conflict(path, definitions) : element.merge(path, definitions);
    },
    emptyValue: () => null,
    nested: () => ({ elemType: element }),
    additive: element.additive ?? false,
    mergeWith: (other) => mergeElements(other, "nullOr", element, nullOr),
    ...subModulesOf(element, nullOr, []),
  };
}

export function either(first: OptionType, second: OptionType): OptionType {
  const chosen = (definitions: Definitions) => [first, second].find((type) => allPass(type, definitions));
  const type: OptionType = {
    name: "either",
    describe: () => describeEither(first, second),
    descriptionClass: "conjunction",
    check: (value) => orElse(first.check(value), () => second.check(value)),
    merge: (path, definitions) => {
      const taken = chosen(definitions);
      return taken ? taken.merge(path, definitions) : mergeOneOption(path, definitions);
    },
    meta: (path, definitions) => chosen(definitions)?.meta?.(path, definitions) ?? emptyAttrs,
    nested: () => ({ left: first, right: second }),
    additive: (first.additive ?? false) || (second.additive ?? false),
    mergeWith: (other) => {
      const [left, right] = Object.values(other.nested?.() ?? {});
      if (functorName(other) !== "either" || !left || !right) return null;
      const [a, b] = [first.mergeWith(left), second.mergeWith(right)];
      return a === null || b === null ? null : either(a, b);
    },
  };
  return type;
}

function describeEither(first: OptionType, second: OptionType): string {
  if (first.descriptionClass === "nonRestrictiveClause") {
    return `${first.describe()}, or ${phrase(second, "noun", "conjunction")}`;
  }
  return `${phrase(first, "noun", "conjunction")} or ${phrase(second, "noun", "conjunction", "composite")}`;
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
  return others.reduce(either, first);
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
    ...simpleType("enum", () => describeEnum(values), allows),
    descriptionClass: values.length < 2 ? "noun" : "conjunction",
    mergeWith: (other) =>
      "enumValues" in other ? enumOf(withoutRepeats([...values, ...(other as EnumType).enumValues])) : null,
    enumValues: values,
  };
}

function describeEnum(values: readonly Lazy[]): string {
  const shown = values.map((lazy) => {
    const value = force(lazy);
    if (typeof value === "string") return `"${value}"`;
    return typeof value === "bigint" || typeof value === "boolean" ? String(value) : `<${typeName(value)}>`;
  });
  if (shown.length === 0) return "impossible (empty enum)";
  return shown.length === 1 ? `value ${shown[0]} (singular enum)` : `one of ${shown.join(", ")}`;
}

function withoutRepeats(values: readonly Lazy[]): readonly Lazy[] {
  const isSame = (a: Lazy, b: Lazy) => equalValues(force(a), force(b)) === true;
  return values.filter((value, index) => values.findIndex((other) => isSame(other, value)) === index);
}

/** `coercedTo from f to`: values of `from` are first turned into `to` by the Nix function. */
export function coercedTo(from: OptionType, convert: Lazy, to: OptionType): OptionType {
  const coerce = (lazy: Lazy): Value => {
    const value = force(lazy);
    return !(value instanceof Unknown) && from.check(value) === true ? apply(force(convert), value, null) : value;
  };
  const toFinal = (definitions: Definitions) =>
    definitions.map((definition) => ({ ...definition, value: lazily(() => coerce(definition.value)) }));
  return {
    name: "coercedTo",
    describe: () => `${phrase(to, "noun")} or ${phrase(from, "noun")} convertible to it`,
    check: (value) => {
      const given = from.check(value);
      const converted = given === true ? to.check(apply(force(convert), value, null)) : given;
      return orElse(converted, () => to.check(value));
    },
    merge: (path, definitions) => to.merge(path, toFinal(definitions)),
    ...(to.meta && { meta: (path, definitions) => to.meta?.(path, toFinal(definitions)) ?? emptyAttrs }),
    ...(to.emptyValue && { emptyValue: to.emptyValue }),
    nested: () => ({ coercedType: from, finalType: to }),
    additive: to.additive ?? false,
    mergeWith: () => null,
    ...subModulesOf(to, (element) => coercedTo(from, convert, element), []),
  };
}

/** `unique`: one definition, whatever the type could merge. */
export function unique(element: OptionType): OptionType {
  const { meta: _, descriptionClass, ...inner } = element;
  return {
    ...inner,
    ...(descriptionClass && { descriptionClass }),
    name: "unique",
    functorName: "unique",
    merge: (path, definitions) =>
      definitions.length === 1 ? element.merge(path, definitions) : mergeOneOption(path, definitions),
    nested: () => ({ elemType: element }),
    mergeWith: (other) => mergeElements(other, "unique", element, unique),
    ...subModulesOf(element, unique, []),
  };
}

export function addCheck(element: OptionType, test: Lazy): OptionType {
  return {
    ...element,
    functorName: functorName(element),
    mergeWith: (other) => element.mergeWith(other),
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
    describe: () => `function that evaluates to a(n) ${phrase(element, "noun", "composite")}`,
    descriptionClass: "composite",
    check: (value) => (value instanceof Unknown ? value : isFunction(value)),
    merge: (path, definitions) => mergeFunctions(path, definitions, element),
    nested: () => ({ elemType: element }),
    mergeWith: (other) => mergeElements(other, "functionTo", element, functionTo),
    ...subModulesOf(element, functionTo, [functionBody]),
  };
}

const functionBody = "<function body>";

/** A function of which each result is merged; it asks for what any of the functions asks for. */
function mergeFunctions(path: readonly string[], definitions: Definitions, element: OptionType): Value {
  const unknown = definitions.map(({ value }) => force(value)).find((value) => value instanceof Unknown);
  if (unknown) return unknown;
  const call = define("functionTo", 1, ([argument]) => {
    const results = definitions.map((definition) => ({
      ...toRaw(definition),
      value: lazily(() => apply(force(definition.value), argument as Lazy, definition.span)),
    }));
    return mergeDefinitions([...path, functionBody], element, results).value;
  });
  return withFunctionArgs(
    call,
    lazily(() => mergeFormals(definitions)),
  );
}

/** Formals by name; one may be left out when every function that names it has a default. */
function mergeFormals(definitions: Definitions): Value {
  const entries = new Map<string, Attr>();
  for (const { value, span } of definitions) {
    const formals = functionArgs(force(value), span);
    for (const [name, attr] of formals instanceof Attrs ? formals.entries : []) {
      const before = entries.get(name);
      const optional = force(attr.value) === true && (before === undefined || force(before.value) === true);
      entries.set(name, new Attr(optional, before?.span ?? attr.span));
    }
  }
  return new Attrs(entries);
}

/** `types.anything`: sets merge attr by attr, functions merge their results, everything else must be equal. */
export const anything: OptionType = {
  ...simpleType("anything", "anything", () => true),
  additive: true,
  merge: (path, definitions) => {
    const values = definitions.map((definition) => force(definition.value));
    const known = values.filter((value) => !(value instanceof Unknown));
    if (known.length > 0 && known.every(isMergeableSet)) return attrsOf(anything).merge(path, definitions);
    if (values.every((value) => value instanceof Attrs)) return mergeOneOption(path, definitions);
    // One function stays what it is: what it gives is the same.
    if (values.every(isFunction) && values.length > 1) return mergeFunctions(path, definitions, anything);
    return mergeEqualOption(path, definitions);
  },
};

function isMergeableSet(value: Value): boolean {
  return (
    value instanceof Attrs &&
    value.tag?.kind !== "derivation" &&
    !value.entries.has("outPath") &&
    !value.entries.has("__toString")
  );
}

/** Sets with a `_type`, as `luaInline`. */
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
    describe: () => `non-empty ${phrase(list, "noun")}`,
    check: (value) =>
      value instanceof List && value.elements.length === 0 ? (value.rest ?? false) : list.check(value),
    ...subModulesOf(element, nonEmptyListOf),
  };
}

/** `strMatching` and the like: the pattern is tested by the Nix builtin, as in nixpkgs. */
export function textMatching(
  name: string,
  describe: () => string,
  test: (text: string) => boolean | Unknown,
): OptionType {
  return simpleType(name, describe, (value) => {
    if (value instanceof PartialString) return value.hole;
    return typeof value === "string" && test(value);
  });
}

export function unknownType(cause: Unknown): OptionType {
  return simpleType(
    "unknown",
    "unknown type",
    () => cause,
    (_path, definitions) => {
      const [only] = definitions;
      return only && definitions.length === 1 && cause.reason !== "error" ? force(only.value) : cause;
    },
  );
}
