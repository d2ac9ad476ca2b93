// `lib.types`.

import { apply } from "../../../eval/apply.ts";
import { argument, define, expectAttrs, expectList } from "../../../eval/native.ts";
import { selectOrUndefined } from "../../../eval/select.ts";
import { force, lazily } from "../../../eval/thunk.ts";
import { thrownError, Unknown } from "../../../eval/unknown.ts";
import { Attr, Attrs, emptyAttrs, type Lazy, List, attrsOf as plainAttrs, type Value } from "../../../eval/value.ts";
import { quoteString } from "../../lib/quoting.ts";
import type { ImportFile } from "../load-module.ts";
import type { OptionType } from "../option-type.ts";
import type { PositionOf } from "../option-value.ts";
import { withLib } from "../special-args.ts";
import { attrListWith } from "./attr-list.ts";
import { attrTag, readChoices } from "./attr-tag.ts";
import { attrsOf, attrsWith, lazyAttrsOf, listOf } from "./collections.ts";
import * as combinators from "./combinators.ts";
import { filesetType, isTagged, optionDeclaration, optionTypeType } from "./lib-types.ts";
import { mergeDefaultOption } from "./merging.ts";
import { nixType } from "./nix-type.ts";
import { absolutePath, pathWith } from "./paths.ts";
import { readType } from "./recursive.ts";
import * as scalars from "./scalars.ts";
import { deferredModuleWith, submoduleWith } from "./submodule.ts";

/** What the types need from the rest of nixpkgs: `builtins.match` and the way files are imported. */
export interface TypesInput {
  /** `lib` itself, which every module gets, also those of submodules. */
  readonly lib: Lazy;
  readonly match: Lazy;
  readonly importFile: ImportFile;
  readonly positionOf: PositionOf;
}

function wrap(name: string, make: (element: OptionType) => OptionType): Lazy {
  return define(name, 1, ([element]) => nixType(make(readType(element as Lazy))));
}

function elementsOf(lazy: Lazy): readonly Lazy[] {
  const list = force(lazy);
  return list instanceof List ? list.elements : [];
}

const number = combinators.either(scalars.int, scalars.float);

function betweenOf(type: OptionType, name: string, what: string): Lazy {
  return define("between", 2, (args) =>
    nixType(scalars.between(type, name, `${what} between`, [force(argument(args, 0)), force(argument(args, 1))])),
  );
}

const intTypes = {
  between: betweenOf(scalars.int, "intBetween", "integer"),
  unsigned: nixType(scalars.unsigned),
  positive: nixType(scalars.positive),
  u8: nixType(scalars.sized("unsignedInt8", 8, false)),
  u16: nixType(scalars.sized("unsignedInt16", 16, false)),
  u32: nixType(scalars.sized("unsignedInt32", 32, false)),
  s8: nixType(scalars.sized("signedInt8", 8, true)),
  s16: nixType(scalars.sized("signedInt16", 16, true)),
  s32: nixType(scalars.sized("signedInt32", 32, true)),
};

const anyNumber = "integer or floating point number";

function numberOf(name: string, what: string, fits: (value: number) => boolean): Lazy {
  const description = `${what.split(",")[0]} ${anyNumber}, ${what.split(",")[1]}`;
  const own = { name, describe: () => description, descriptionClass: "nonRestrictiveClause" } as const;
  return nixType(scalars.restricted(number, own, (value) => fits(Number(value))));
}

const numberTypes = {
  between: betweenOf(number, "numberBetween", anyNumber),
  nonnegative: numberOf("numberNonnegative", "nonnegative,meaning >=0", (value) => value >= 0),
  positive: numberOf("numberPositive", "positive,meaning >0", (value) => value > 0),
};

export function createTypes(input: TypesInput): Attrs {
  return plainAttrs({ ...scalarTypes(input), ...compositeTypes(), ...moduleTypes(input) });
}

function scalarTypes({ match, lib }: TypesInput): Readonly<Record<string, Lazy>> {
  return {
    ...Object.fromEntries(Object.entries(namedScalars).map(([name, type]) => [name, nixType(type)])),
    fileset: nixType(filesetType(lib)),
    ints: plainAttrs(intTypes),
    numbers: plainAttrs(numberTypes),
    port: intTypes.u16,
    strMatching: define("strMatching", 1, ([pattern]) => nixType(matching(match, pattern as Lazy))),
    separatedString: define("separatedString", 1, ([separator]) => {
      const text = force(separator as Lazy);
      return nixType(scalars.separatedString(typeof text === "string" ? text : ""));
    }),
    string: nixType(scalars.separatedString("")),
    passwdEntry: wrap("passwdEntry", scalars.passwdEntry),
    pathWith: define("pathWith", 1, ([given], at) => {
      const demand = { inStore: flag(given as Lazy, "inStore"), absolute: flag(given as Lazy, "absolute") };
      if (demand.inStore === true && demand.absolute === false) {
        return thrownError("a path in the store is absolute: `pathWith` cannot ask for both", at);
      }
      return nixType(pathWith(demand));
    }),
    serializableValueWith: define("serializableValueWith", 1, ([given]) => {
      const name = force(setting(given as Lazy, "typeName") ?? "");
      return serializable(typeof name === "string" ? name : "", flag(given as Lazy, "nullable") ?? true);
    }),
    json: lazily(() => serializable("JSON", true)),
    toml: lazily(() => serializable("TOML", false)),
  };
}

