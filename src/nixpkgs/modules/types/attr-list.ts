// `types.attrListOf`: attrs whose order and repetition matter, as the arguments of a command. A set, or a list of sets
// of one attr each.

import { applyAll } from "../../../eval/apply.ts";
import { force, lazily } from "../../../eval/thunk.ts";
import { thrownError, Unknown } from "../../../eval/unknown.ts";
import { Attr, Attrs, emptyAttrs, type Lazy, List, attrsOf as namedAttrs, type Value } from "../../../eval/value.ts";
import { sortedEntries } from "../../lib/attr-entries.ts";
import type { AttrPath } from "../definition.ts";
import { mergeDefinitions } from "../merge.ts";
import { type OptionType, phrase } from "../option-type.ts";
import { type DischargedDefinition, numberOf, orders, part, priorities, propertyType } from "../properties.ts";
import { toRaw } from "./collections.ts";

type Definitions = readonly DischargedDefinition[];

export interface AttrListOptions {
  /** The value is a set of the values of each name, rather than a list. */
  readonly asAttrs: boolean;
  /** What the values of one name become in a set; null: their list. */
  readonly mergeAttrValues: Lazy | null;
}

/** One attr, without the properties around its value. */
interface Item {
  readonly key: string;
  readonly value: Lazy;
  readonly order: number;
  readonly priority: number;
  readonly definition: DischargedDefinition;
}

export function attrListWith(element: OptionType, options: AttrListOptions): OptionType {
  return {
    name: "attrListOf",
    describe: () => `attribute list of ${phrase(element, "noun", "composite")}`,
    descriptionClass: "composite",
    check: (value) => (value instanceof Unknown ? value : value instanceof List || value instanceof Attrs),
    merge: (path, definitions) => {
      const entries = mergeItems(element, path, definitions);
      if (entries instanceof Unknown) return entries;
      return options.asAttrs ? zip(entries, options.mergeAttrValues) : new List(entries.map(singleton));
    },
    meta: (path, definitions) => {
      const entries = mergeItems(element, path, definitions);
      return entries instanceof Unknown ? new Attrs(new Map(), entries) : describe(element, entries);
    },
    emptyValue: () => (options.asAttrs ? new Attrs(new Map()) : new List([])),
    nested: () => ({ elemType: element }),
    additive: true,
    mergeWith: () => null,
  };
}

interface Entry {
  readonly item: Item;
  readonly value: Lazy;
  readonly path: AttrPath;
  readonly definitions: Definitions;
}

function singleton({ item, value }: Entry): Value {
  return new Attrs(new Map([[item.key, new Attr(value, item.definition.span)]]));
}

function zip(entries: readonly Entry[], merge: Lazy | null): Value {
  const byKey = new Map<string, Lazy[]>();
  for (const { item, value } of entries) byKey.set(item.key, [...(byKey.get(item.key) ?? []), value]);
  const merged = [...byKey].map(([key, values]): [string, Attr] => {
    const list = new List(values);
    return [key, new Attr(merge === null ? list : lazily(() => applyAll(force(merge), [key, list], null)))];
  });
  return new Attrs(new Map(merged));
}

function describe(element: OptionType, entries: readonly Entry[]): Attrs {
  return namedAttrs({
    attrList: new List(entries.map(({ path, definitions }) => element.meta?.(path, definitions) ?? emptyAttrs)),
    attrListValue: new List(entries.map(singleton)),
    definitions: new List(
      entries.map((entry) =>
        namedAttrs({
          _type: "definition",
          file: entry.item.definition.module.file,
          value: namedAttrs({ _type: "order", priority: BigInt(entry.item.order), content: singleton(entry) }),
        }),
      ),
    ),
  });
}

/** The attrs in order, of each name those of the strongest priority, each merged alone. */
function mergeItems(element: OptionType, path: AttrPath, definitions: Definitions): readonly Entry[] | Unknown {
  const items: Item[] = [];
  for (const definition of definitions) {
    const own = itemsOf(path, definition);
    if (own instanceof Unknown) return own;
    items.push(...own);
  }
  const strongest = new Map<string, number>();
  for (const { key, priority } of items) {
    strongest.set(key, Math.min(priority, strongest.get(key) ?? priorities.plain));
  }
  return items
    .filter(({ key, priority }) => priority === strongest.get(key))
    .toSorted((a, b) => a.order - b.order)
    .flatMap((item) => {
      const raw = { ...toRaw(item.definition), value: item.value };
      const at = [...path, item.key];
      const { value, definitions } = mergeDefinitions(at, element, [raw]);
      return definitions.length === 0 ? [] : [{ item, value, path: at, definitions }];
    });
}

function itemsOf(path: AttrPath, definition: DischargedDefinition): readonly Item[] | Unknown {
  const value = force(definition.value);
  if (value instanceof Unknown) return value;
  if (value instanceof Attrs) {
    return sortedEntries(value).map(([key, attr]) => ({ key, definition, ...peel(attr.value) }));
  }
  const items = value instanceof List ? value.elements.map((item) => itemOf(path, definition, item)) : [];
  return items.find((item) => item instanceof Unknown) ?? (items as Item[]);
}

function itemOf(path: AttrPath, definition: DischargedDefinition, lazy: Lazy): Item | Unknown {
  const value = force(lazy);
  const outer = propertyType(value) === "order" ? numberOf(value) : null;
  const set = outer === null ? value : force(part(value, "content"));
  if (set instanceof Unknown) return set;
  const [entry] = set instanceof Attrs && set.entries.size === 1 ? set.entries : [];
  if (entry === undefined) {
    return thrownError(`each element of \`${path.join(".")}\` has to be a set of one attr`, definition.span);
  }
  const [key, attr] = entry;
  const item = { key, definition, ...peel(attr.value) };
  return outer === null ? item : { ...item, order: outer };
}

/** The order and priority around a value; a priority stays with the value too. */
function peel(lazy: Lazy): Pick<Item, "value" | "order" | "priority"> {
  const value = force(lazy);
  const type = propertyType(value);
  if (type !== "order" && type !== "override") return { value: lazy, order: orders.plain, priority: priorities.plain };
  const inner = peel(part(value, "content"));
  return type === "order" ? { ...inner, order: numberOf(value) } : { ...inner, priority: numberOf(value) };
}
