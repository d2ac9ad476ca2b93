// `lib.types`.

import { apply } from "../../../eval/apply.ts";
import { argument, define, expectAttrs, expectList } from "../../../eval/native.ts";
import { force } from "../../../eval/thunk.ts";
import { Unknown } from "../../../eval/unknown.ts";
import { Attr, Attrs, emptyAttrs, type Lazy, List, attrsOf as plainAttrs, type Value } from "../../../eval/value.ts";
import type { ImportFile } from "../collect.ts";
import type { OptionType } from "../option-type.ts";
import { withLib } from "../special-args.ts";
import { attrsOf, lazyAttrsOf, listOf } from "./collections.ts";
import * as combinators from "./combinators.ts";
import { mergeDefaultOption } from "./merging.ts";
import { nixType } from "./nix-type.ts";
import { readType } from "./recursive.ts";
import * as scalars from "./scalars.ts";
import { deferredModuleWith, submoduleWith } from "./submodule.ts";

/** What the types need from the rest of nixpkgs: `builtins.match` and the way files are imported. */
export interface TypesInput {
  /** `lib` itself, which every module gets, also those of submodules. */
  readonly lib: Lazy;
  readonly match: Lazy;
  readonly importFile: ImportFile;
}

function wrap(name: string, make: (element: OptionType) => OptionType): Lazy {
  return define(name, 1, ([element]) => nixType(make(readType(element as Lazy))));
}

function elementsOf(lazy: Lazy): readonly Lazy[] {
  const list = force(lazy);
  return list instanceof List ? list.elements : [];
}

const intTypes = {
  between: define("between", 2, (args) =>
    nixType(scalars.between("intBetween", force(argument(args, 0)), force(argument(args, 1)))),
  ),
  unsigned: nixType(scalars.unsigned),
  positive: nixType(scalars.positive),
  u8: nixType(scalars.sized("unsignedInt8", 8, false)),
  u16: nixType(scalars.sized("unsignedInt16", 16, false)),
  u32: nixType(scalars.sized("unsignedInt32", 32, false)),
  s8: nixType(scalars.sized("signedInt8", 8, true)),
  s16: nixType(scalars.sized("signedInt16", 16, true)),
  s32: nixType(scalars.sized("signedInt32", 32, true)),
};

const numberTypes = {
  between: define("between", 2, (args) =>
    nixType(scalars.between("numberBetween", force(argument(args, 0)), force(argument(args, 1)), "number")),
  ),
  nonnegative: nixType(scalars.simpleType("numberNonnegative", "nonnegative number", (value) => Number(value) >= 0)),
  positive: nixType(scalars.simpleType("numberPositive", "positive number", (value) => Number(value) > 0)),
};

export function createTypes(input: TypesInput): Attrs {
  return plainAttrs({ ...scalarTypes(input), ...compositeTypes(), ...moduleTypes(input) });
}

function scalarTypes({ match }: TypesInput): Readonly<Record<string, Lazy>> {
  const types = { ...namedScalars, ...storePaths };
  return {
    ...Object.fromEntries(Object.entries(types).map(([name, type]) => [name, nixType(type)])),
    ints: plainAttrs(intTypes),
    numbers: plainAttrs(numberTypes),
    port: intTypes.u16,
    strMatching: define("strMatching", 1, ([pattern]) => nixType(matching(match, pattern as Lazy))),
    separatedString: define("separatedString", 1, ([separator]) => {
      const text = force(separator as Lazy);
      return nixType(scalars.separatedString(typeof text === "string" ? text : ""));
    }),
    string: nixType(scalars.separatedString("")),
    pathWith: define("pathWith", 1, ([given]) => {
      const set = force(given as Lazy);
      const flag = (name: string) => {
        const value = force(set instanceof Attrs ? (set.lookup(name)?.value ?? null) : null);
        return typeof value === "boolean" ? value : null;
      };
      return nixType(scalars.pathWith(flag("inStore"), flag("absolute")));
    }),
  };
}

