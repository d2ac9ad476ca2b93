// Lists and sets of one element type. Each attr of a set is an option of its own, with its own definitions.

import { force, lazily } from "../../../eval/thunk.ts";
import { Unknown } from "../../../eval/unknown.ts";
import {
  Attr,
  Attrs,
  emptyAttrs,
  emptyList,
  type Lazy,
  List,
  attrsOf as namedAttrs,
  type Value,
} from "../../../eval/value.ts";
import type { AttrPath } from "../definition.ts";
import { mergeDefinitions } from "../merge.ts";
import { configTag, OptionAttr, OptionRecord } from "../option-record.ts";
import { functorName, type OptionType, oncePerElement, phrase } from "../option-type.ts";
import type { DischargedDefinition, RawDefinition } from "../properties.ts";
import { definitionsOfAttr } from "./merging.ts";

type Definitions = readonly DischargedDefinition[];

export const listOf = oncePerElement(createListOf);

function createListOf(element: OptionType): OptionType {
  const type: OptionType = {
    name: "listOf",
    describe: () => `list of ${phrase(element, "noun", "composite")}`,
    descriptionClass: "composite",
    check: (value) => (value instanceof Unknown ? value : value instanceof List),
    merge: (path, definitions) => mergeLists(element, path, definitions),
    meta: (path, definitions) => namedAttrs({ list: listMeta(element, path, definitions) }),
    emptyValue: () => emptyList,
    nested: () => ({ elemType: element }),
    additive: true,
    mergeWith: (other) => mergeElements(other, "listOf", element, listOf),
    ...subModulesOf(element, listOf),
  };
  return type;
}

/** What a wrapper type says of the submodule inside it. */
export function subModulesOf(
  element: OptionType,
  wrap: (element: OptionType) => OptionType,
  placeholder: readonly string[] = ["*"],
): Pick<OptionType, "subModules" | "withSubModules" | "subOptions"> {
  const { subModules, withSubModules, subOptions } = element;
  return {
    ...(subModules && { subModules }),
    ...(withSubModules && { withSubModules: (modules) => wrap(withSubModules(modules)) }),
    ...(subOptions && { subOptions: (prefix: AttrPath) => subOptions([...prefix, ...placeholder]) }),
  };
}

export function mergeElements(
  other: OptionType,
  name: string,
  element: OptionType,
  wrap: (element: OptionType) => OptionType,
): OptionType | null {
  const [otherElement] = Object.values(other.nested?.() ?? {});
  if (functorName(other) !== name || otherElement === undefined) return null;
  const merged = element.mergeWith(otherElement);
  return merged === null ? null : wrap(merged);
}

function mergeLists(element: OptionType, path: AttrPath, definitions: Definitions): Value {
  let rest: Unknown | null = null;
  const elements: Lazy[] = [];
  const possible: Lazy[] = [];
  for (const [number, definition] of definitions.entries()) {
    const list = force(definition.value);
    if (list instanceof Unknown) {
      if (list.reason === "error") return list;
      rest ??= list;
    } else if (list instanceof List) {
      const at = (index: number) => [...path, `[definition ${number + 1}-entry ${index + 1}]`];
      for (const [index, item] of list.elements.entries()) {
        elements.push(...mergeElement(element, at(index), definition, item));
      }
      for (const item of list.possible) possible.push(...mergeElement(element, at(elements.length), definition, item));
      rest ??= list.rest;
    }
  }
  return new List(elements, rest, possible);
}

/** A list element, merged on its own; none when its `mkIf` is false. Plain elements stay what they are. */
function mergeElement(element: OptionType, path: AttrPath, definition: DischargedDefinition, item: Lazy): Lazy[] {
  const value = force(item);
  const conditional = value instanceof Attrs && value.entries.has("_type");
  if (isPlain(element) && !conditional && element.check(value) !== false) return [item];
  const raw = { ...toRaw(definition), value: item };
  const merged = lazily(() => mergeDefinitions(path, element, [raw]).value);
  return conditional && mergeDefinitions(path, element, [raw]).definitions.length === 0 ? [] : [merged];
}

const plainTypes = new Set(["str", "int", "raw", "path", "package", "bool", "number", "float"]);

/** Types whose merge of one definition is that definition: the element keeps the place where it is written. */
function isPlain(element: OptionType): boolean {
  return plainTypes.has(element.name);
}

export function toRaw(definition: DischargedDefinition): RawDefinition {
  const { value, module, span, doubt } = definition;
  return { value, module, span, conditions: [], priority: null, doubt };
}

/** `attrsWith` besides the type of the elements. */
interface AttrsShape {
  readonly lazy: boolean;
  /** What stands for a name in the paths of documentation. */
  readonly placeholder: string;
}

interface AttrsType extends OptionType {
  readonly shape: AttrsShape;
}

const plainShape: AttrsShape = { lazy: false, placeholder: "name" };

export const attrsOf = oncePerElement((element) => attrsWith(element, plainShape));

