// What an option type is: how values are checked and how several definitions become one value.

import { force, lazily } from "../../eval/thunk.ts";
import { evalError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, type Lazy, type Tag, type Value } from "../../eval/value.ts";
import type { AttrPath } from "./definition.ts";
import type { DischargedDefinition } from "./properties.ts";

/** How the description of a type reads inside another one. */
export type DescriptionClass = "noun" | "composite" | "conjunction" | "nonRestrictiveClause";

export interface OptionType {
  readonly name: string;
  /** `description`. */
  describe(): string;
  readonly descriptionClass?: DescriptionClass;
  /** Of the type this one is a stricter form of: what tells whether two types can be merged. Without: the name. */
  readonly functorName?: string;
  /** Whether the value, forced to weak head normal form, may be of this type. */
  check(value: Value): boolean | Unknown;
  /** One value from at least one definition: all of one priority, in order, none doubtful. */
  merge(path: AttrPath, definitions: readonly DischargedDefinition[]): Value;
  /** `valueMeta`: what there is to say of the merged value besides; without: nothing. */
  meta?(path: AttrPath, definitions: readonly DischargedDefinition[]): Attrs;
  /** The value of an option that is not defined and has no default. */
  emptyValue?(): Value;
  /** The modules of a submodule type. */
  readonly subModules?: readonly Lazy[];
  /** The same submodule type (or what wraps it) with other modules. */
  withSubModules?(modules: readonly Lazy[]): OptionType;
  /** `getSubOptions`, for documentation and `options` of nested types. */
  subOptions?(prefix: AttrPath): Attrs;
  /** One type that stands for this and the other, both declared for one option; null when there is none. */
  mergeWith(other: OptionType): OptionType | null;
  /** The types it is made of, by their name in `nestedTypes`. */
  nested?(): Readonly<Record<string, OptionType>>;
  /** Whether doubtful definitions add to the value rather than replace it: lists, sets, lines. */
  readonly additive?: boolean;
}

export function functorName(type: OptionType): string {
  return type.functorName ?? type.name;
}

/** The description of a type as part of another one: in parentheses unless it is of one of the classes. */
export function phrase(type: OptionType, ...classes: readonly DescriptionClass[]): string {
  const fits = type.descriptionClass !== undefined && classes.includes(type.descriptionClass);
  return fits ? type.describe() : `(${type.describe()})`;
}

interface TypeTag extends Tag {
  readonly kind: "option-type";
  readonly type: OptionType;
}

function isTypeTag(tag: Tag | null): tag is TypeTag {
  return tag?.kind === "option-type";
}

const attrsOfType = new WeakMap<OptionType, Attrs>();

/** How a type that Nix code made says what it merges; set by the module system, which knows how to call it. */
export type NixTypeReader = (attrs: Attrs) => OptionType;

/** The type behind a Nix value: ours, or whatever a `mkOptionType` of the flake says. */
export function typeFromNix(lazy: Lazy, readNixType: NixTypeReader): OptionType | Unknown {
  const value = force(lazy);
  if (value instanceof Unknown) return value;
  if (!(value instanceof Attrs)) return evalError("expected an option type");
  return isTypeTag(value.tag) ? value.tag.type : readNixType(value);
}

/** The Nix value of a type, the same one each time. `describe` fills the attrs that Nix code may read. */
export function typeToNix(type: OptionType, describe: (type: OptionType) => Readonly<Record<string, Lazy>>): Attrs {
  const known = attrsOfType.get(type);
  if (known) return known;
  const tag: TypeTag = { kind: "option-type", type };
  const entries = () =>
    new Map(
      Object.entries({ _type: "option-type", ...describe(type) }).map(([name, value]) => [name, new Attr(value)]),
    );
  const attrs = new Attrs(entries, null, tag);
  attrsOfType.set(type, attrs);
  return attrs;
}

/** A record whose values are computed when read. */
export function lazyRecord(record: Readonly<Record<string, () => Value>>): Readonly<Record<string, Lazy>> {
  return Object.fromEntries(Object.entries(record).map(([name, compute]) => [name, lazily(compute)]));
}

/** A type made of one other, made once: flakes name `nullOr str` at every option of every submodule. */
export function oncePerElement(make: (element: OptionType) => OptionType): (element: OptionType) => OptionType {
  const made = new WeakMap<OptionType, OptionType>();
  return (element) => {
    const type = made.get(element) ?? make(element);
    made.set(element, type);
    return type;
  };
}
