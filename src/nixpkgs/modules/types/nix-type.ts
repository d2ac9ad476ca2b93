// Option types as Nix code sees them: what ours look like from there, and what types made there do here.

import { apply, applyAll } from "../../../eval/apply.ts";
import { define } from "../../../eval/native.ts";
import { selectOrUndefined } from "../../../eval/select.ts";
import { force, lazily } from "../../../eval/thunk.ts";
import { Unknown } from "../../../eval/unknown.ts";
import { Attr, Attrs, attrsOf, emptyAttrs, type Lazy, List, type Value } from "../../../eval/value.ts";
import type { AttrPath, ModuleRef } from "../definition.ts";
import {
  type DescriptionClass,
  functorName,
  lazyRecord,
  type OptionType,
  typeFromNix,
  typeToNix,
} from "../option-type.ts";
import { type DischargedDefinition, orders, priorities } from "../properties.ts";
import { mergeDefaultOption } from "./merging.ts";

/** The Nix value of a type. */
export function nixType(type: OptionType): Attrs {
  return typeToNix(type, describeType);
}

/** The attrs of a type, as `mkOptionType` gives them. */
export function describeType(type: OptionType): Readonly<Record<string, Lazy>> {
  return {
    name: type.name,
    descriptionClass: type.descriptionClass ?? null,
    deprecationMessage: null,
    check: define("check", 1, ([value]) => type.check(force(value as Lazy))),
    merge: define("merge", 2, ([path, definitions]) =>
      type.merge(pathFromNix(path as Lazy), definitionsFromNix(definitions as Lazy)),
    ),
    ...lazyRecord({
      description: () => type.describe(),
      emptyValue: () => {
        const { emptyValue } = type;
        return emptyValue === undefined ? emptyAttrs : attrsOf({ value: lazily(() => emptyValue.call(type)) });
      },
      getSubModules: () => (type.subModules ? new List(type.subModules) : null),
      nestedTypes: () => nestedTypes(type),
      functor: () => functorOf(type),
    }),
    getSubOptions: define("getSubOptions", 1, ([prefix]) =>
      type.subOptions ? type.subOptions(pathFromNix(prefix as Lazy)) : emptyAttrs,
    ),
    substSubModules: define("substSubModules", 1, ([modules]) => {
      const list = force(modules as Lazy);
      return list instanceof List && type.withSubModules ? nixType(type.withSubModules(list.elements)) : nixType(type);
    }),
    typeMerge: define("typeMerge", 1, ([functor]) => typeMerge(type, functor as Lazy)),
  };
}

function nestedTypes(type: OptionType): Attrs {
  const entries = Object.entries(type.nested?.() ?? {}).map(
    ([name, nested]) => [name, new Attr(nixType(nested))] as const,
  );
  return new Attrs(new Map(entries));
}

function functorOf(type: OptionType): Attrs {
  const [wrapped] = Object.values(type.nested?.() ?? {});
  return attrsOf({
    name: functorName(type),
    type: nixType(type),
    wrapped: wrapped ? nixType(wrapped) : null,
    payload: null,
    binOp: define("binOp", 2, ([a]) => force(a as Lazy)),
  });
}

function typeMerge(type: OptionType, functor: Lazy): Value {
  const set = force(functor);
  const other = set instanceof Attrs ? set.lookup("type")?.value : undefined;
  if (other === undefined) return null;
  const otherType = typeFromNix(other, readNixType);
  if (otherType instanceof Unknown) return otherType;
  const merged = type.mergeWith(otherType);
  return merged === null ? null : nixType(merged);
}

export function pathFromNix(lazy: Lazy): AttrPath {
  const list = force(lazy);
  if (!(list instanceof List)) return [];
  return list.elements.map((element) => {
    const name = force(element);
    return typeof name === "string" ? name : "‹unknown›";
  });
}

export function pathToNix(path: AttrPath): List {
  return new List(path);
}