export const lazyAttrsOf = oncePerElement((element) => attrsWith(element, { ...plainShape, lazy: true }));

export function attrsWith(element: OptionType, shape: AttrsShape): AttrsType {
  const { lazy, placeholder } = shape;
  const wrap = (other: OptionType) => attrsWith(other, shape);
  return {
    name: lazy ? "lazyAttrsOf" : "attrsOf",
    functorName: "attrsWith",
    describe: () => `${lazy ? "lazy " : ""}attribute set of ${phrase(element, "noun", "composite")}`,
    descriptionClass: "composite",
    check: (value) => (value instanceof Unknown ? value : value instanceof Attrs),
    merge: (path, definitions) => mergeAttrs(element, path, definitions, lazy),
    meta: (path, definitions) => namedAttrs({ attrs: attrsMeta(element, path, definitions) }),
    emptyValue: () => emptyAttrs,
    nested: () => ({ elemType: element }),
    additive: true,
    mergeWith: (other) => mergeAttrsWith(element, shape, other),
    ...subModulesOf(element, wrap, [`<${placeholder}>`]),
    shape,
  };
}

function mergeAttrsWith(element: OptionType, shape: AttrsShape, other: OptionType): OptionType | null {
  const own = "shape" in other ? (other as AttrsType).shape : null;
  if (own === null || own.lazy !== shape.lazy) return null;
  const names = new Set([shape.placeholder, own.placeholder].filter((name) => name !== plainShape.placeholder));
  if (names.size > 1) return null;
  const [placeholder = plainShape.placeholder] = names;
  return mergeElements(other, "attrsWith", element, (merged) => attrsWith(merged, { ...shape, placeholder }));
}

function mergeAttrs(element: OptionType, path: AttrPath, definitions: Definitions, lazy: boolean): Value {
  const names = new Set<string>();
  let rest: Unknown | null = null;
  for (const definition of definitions) {
    const set = force(definition.value);
    if (set instanceof Unknown) {
      if (set.reason === "error") return set;
      rest ??= set;
    } else if (set instanceof Attrs) {
      for (const name of set.entries.keys()) names.add(name);
      rest ??= set.rest;
    }
  }
  const entries = new Map<string, Attr>();
  for (const name of names) {
    const attr = mergeAttr(element, [...path, name], definitionsOfAttr(definitions, name, !lazy), lazy);
    if (attr !== null) entries.set(name, attr);
  }
  return new Attrs(entries, rest, configTag);
}

function mergeAttr(element: OptionType, path: AttrPath, definitions: Definitions, lazy: boolean): Attr | null {
  const raws = definitions.map(toRaw);
  const record = new OptionRecord(path, () => mergeDefinitions(path, element, raws));
  const span = definitions[0]?.span ?? null;
  if (lazy) return new OptionAttr(record, span, allDoubtful(definitions));
  if (raws.every((raw) => raw.doubt === null && !mayVanish(raw.value))) return new OptionAttr(record, span);
  const winning = record.result.definitions;
  if (winning.length === 0) return null;
  return new OptionAttr(record, winning[0]?.span ?? span, allDoubtful(winning));
}

function allDoubtful(definitions: Definitions): Unknown | null {
  return definitions.every((definition) => definition.doubt !== null) ? (definitions[0]?.doubt ?? null) : null;
}

/** Whether the value is a property that may leave no definition. */
function mayVanish(lazy: Lazy): boolean {
  const value = force(lazy);
  return value instanceof Attrs && value.tag === null && value.entries.has("_type");
}

/** `valueMeta` of each element, in the order of the merged list. */
function listMeta(element: OptionType, path: AttrPath, definitions: Definitions): List {
  const metas = definitions.flatMap((definition, number) => {
    const list = force(definition.value);
    const items = list instanceof List ? list.elements : [];
    return items.flatMap((value, index) => {
      const at = [...path, `[definition ${number + 1}-entry ${index + 1}]`];
      return metaOf(element, at, [{ ...toRaw(definition), value }]) ?? [];
    });
  });
  return new List(metas);
}

function attrsMeta(element: OptionType, path: AttrPath, definitions: Definitions): Attrs {
  const names = new Set(
    definitions.flatMap((definition) => {
      const set = force(definition.value);
      return set instanceof Attrs ? [...set.entries.keys()] : [];
    }),
  );
  const entries = [...names].flatMap((name) => {
    const meta = metaOf(element, [...path, name], definitionsOfAttr(definitions, name, false).map(toRaw));
    return meta === null ? [] : ([[name, new Attr(meta)]] as const);
  });
  return new Attrs(new Map(entries));
}

/** Null when none of the definitions is in force. */
function metaOf(type: OptionType, path: AttrPath, raws: readonly RawDefinition[]): Lazy | null {
  const { definitions } = mergeDefinitions(path, type, raws);
  if (definitions.length === 0) return null;
  return type.meta?.(path, definitions) ?? emptyAttrs;
}