function setting(given: Lazy, name: string): Lazy | undefined {
  return selectOrUndefined(force(given), name);
}

function flag(given: Lazy, name: string): boolean | null {
  const value = force(setting(given, name) ?? null);
  return typeof value === "boolean" ? value : null;
}

/** Values that a configuration format can hold, to any depth. */
function serializable(format: string, nullable: boolean): Value {
  const value: Lazy = lazily(() => {
    const element = readType(value);
    const { bool, int, float, str } = scalars;
    const base = combinators.oneOf([bool, int, float, str, namedScalars.path, attrsOf(element), listOf(element)]);
    return nixType({ ...(nullable ? combinators.nullOr(base) : base), describe: () => `${format} value` });
  });
  return force(value);
}

const namedScalars = {
  bool: scalars.bool,
  boolByOr: scalars.boolByOr,
  int: scalars.int,
  float: scalars.float,
  number,
  str: scalars.str,
  singleLineStr: scalars.singleLineStr,
  nonEmptyStr: scalars.nonEmptyStr,
  lines: scalars.separatedString("\n"),
  commas: scalars.separatedString(","),
  envVar: scalars.separatedString(":"),
  path: absolutePath,
  pathInStore: pathWith({ inStore: true, absolute: null }),
  externalPath: pathWith({ inStore: false, absolute: true }),
  package: scalars.packageType,
  shellPackage: scalars.packageType,
  pkgs: scalars.simpleType("pkgs", "Nixpkgs package set", (value) => value instanceof Attrs),
  attrs: scalars.attrs,
  raw: scalars.raw,
  unspecified: scalars.unspecified,
  anything: combinators.anything,
  optionType: optionTypeType,
  luaInline: scalars.simpleType("luaInline", "inline lua", (value) => isTagged("lua-inline", value)),
  optionDeclaration,
};

/** `strMatching`: the pattern must match the whole string, as `builtins.match` decides. */
function matching(match: Lazy, pattern: Lazy): OptionType {
  const test = (text: string): boolean | Unknown => {
    const result = apply(apply(force(match), pattern, null), text, null);
    return result instanceof Unknown ? result : result !== null;
  };
  const text = force(pattern);
  const shown = typeof text === "string" ? text : "";
  const describe = () => `string matching the pattern ${shown}`;
  return combinators.textMatching(`strMatching ${quoteString(shown)}`, describe, test);
}

function compositeTypes(): Readonly<Record<string, Lazy>> {
  return {
    listOf: wrap("listOf", listOf),
    nonEmptyListOf: wrap("nonEmptyListOf", combinators.nonEmptyListOf),
    attrsOf: wrap("attrsOf", attrsOf),
    lazyAttrsOf: wrap("lazyAttrsOf", lazyAttrsOf),
    loaOf: wrap("loaOf", attrsOf),
    attrsWith: define("attrsWith", 1, ([given], at) => {
      const set = expectAttrs(given as Lazy, at);
      if (set instanceof Unknown) return set;
      const element = readType(set.lookup("elemType")?.value ?? nixType(scalars.unspecified));
      const placeholder = force(set.lookup("placeholder")?.value ?? "name");
      const shape = {
        lazy: flag(set, "lazy") ?? false,
        placeholder: typeof placeholder === "string" ? placeholder : "name",
      };
      return nixType(attrsWith(element, shape));
    }),
    attrListOf: wrap("attrListOf", (element) => attrListWith(element, { asAttrs: false, mergeAttrValues: null })),
    attrListWith: define("attrListWith", 1, ([given]) => {
      const element = readType(setting(given as Lazy, "elemType") ?? nixType(scalars.unspecified));
      const asAttrs = flag(given as Lazy, "asAttrs") ?? false;
      return nixType(
        attrListWith(element, { asAttrs, mergeAttrValues: setting(given as Lazy, "mergeAttrValues") ?? null }),
      );
    }),
    attrTag: define("attrTag", 1, ([tags], at) => {
      const set = expectAttrs(tags as Lazy, at);
      if (set instanceof Unknown) return set;
      const choices = readChoices(set);
      return choices instanceof Unknown ? choices : nixType(attrTag(choices));
    }),
    nullOr: wrap("nullOr", combinators.nullOr),
    uniq: wrap("uniq", combinators.unique),
    unique: define("unique", 2, (args) => nixType(combinators.unique(readType(argument(args, 1))))),
    functionTo: wrap("functionTo", combinators.functionTo),
    either: define("either", 2, (args) =>
      nixType(combinators.either(readType(argument(args, 0)), readType(argument(args, 1)))),
    ),
    oneOf: define("oneOf", 1, ([types]) => nixType(combinators.oneOf(elementsOf(types as Lazy).map(readType)))),
    enum: define("enum", 1, ([values], at) => {
      const list = expectList(values as Lazy, at);
      return list instanceof Unknown ? list : nixType(combinators.enumOf(list.elements));
    }),
    coercedTo: define("coercedTo", 3, (args) =>
      nixType(combinators.coercedTo(readType(argument(args, 0)), argument(args, 1), readType(argument(args, 2)))),
    ),
    addCheck: define("addCheck", 2, (args) =>
      nixType(combinators.addCheck(readType(argument(args, 0)), argument(args, 1))),
    ),
    mkOptionType: define("mkOptionType", 1, ([given], at) => mkOptionType(given as Lazy, at)),
    mergeTypes: define("mergeTypes", 2, (args) => {
      const [a, b] = [readType(argument(args, 0)), readType(argument(args, 1))];
      const merged = a.mergeWith(b);
      return merged === null ? plainAttrs({ _type: "merge-error", error: "Cannot merge types" }) : nixType(merged);
    }),
    isType: define("isType", 2, (args) => isOfType(argument(args, 0), argument(args, 1))),
    isOptionType: define("isOptionType", 1, ([value]) => isOfType("option-type", value as Lazy)),
    defaultFunctor: define("defaultFunctor", 1, ([name]) => plainAttrs({ name: name as Lazy })),
  };
}