/** `[ { file, value } … ]` as definitions. */
export function definitionsFromNix(lazy: Lazy): DischargedDefinition[] {
  const list = force(lazy);
  if (!(list instanceof List)) return [];
  return list.elements.map((element) => {
    const set = force(element);
    const value = set instanceof Attrs ? (set.lookup("value")?.value ?? null) : null;
    return { ...plain, module: moduleOf(set), value };
  });
}

const plain = {
  span: null,
  priority: priorities.plain,
  order: orders.plain,
  doubt: null,
  reads: new Set<object>(),
};

function moduleOf(set: Value): ModuleRef {
  const file = set instanceof Attrs ? set.lookup("file") : undefined;
  const text = file === undefined ? null : force(file.value);
  return { file: typeof text === "string" ? text : "<unknown>", importedAt: null, importedBy: null };
}

export function definitionsToNix(definitions: readonly DischargedDefinition[]): List {
  return new List(definitions.map(({ value, module }) => attrsOf({ file: module.file, value })));
}

const readTypes = new WeakMap<Attrs, OptionType>();

/** A type that Nix code made with `mkOptionType`, or by updating one of ours. */
export function readNixType(attrs: Attrs): OptionType {
  const known = readTypes.get(attrs);
  if (known) return known;
  const type = wrapNixType(attrs);
  readTypes.set(attrs, type);
  return type;
}

function wrapNixType(attrs: Attrs): OptionType {
  const call = (name: string, args: readonly Lazy[]): Value | undefined => {
    const fn = attrs.lookup(name);
    return fn === undefined ? undefined : applyAll(force(fn.value), args, fn.span);
  };
  const text = (name: string, fallback: string): string => {
    const value = force(attrs.lookup(name)?.value ?? null);
    return typeof value === "string" ? value : fallback;
  };
  const emptyValue = () => selectOrUndefined(force(attrs.lookup("emptyValue")?.value ?? null), "value");
  const subModules = force(attrs.lookup("getSubModules")?.value ?? null);
  const className = text("descriptionClass", "");
  const isEmpty = emptyValue() === undefined;
  return {
    name: text("name", "unknown"),
    describe: () => text("description", text("name", "unknown")),
    ...(isDescriptionClass(className) && { descriptionClass: className }),
    get functorName() {
      const name = selectOrUndefined(force(attrs.lookup("functor")?.value ?? null), "name");
      const known = force(name ?? null);
      return typeof known === "string" ? known : text("name", "unknown");
    },
    check: (value) => {
      if (value instanceof Unknown) return value;
      const passes = call("check", [value]) ?? true;
      return typeof passes === "boolean" || passes instanceof Unknown ? passes : false;
    },
    merge: (path, definitions) =>
      call("merge", [pathToNix(path), definitionsToNix(definitions)]) ?? mergeDefaultOption(path, definitions),
    ...(!isEmpty && { emptyValue: () => force(emptyValue() ?? null) }),
    subOptions: (prefix) => {
      const options = call("getSubOptions", [pathToNix(prefix)]);
      return options instanceof Attrs ? options : emptyAttrs;
    },
    ...(subModules instanceof List && {
      subModules: subModules.elements,
      withSubModules: (modules: readonly Lazy[]) => {
        const replaced = typeFromNix(
          lazily(() => call("substSubModules", [new List(modules)]) ?? null),
          readNixType,
        );
        return replaced instanceof Unknown ? readNixType(attrs) : replaced;
      },
    }),
    mergeWith: (other) => mergeNixTypes(attrs, other),
  };
}

const descriptionClasses = ["noun", "composite", "conjunction", "nonRestrictiveClause"] as const;

function isDescriptionClass(name: string): name is DescriptionClass {
  return descriptionClasses.some((known) => known === name);
}

function mergeNixTypes(attrs: Attrs, other: OptionType): OptionType | null {
  const typeMergeFn = attrs.lookup("typeMerge");
  if (typeMergeFn === undefined) return null;
  const merged = apply(force(typeMergeFn.value), functorOf(other), null);
  if (!(merged instanceof Attrs)) return null;
  const type = typeFromNix(merged, readNixType);
  return type instanceof Unknown ? null : type;
}