const namedScalars = {
  bool: scalars.bool,
  boolByOr: scalars.boolByOr,
  int: scalars.int,
  float: scalars.float,
  number: scalars.number,
  str: scalars.str,
  singleLineStr: scalars.singleLineStr,
  nonEmptyStr: scalars.nonEmptyStr,
  passwdEntry: scalars.str,
  lines: scalars.separatedString("\n"),
  commas: scalars.separatedString(","),
  envVar: scalars.separatedString(":"),
  path: scalars.path,
  package: scalars.packageType,
  shellPackage: scalars.packageType,
  pkgs: scalars.simpleType("pkgs", "Nixpkgs package set", (value) => value instanceof Attrs),
  attrs: scalars.attrs,
  raw: scalars.raw,
  unspecified: scalars.unspecified,
  anything: combinators.anything,
  optionType: scalars.optionTypeType,
  luaInline: combinators.taggedSet("luaInline", "lua-inline"),
  fileset: combinators.taggedSet("fileset", "fileset"),
  optionDeclaration: combinators.taggedSet("optionDeclaration", "option"),
};

const storePaths = {
  pathInStore: scalars.pathWith(true, null),
  externalPath: scalars.pathWith(false, true),
};

/** `strMatching`: the pattern must match the whole string, as `builtins.match` decides. */
function matching(match: Lazy, pattern: Lazy): OptionType {
  const test = (text: string): boolean | Unknown => {
    const result = apply(apply(force(match), pattern, null), text, null);
    return result instanceof Unknown ? result : result !== null;
  };
  return combinators.textMatching("strMatching", "string matching a pattern", test);
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
      const lazy = force(set.lookup("lazy")?.value ?? false) === true;
      return nixType(lazy ? lazyAttrsOf(element) : attrsOf(element));
    }),
    attrTag: define("attrTag", 1, ([tags], at) => {
      const set = expectAttrs(tags as Lazy, at);
      return set instanceof Unknown ? set : nixType(combinators.attrTag(tagTypes(set)));
    }),
    nullOr: wrap("nullOr", combinators.nullOr),
    uniq: wrap("uniq", combinators.uniq),
    unique: define("unique", 2, (args) => nixType(combinators.uniq(readType(argument(args, 1))))),
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
    isType: define("isType", 2, (args) => isOfType(argument(args, 0), argument(args, 1))),
    isOptionType: define("isOptionType", 1, ([value]) => isOfType("option-type", value as Lazy)),
    defaultFunctor: define("defaultFunctor", 1, ([name]) => plainAttrs({ name: name as Lazy })),
  };
}

function tagTypes(set: Attrs): ReadonlyMap<string, OptionType> {
  const types = new Map<string, OptionType>();
  for (const [name, attr] of set.entries) {
    const declared = force(attr.value);
    const type = declared instanceof Attrs ? declared.lookup("type") : undefined;
    types.set(name, type === undefined ? scalars.unspecified : readType(type.value));
  }
  return types;
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

function moduleTypes({ importFile, lib }: TypesInput): Readonly<Record<string, Lazy>> {
  return {
    submodule: define("submodule", 1, ([given]) => {
      const value = force(given as Lazy);
      const modules = value instanceof List ? value.elements : [given as Lazy];
      const shape = { specialArgs: withLib(emptyAttrs, lib), shorthandOnlyDefinesConfig: true };
      return nixType(submoduleWith({ modules, ...shape, importFile }));
    }),
    submoduleWith: define("submoduleWith", 1, ([given], at) => {
      const set = expectAttrs(given as Lazy, at);
      if (set instanceof Unknown) return set;
      const specialArgs = force(set.lookup("specialArgs")?.value ?? emptyAttrs);
      return nixType(
        submoduleWith({
          modules: elementsOf(set.lookup("modules")?.value ?? null),
          specialArgs: withLib(specialArgs instanceof Attrs ? specialArgs : emptyAttrs, lib),
          shorthandOnlyDefinesConfig: force(set.lookup("shorthandOnlyDefinesConfig")?.value ?? false) === true,
          importFile,
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
