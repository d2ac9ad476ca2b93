// Submodules: a type that is a whole evaluation of modules, and deferred modules, which are modules kept for later.

import { force, lazily } from "../../../eval/thunk.ts";
import { Unknown } from "../../../eval/unknown.ts";
import { Attr, Attrs, emptyAttrs, type Lazy, List, attrsOf as plainAttrs, type Value } from "../../../eval/value.ts";
import { noImports } from "../collect.ts";
import type { AttrPath } from "../definition.ts";
import { evalModules, type ModuleEvaluation } from "../evaluate.ts";
import type { ImportFile } from "../load-module.ts";
import { attrAt } from "../option-record.ts";
import { functorName, type OptionType, phrase, typeFromNix } from "../option-type.ts";
import type { PositionOf } from "../option-value.ts";
import { type DischargedDefinition, nest, overrideWith, priorities } from "../properties.ts";
import { isFunction } from "./merging.ts";
import { readNixType } from "./nix-type.ts";
import { isAbsolutePath } from "./paths.ts";
import { simpleType } from "./scalars.ts";

export interface SubmoduleOptions {
  readonly modules: readonly Lazy[];
  readonly specialArgs: Attrs;
  /** A set that defines the submodule is its config, never a whole module; null: as the other declarations say. */
  readonly shorthandOnlyDefinesConfig: boolean | null;
  readonly description?: string;
  readonly class?: string;
  readonly importFile: ImportFile;
  readonly positionOf?: PositionOf;
  /** For facts: options of the submodule that nobody declares are not errors. */
  readonly undeclared?: "error" | "freeform";
}

interface SubmoduleType extends OptionType {
  readonly submoduleOptions: SubmoduleOptions;
}

export function submoduleWith(options: SubmoduleOptions): SubmoduleType {
  // The value and what is said of it come from one evaluation.
  const evaluations = new WeakMap<readonly DischargedDefinition[], ModuleEvaluation>();
  const evaluated = (path: AttrPath, definitions: readonly DischargedDefinition[]) => {
    const evaluation = evaluations.get(definitions) ?? evaluateSubmodule(options, path, definitions);
    evaluations.set(definitions, evaluation);
    return evaluation;
  };
  const freeform = () => freeformTypeOf(evaluateSubmodule(options, [], []));
  return {
    name: "submodule",
    describe: () => options.description ?? describeSubmodule(freeform()),
    check: (value) =>
      value instanceof Unknown ? value : value instanceof Attrs || isFunction(value) || isAbsolutePath(value),
    merge: (path, definitions) => evaluated(path, definitions).checkedConfig,
    meta: (path, definitions) => plainAttrs({ configuration: evaluated(path, definitions).value }),
    emptyValue: () => evaluateSubmodule(options, [], []).checkedConfig,
    subModules: options.modules,
    withSubModules: (modules) => submoduleWith({ ...options, modules }),
    subOptions: (prefix) => subOptionsOf(evaluateSubmodule(options, prefix, []), prefix),
    nested: () => {
      const type = freeform();
      return type === null ? {} : { freeformType: type };
    },
    additive: true,
    mergeWith: (other) => ("submoduleOptions" in other ? mergeSubmodules(options, other as SubmoduleType) : null),
    submoduleOptions: options,
  };
}

function freeformTypeOf(evaluation: ModuleEvaluation): OptionType | null {
  const { attr } = attrAt(evaluation.moduleConfig, ["_module", "freeformType"]);
  const value = attr === undefined ? null : force(attr.value);
  if (value === null || value instanceof Unknown) return null;
  const type = typeFromNix(value, readNixType);
  return type instanceof Unknown ? null : type;
}

function describeSubmodule(freeform: OptionType | null): string {
  return freeform === null ? "submodule" : `open submodule of ${phrase(freeform, "noun", "composite")}`;
}

function subOptionsOf(evaluation: ModuleEvaluation, prefix: AttrPath): Attrs {
  const freeform = freeformTypeOf(evaluation);
  if (freeform === null) return evaluation.options;
  const below = lazily(() => freeform.subOptions?.(prefix) ?? emptyAttrs);
  return evaluation.options.withEntries(new Map(evaluation.options.entries).set("_freeformOptions", new Attr(below)));
}

