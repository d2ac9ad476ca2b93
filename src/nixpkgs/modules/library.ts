// The module system as `lib` has it: `evalModules`, `mkOption`, properties, types, rename modules.

import { apply } from "../../eval/apply.ts";
import { argument, define, expectAttrs } from "../../eval/native.ts";
import { force, lazily, spanOf } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, attrsOf, emptyAttrs, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import type { AttrPath } from "./definition.ts";
import { evalModules } from "./evaluate.ts";
import { checkAndMerge, mergeDefinitions, plainDefinition } from "./merge.ts";
import { type OptionType, typeFromNix } from "./option-type.ts";
import { dischargeProperties, propertyFunctions } from "./properties.ts";
import { renameFunctions } from "./renames.ts";
import { withLib } from "./special-args.ts";
import { createTypes, isOfType, type TypesInput } from "./types/library.ts";
import { mergeDefaultOption, mergeEqualOption, mergeOneOption } from "./types/merging.ts";
import { definitionsFromNix, nixType, pathFromNix, readNixType } from "./types/nix-type.ts";
import { bool } from "./types/scalars.ts";

export type ModuleLibraryInput = TypesInput;

export interface ModuleLibrary {
  /** `lib.types`. */
  readonly types: Attrs;
  /** What `lib/modules.nix` and `lib/options.nix` export, by name. */
  readonly functions: Readonly<Record<string, Lazy>>;
}

export function createModuleLibrary(input: ModuleLibraryInput): ModuleLibrary {
  const functions = {
    ...propertyFunctions,
    ...renameFunctions,
    ...optionFunctions,
    ...mergeFunctions,
    evalModules: define("evalModules", 1, ([given], at) => evalModulesFromNix(input, given as Lazy, at)),
    setDefaultModuleLocation: define("setDefaultModuleLocation", 2, (args) =>
      attrsOf({ _file: argument(args, 0), imports: new List([argument(args, 1)]) }),
    ),
    importApply: define("importApply", 2, (args, at) => importApply(input, args, at)),
    importJSONModule: emptyAttrs,
  };
  return { types: createTypes(input), functions };
}

function evalModulesFromNix(input: ModuleLibraryInput, given: Lazy, at: Span | null): Value {
  const set = expectAttrs(given, at);
  if (set instanceof Unknown) return set;
  const modules = force(set.lookup("modules")?.value ?? null);
  if (!(modules instanceof List)) return modules instanceof Unknown ? modules : emptyAttrs;
  const specialArgs = force(set.lookup("specialArgs")?.value ?? emptyAttrs);
  const prefix = set.lookup("prefix");
  const className = force(set.lookup("class")?.value ?? null);
  return evalModules({
    modules: modules.elements,
    specialArgs: withLib(specialArgs instanceof Attrs ? specialArgs : emptyAttrs, input.lib),
    args: argsOf(set),
    prefix: prefix === undefined ? [] : pathFromNix(prefix.value),
    undeclared: "error",
    importFile: input.importFile,
    ...(typeof className === "string" && { class: className }),
  }).value;
}

function argsOf(set: Attrs): Attrs {
  const args = force(set.lookup("args")?.value ?? emptyAttrs);
  return args instanceof Attrs ? args : emptyAttrs;
}

function importApply(input: ModuleLibraryInput, args: readonly Lazy[], at: Span | null): Value {
  const path = force(argument(args, 0));
  if (path === null || typeof path !== "object" || path.kind !== "path") return path;
  const module = lazily(() => apply(input.importFile(path.path, at), argument(args, 1), at));
  return attrsOf({ _file: path.path, imports: new List([module]) });
}

function option(entries: Readonly<Record<string, Lazy>>): Attrs {
  return attrsOf({ _type: "option", ...entries });
}