export function isOfType(name: Lazy, lazy: Lazy): Value {
  const value = force(lazy);
  if (value instanceof Unknown) return value;
  const type = value instanceof Attrs ? value.lookup("_type") : undefined;
  return type !== undefined && force(type.value) === force(name);
}

/** The attrs given, with what `mkOptionType` adds when they are missing. */
function mkOptionType(given: Lazy, at: Parameters<typeof expectAttrs>[1]): Value {
  const set = expectAttrs(given, at);
  if (set instanceof Unknown) return set;
  const base = scalars.simpleType("mkOptionType", "", () => true, mergeDefaultOption);
  const name = set.lookup("name")?.value ?? "unnamed";
  const described = nixType(base);
  const own = new Map(set.entries);
  if (!own.has("description")) own.set("description", new Attr(name));
  own.set("typeMerge", own.get("typeMerge") ?? new Attr(typeMergeByName(name, () => result)));
  const result: Attrs = new Attrs(new Map([...described.entries, ...own]));
  return result;
}

function typeMergeByName(name: Lazy, self: () => Value): Lazy {
  return define("typeMerge", 1, ([functor]) => {
    const set = force(functor as Lazy);
    const other = set instanceof Attrs ? set.lookup("name")?.value : undefined;
    return other !== undefined && force(other) === force(name) ? self() : null;
  });
}

function moduleTypes({ importFile, positionOf, lib }: TypesInput): Readonly<Record<string, Lazy>> {
  return {
    submodule: define("submodule", 1, ([given]) => {
      const value = force(given as Lazy);
      const modules = value instanceof List ? value.elements : [given as Lazy];
      const shape = { specialArgs: withLib(emptyAttrs, lib), shorthandOnlyDefinesConfig: true };
      return nixType(submoduleWith({ modules, ...shape, importFile, positionOf }));
    }),
    submoduleWith: define("submoduleWith", 1, ([given], at) => {
      const set = expectAttrs(given as Lazy, at);
      if (set instanceof Unknown) return set;
      const specialArgs = force(set.lookup("specialArgs")?.value ?? emptyAttrs);
      const moduleClass = force(set.lookup("class")?.value ?? null);
      const description = force(set.lookup("description")?.value ?? null);
      return nixType(
        submoduleWith({
          modules: elementsOf(set.lookup("modules")?.value ?? null),
          specialArgs: withLib(specialArgs instanceof Attrs ? specialArgs : emptyAttrs, lib),
          shorthandOnlyDefinesConfig: flag(set, "shorthandOnlyDefinesConfig") ?? false,
          importFile,
          positionOf,
          ...(typeof moduleClass === "string" && { class: moduleClass }),
          ...(typeof description === "string" && { description }),
        }),
      );
    }),
    deferredModule: nixType(deferredModuleWith([])),
    deferredModuleWith: define("deferredModuleWith", 1, ([given], at) => {
      const set = expectAttrs(given as Lazy, at);
      if (set instanceof Unknown) return set;
      return nixType(deferredModuleWith(elementsOf(set.lookup("staticModules")?.value ?? null)));
    }),
  };
}