/** One submodule of both; null where they contradict each other. */
function mergeSubmodules(options: SubmoduleOptions, { submoduleOptions: other }: SubmoduleType): OptionType | null {
  const shorthand = agreed(options.shorthandOnlyDefinesConfig, other.shorthandOnlyDefinesConfig);
  const moduleClass = agreed(options.class ?? null, other.class ?? null);
  const description = agreed(options.description ?? null, other.description ?? null);
  if (shorthand === undefined || moduleClass === undefined || description === undefined) return null;
  return submoduleWith({
    modules: [...options.modules, ...other.modules],
    specialArgs: new Attrs(new Map([...options.specialArgs.entries, ...other.specialArgs.entries])),
    shorthandOnlyDefinesConfig: shorthand,
    importFile: options.importFile === noImports ? other.importFile : options.importFile,
    ...((options.positionOf ?? other.positionOf) && { positionOf: options.positionOf ?? other.positionOf }),
    ...(moduleClass !== null && { class: moduleClass }),
    ...(description !== null && { description }),
    // Facts are partial: beside a declaration of the flake the submodule stays open.
    undeclared: options.undeclared === "freeform" || other.undeclared === "freeform" ? "freeform" : "error",
  });
}

/** What two declarations say, null being nothing; undefined when they say different things. */
function agreed<T>(a: T | null, b: T | null): T | null | undefined {
  if (a === null || b === null) return a ?? b;
  return a === b ? a : undefined;
}

function evaluateSubmodule(options: SubmoduleOptions, path: AttrPath, definitions: readonly DischargedDefinition[]) {
  const name = path.at(-1);
  const named = name === undefined ? [] : [nest(["_module", "args", "name"], name, null)];
  return evalModules({
    modules: [unnamed, ...options.modules, ...named, ...definitions.map((definition) => asModule(definition, options))],
    specialArgs: options.specialArgs,
    prefix: path,
    importFile: options.importFile,
    ...(options.positionOf && { positionOf: options.positionOf }),
    undeclared: options.undeclared ?? "error",
    ...(options.class !== undefined && { class: options.class }),
  });
}

const unnamed = nest(["_module", "args", "name"], overrideWith(priorities.optionDefault, "‹name›"), null);

/** A definition as a module that keeps its place and its doubt. */
function asModule(definition: DischargedDefinition, options: SubmoduleOptions): Lazy {
  const value = force(definition.value);
  const whole = isFunction(value) || isAbsolutePath(value) === true || options.shorthandOnlyDefinesConfig !== true;
  const content =
    whole && !(value instanceof Unknown) ? { imports: new List([definition.value]) } : { config: definition.value };
  const entries = Object.entries({ ...content, _file: definition.module.file });
  const attrs = new Map(entries.map(([name, entry]) => [name, new Attr(entry, definition.span)]));
  const tag: DefinitionModuleTag = { kind: "definition-module", definition };
  return new Attrs(attrs, null, tag);
}

/** Marks a module that stands for one definition: its options inherit the definition's module and doubt. */
export interface DefinitionModuleTag {
  readonly kind: "definition-module";
  readonly definition: DischargedDefinition;
}

export function deferredModuleWith(staticModules: readonly Lazy[]): OptionType {
  return {
    ...simpleType(
      "deferredModule",
      "module",
      (value) => value instanceof Attrs || isFunction(value) || isAbsolutePath(value),
      (path, definitions) => deferModules(staticModules, path, definitions),
    ),
    functorName: "deferredModuleWith",
    additive: true,
    subModules: staticModules,
    withSubModules: (modules) => deferredModuleWith(modules),
    mergeWith: (other) =>
      functorName(other) === "deferredModuleWith"
        ? deferredModuleWith([...staticModules, ...(other.subModules ?? [])])
        : null,
  };
}

function deferModules(
  staticModules: readonly Lazy[],
  path: AttrPath,
  definitions: readonly DischargedDefinition[],
): Value {
  const modules = definitions.map((definition) => {
    const file = `${definition.module.file}, via option ${path.join(".")}`;
    return withFile(file, definition.value);
  });
  return plainAttrs({ imports: new List([...staticModules, ...modules]) });
}

/** A module with a default `_file`, as `setDefaultModuleLocation` makes it. */
function withFile(file: string, module: Lazy): Lazy {
  return lazily(() => plainAttrs({ _file: file, imports: new List([module]) }));
}