const optionFunctions: Readonly<Record<string, Lazy>> = {
  mkOption: define("mkOption", 1, ([given], at) => {
    const set = expectAttrs(given as Lazy, at);
    if (set instanceof Unknown) return set;
    return set.withEntries(new Map([["_type", new Attr("option")], ...set.entries]));
  }),
  mkEnableOption: define("mkEnableOption", 1, ([name]) =>
    option({ default: false, example: true, description: name as Lazy, type: nixType(bool) }),
  ),
  mkPackageOption: define("mkPackageOption", 3, (args) => mkPackageOption(args)),
  mkPackageOptionMD: define("mkPackageOptionMD", 3, (args) => mkPackageOption(args)),
  mkSinkUndeclaredOptions: define("mkSinkUndeclaredOptions", 1, ([given]) => {
    const set = force(given as Lazy);
    return option({ internal: true, visible: false, default: false, ...(set instanceof Attrs && plainEntries(set)) });
  }),
  isOption: define("isOption", 1, ([value]) => isOfType("option", value as Lazy)),
  isOptionType: define("isOptionType", 1, ([value]) => isOfType("option-type", value as Lazy)),
};

function plainEntries(set: Attrs): Readonly<Record<string, Lazy>> {
  return Object.fromEntries([...set.entries].map(([name, attr]) => [name, attr.value]));
}

function mkPackageOption(args: readonly Lazy[]): Value {
  const settings = force(argument(args, 2));
  const setting = (name: string) => (settings instanceof Attrs ? settings.lookup(name)?.value : undefined);
  const fallback = setting("default");
  const path = fallback === undefined ? force(argument(args, 1)) : force(fallback);
  const base = { type: lazily(() => packageType), description: "The package to use." };
  if (path === null) return option({ ...base, default: null });
  const names = path instanceof List ? pathFromNix(path) : [String(path)];
  return option({ ...base, default: lazily(() => packageAt(argument(args, 0), names)) });
}

const packageType = nixType({
  ...bool,
  name: "package",
  description: "package",
  check: () => true,
  merge: mergeOneOption,
});

function packageAt(pkgs: Lazy, path: AttrPath): Value {
  let value = force(pkgs);
  for (const name of path) {
    const attr = value instanceof Attrs ? value.lookup(name) : undefined;
    value = attr === undefined ? new Unknown("package", `\`pkgs.${path.join(".")}\``) : force(attr.value);
  }
  return value;
}

function mergeWith(merge: OptionType["merge"]): (name: string) => Lazy {
  return (name) =>
    define(name, 2, (args) => merge(pathFromNix(argument(args, 0)), definitionsFromNix(argument(args, 1))));
}

const mergeFunctions: Readonly<Record<string, Lazy>> = {
  mergeDefaultOption: mergeWith(mergeDefaultOption)("mergeDefaultOption"),
  mergeOneOption: mergeWith(mergeOneOption)("mergeOneOption"),
  mergeUniqueOption: define("mergeUniqueOption", 3, (args) =>
    mergeOneOption(pathFromNix(argument(args, 1)), definitionsFromNix(argument(args, 2))),
  ),
  mergeEqualOption: mergeWith(mergeEqualOption)("mergeEqualOption"),
  mergeDefinitions: define("mergeDefinitions", 3, (args) => mergeDefinitionsFromNix(args)),
  dischargeProperties: define("dischargeProperties", 1, ([value]) => {
    const raw = plainDefinition(force(value as Lazy), { module: unknownModule, span: spanOf(value as Lazy) });
    return new List(dischargeProperties(raw).map((definition) => definition.value));
  }),
};

const unknownModule = { file: "<unknown>", importedAt: null, importedBy: null };

function mergeDefinitionsFromNix(args: readonly Lazy[]): Value {
  const path = pathFromNix(argument(args, 0));
  const type = typeFromNix(argument(args, 1), readNixType);
  if (type instanceof Unknown) return type;
  const definitions = definitionsFromNix(argument(args, 2));
  const merged = mergeDefinitions(
    path,
    type,
    definitions.map((definition) => ({ ...definition, conditions: [] })),
  );
  return attrsOf({
    mergedValue: lazily(() => checkAndMerge(path, type, merged.definitions)),
    isDefined: merged.definitions.length > 0,
    defsFinal: new List(merged.definitions.map(({ value, module }) => attrsOf({ file: module.file, value }))),
  });
}
