// Submodules: a type that is a whole evaluation of modules, and deferred modules, which are modules kept for later.

import { force, lazily } from "../../../eval/thunk.ts";
import { Unknown } from "../../../eval/unknown.ts";
import { Attr, Attrs, emptyAttrs, type Lazy, List, attrsOf as plainAttrs, type Value } from "../../../eval/value.ts";
import type { ImportFile } from "../collect.ts";
import type { AttrPath } from "../definition.ts";
import { evalModules } from "../evaluate.ts";
import type { OptionType } from "../option-type.ts";
import type { DischargedDefinition } from "../properties.ts";
import { isFunction } from "./merging.ts";
import { isAbsolutePath, simpleType } from "./scalars.ts";

export interface SubmoduleOptions {
  readonly modules: readonly Lazy[];
  readonly specialArgs: Attrs;
  /** A set that defines the submodule is its config, never a whole module. */
  readonly shorthandOnlyDefinesConfig: boolean;
  readonly description?: string;
  readonly class?: string;
  readonly importFile: ImportFile;
  /** For facts: options of the submodule that nobody declares are not errors. */
  readonly undeclared?: "error" | "freeform";
}

interface SubmoduleType extends OptionType {
  readonly submoduleOptions: SubmoduleOptions;
}

export function submoduleWith(options: SubmoduleOptions): SubmoduleType {
  return {
    name: "submodule",
    description: options.description ?? "submodule",
    check: (value) =>
      value instanceof Unknown ? value : value instanceof Attrs || isFunction(value) || isAbsolutePath(value),
    merge: (path, definitions) => evaluateSubmodule(options, path, definitions).config,
    get emptyValue(): Value {
      return emptyAttrs;
    },
    subModules: options.modules,
    withSubModules: (modules) => submoduleWith({ ...options, modules }),
    subOptions: (prefix) => evaluateSubmodule(options, prefix, []).options,
    nested: {},
    additive: true,
    mergeWith: (other) => ("submoduleOptions" in other ? mergeSubmodules(options, other as SubmoduleType) : null),
    submoduleOptions: options,
  };
}

function mergeSubmodules(options: SubmoduleOptions, { submoduleOptions: other }: SubmoduleType): OptionType {
  return submoduleWith({
    ...options,
    modules: [...options.modules, ...other.modules],
    specialArgs: new Attrs(new Map([...options.specialArgs.entries, ...other.specialArgs.entries])),
    // Facts are partial: beside a declaration of the flake the submodule stays open.
    undeclared: options.undeclared === "freeform" || other.undeclared === "freeform" ? "freeform" : "error",
  });
}

function evaluateSubmodule(options: SubmoduleOptions, path: AttrPath, definitions: readonly DischargedDefinition[]) {
  const name = path.at(-1) ?? "‹name›";
  return evalModules({
    modules: [...options.modules, ...definitions.map((definition) => asModule(definition, options))],
    specialArgs: options.specialArgs,
    args: plainAttrs({ name }),
    prefix: path,
    importFile: options.importFile,
    undeclared: options.undeclared ?? "error",
    ...(options.class !== undefined && { class: options.class }),
  });
}

/** A definition as a module that keeps its place and its doubt. */
function asModule(definition: DischargedDefinition, options: SubmoduleOptions): Lazy {
  const value = force(definition.value);
  const whole = isFunction(value) || isAbsolutePath(value) === true || !options.shorthandOnlyDefinesConfig;
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
    additive: true,
    subModules: staticModules,
    withSubModules: (modules) => deferredModuleWith(modules),
    mergeWith: (other) =>
      other.name === "deferredModule" ? deferredModuleWith([...staticModules, ...(other.subModules ?? [])]) : null,
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
