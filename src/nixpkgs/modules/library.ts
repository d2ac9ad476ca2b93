// The module system as `lib` has it: `evalModules`, `mkOption`, properties, types, rename modules.

import { apply } from "../../eval/apply.ts";
import { argument, define, expectAttrs } from "../../eval/native.ts";
import { force, lazily, spanOf } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attrs, attrsOf, emptyAttrs, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { evalModules } from "./evaluate.ts";
import { checkAndMerge, mergeDefinitions, plainDefinition } from "./merge.ts";
import { optionFunctions } from "./option-functions.ts";
import { type OptionType, typeFromNix } from "./option-type.ts";
import { dischargeProperties, nest, overrideWith, priorities, propertyFunctions } from "./properties.ts";
import { renameFunctions } from "./renames.ts";
import { withLib } from "./special-args.ts";
import { createTypes, type TypesInput } from "./types/library.ts";
import { mergeDefaultOption, mergeEqualOption, mergeOneOption } from "./types/merging.ts";
import { definitionsFromNix, pathFromNix, readNixType } from "./types/nix-type.ts";

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
    modules: [...modules.elements, ...legacyModules(set)],
    specialArgs: withLib(specialArgs instanceof Attrs ? specialArgs : emptyAttrs, input.lib),
    prefix: prefix === undefined ? [] : pathFromNix(prefix.value),
    undeclared: "error",
    importFile: input.importFile,
    positionOf: input.positionOf,
    ...(typeof className === "string" && { class: className }),
  }).value;
}

/** What `args` and `check` of `evalModules` stand for. */
function legacyModules(set: Attrs): Lazy[] {
  const definition = (name: string, value: Lazy) => attrsOf({ config: nest(["_module", name], value, null) });
  const args = set.lookup("args");
  const check = set.lookup("check");
  return [
    ...(args ? [definition("args", args.value)] : []),
    ...(check ? [definition("check", overrideWith(priorities.default, check.value))] : []),
  ];
}

function importApply(input: ModuleLibraryInput, args: readonly Lazy[], at: Span | null): Value {
  const path = force(argument(args, 0));
  if (path === null || typeof path !== "object" || path.kind !== "path") return path;
  const module = lazily(() => apply(input.importFile(path.path, at), argument(args, 1), at));
  return attrsOf({ _file: path.path, imports: new List([module]) });
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
