// `lib.evalModules`: modules in, the fixed point of their options and config out.

import { define } from "../../eval/native.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { evalError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, attrsOf, type Lazy, List, type Value } from "../../eval/value.ts";
import { type Collected, collectModules, type ImportFile, type UnreadDefinitions } from "./collect.ts";
import type { Declared } from "./declaration.ts";
import type { AttrPath, ModuleRef } from "./definition.ts";
import type { FreeformContext } from "./freeform.ts";
import { internalModule } from "./internal-module.ts";
import { checkAndMerge } from "./merge.ts";
import { attrAt, configTag } from "./option-record.ts";
import { typeFromNix } from "./option-type.ts";
import { type DischargedDefinition, dischargeProperties, nest, type RawDefinition } from "./properties.ts";
import { type Level, mergeModules, withFreeform } from "./tree.ts";
import { nixType, readNixType } from "./types/nix-type.ts";
import { submoduleWith } from "./types/submodule.ts";

/** How options that nobody declares behave. */
export type UndeclaredPolicy =
  /** As nixpkgs: an error. */
  | "error"
  /** As a NixOS host seen without nixpkgs: merged by shape, and open. */
  | "freeform";

/** Facts about options that no module declares. */
export interface KnownOptions {
  /** A default; `read` gives the value of another option of the same configuration. */
  readonly knownDefault: (path: AttrPath, read: (path: AttrPath) => Value) => Lazy | undefined;
  readonly isKnownLevel: (path: AttrPath) => boolean;
}

export interface ModulesInput {
  readonly modules: readonly Lazy[];
  /** `specialArgs`: usable in `imports`. */
  readonly specialArgs: Attrs;
  /** Module arguments besides; `_module.args` of modules come on top. */
  readonly args?: Attrs;
  readonly prefix?: AttrPath;
  readonly class?: string;
  readonly undeclared: UndeclaredPolicy;
  /** What options without declaration and definition are known to be; only for "freeform". */
  readonly freeform?: KnownOptions;
  readonly importFile: ImportFile;
  /** The file that modules given as values are said to be in. */
  readonly file?: string;
}

export interface ModuleEvaluation {
  readonly config: Attrs;
  /** The config as modules see it, with `_module`. */
  readonly moduleConfig: Attrs;
  readonly options: Attrs;
  /** All modules, in order of collection. Forces `imports` only. */
  readonly modules: readonly ModuleRef[];
  readonly unread: readonly UnreadDefinitions[];
  /** Definitions that match no declaration. Forces the structure of all definitions. */
  unmatched(): readonly RawDefinition[];
  /** `{ config, options, type, extendModules, _module, … }` as Nix code sees it. */
  readonly value: Attrs;
}

export function evalModules(input: ModulesInput): ModuleEvaluation {
  const { prefix = [], file = "<unknown-file>" } = input;
  const config: Lazy = lazily(() => {
    const merged = finalConfig(input, { config, level: level(), definitions: definitions() });
    return openIfUnread(merged, collected().unread);
  });
  const options = lazily(() => level().options);
  const args = moduleArgs(input, config, options);
  const collected = once(() =>
    collectModules({
      modules: [internalModule(input), ...input.modules],
      args,
      argument: (name) => lazily(() => readArgument(config, name, input.specialArgs)),
      importFile: input.importFile,
      file,
    }),
  );
  // Later modules come first, as in the original: it shows in the order of merged lists.
  const modules = once(() => collected().modules.toReversed());
  const definitions = once(() => modules().flatMap(asDefinitions));
  const level = once(() => mergeModules(prefix, modules().map(asDeclared), definitions()));
  const checked = lazily(() => checkedConfig(input, config, level()));
  return {
    get config() {
      return asAttrs(force(checked));
    },
    get moduleConfig() {
      return asAttrs(force(config));
    },
    get options() {
      return level().options;
    },
    get modules() {
      return collected().modules.map((module) => module.ref);
    },
    get unread() {
      return collected().unread;
    },
    unmatched: () => level().unmatched(),
    value: evaluationValue(input, { config, checked, options }, collected),
  };
}

function once<T>(compute: () => T): () => T {
  let result: { readonly value: T } | null = null;
  return () => {
    result ??= { value: compute() };
    return result.value;
  };
}

/** The config as a set; an error of the whole becomes an open set with that error as its rest. */
function asAttrs(value: Value): Attrs {
  if (value instanceof Attrs) return value;
  return new Attrs(new Map(), value instanceof Unknown ? value : evalError("the configuration is not a set"));
}

function asDeclared(module: Collected["modules"][number]): Declared {
  return { module: module.ref, options: force(module.options) };
}

function asDefinitions(module: Collected["modules"][number]): RawDefinition[] {
  const { config: value, ref, span, doubt, freeformType: type } = module;
  const like = { module: ref, span, conditions: [], priority: null, doubt };
  if (type === null) return [{ value, ...like }];
  return [
    { value, ...like },
    { value: nest(["_module", "freeformType"], type, null), ...like },
  ];
}

/** The arguments every module function gets. */
function moduleArgs(input: ModulesInput, config: Lazy, options: Lazy): Attrs {
  const prefix = new List(input.prefix ?? []);
  const own = { config, options, specialArgs: input.specialArgs, _class: input.class ?? null, _prefix: prefix };
  const entries = new Map(Object.entries(own).map(([name, value]) => [name, new Attr(value)]));
  for (const [name, attr] of input.args?.entries ?? []) entries.set(name, attr);
  for (const [name, attr] of input.specialArgs.entries) entries.set(name, attr);
  const { specialArgs } = input;
  return new Attrs(entries, specialArgs.rest, null, (name) => specialArgs.lookup(name));
}

function readArgument(config: Lazy, name: string, specialArgs: Attrs): Value {
  const module = force(config);
  const args = module instanceof Attrs ? module.lookup("_module") : undefined;
  const set = args === undefined ? null : force(args.value);
  const named = set instanceof Attrs ? set.lookup("args") : undefined;
  const values = named === undefined ? null : force(named.value);
  const value = values instanceof Attrs ? values.lookup(name) : undefined;
  if (value !== undefined) return force(value.value);
  if (specialArgs.rest !== null) return specialArgs.rest;
  return evalError(`no module argument \`${name}\` is given`);
}

interface Merging {
  /** The fixed point itself. */
  readonly config: Lazy;
  readonly level: Level;
  readonly definitions: readonly RawDefinition[];
}

function freeformContext({ freeform }: ModulesInput, config: Lazy): FreeformContext {
  return {
    knownDefault: (path) => freeform?.knownDefault(path, (other) => readOption(config, other)),
    isKnownLevel: (path) => freeform?.isKnownLevel(path) ?? false,
  };
}

function readOption(config: Lazy, path: AttrPath): Value {
  const { attr, parent } = attrAt(force(config), path);
  if (attr !== undefined) return force(attr.value);
  if (parent instanceof Unknown) return parent;
  return new Unknown("nixpkgs-default", `the default of \`${path.join(".")}\` is only known to nixpkgs`);
}

function finalConfig(input: ModulesInput, { config, level, definitions }: Merging): Value {
  const { prefix = [] } = input;
  const freeform = freeformType(level.config);
  if (freeform !== null) return withFreeformType(prefix, level, freeform);
  if (input.undeclared === "freeform") {
    return withFreeform(prefix, level.config, () => definitions, freeformContext(input, config));
  }
  return level.config;
}

/** A module that could not be read may have declared and defined more. */
function openIfUnread(config: Value, unread: readonly UnreadDefinitions[]): Value {
  const [first] = unread;
  if (first === undefined || !(config instanceof Attrs) || config.rest !== null) return config;
  return new Attrs(
    () => config.entries,
    first.cause,
    config.tag,
    (name) => config.lookup(name),
  );
}

function moduleOption(config: Attrs, name: string): Value {
  const module = config.lookup("_module");
  const set = module === undefined ? null : force(module.value);
  const attr = set instanceof Attrs ? set.lookup(name) : undefined;
  return attr === undefined ? null : force(attr.value);
}

function freeformType(config: Attrs): Lazy | null {
  const type = moduleOption(config, "freeformType");
  return type === null ? null : type;
}

/** Declared options over what the freeform type makes of the others. */
function withFreeformType(path: AttrPath, level: Level, lazyType: Lazy): Value {
  const type = typeFromNix(lazyType, readNixType);
  if (type instanceof Unknown) return new Attrs(level.config.entries, type, configTag);
  const unmatched = lazily(() => {
    const raws = level.unmatched();
    if (raws.length === 0) return attrsOf({});
    const discharged: DischargedDefinition[] = raws.flatMap(dischargeProperties);
    return discharged.length === 0 ? attrsOf({}) : checkAndMerge(path, type, discharged);
  });
  return overlayLazily(unmatched, level.config);
}

/** `recursiveUpdate unmatched declared`, without looking at the unmatched before they are needed. */
function overlayLazily(below: Lazy, declared: Attrs): Attrs {
  const merged = (name: string, attr: Attr): Attr => {
    if (attr.constructor !== Attr) return attr;
    const value = lazily(() => {
      const own = force(attr.value);
      const set = force(below);
      const other = set instanceof Attrs ? set.lookup(name) : undefined;
      return own instanceof Attrs && other !== undefined ? overlayLazily(other.value, own) : own;
    });
    return new Attr(value, attr.span);
  };
  const declaredAttr = (name: string) => {
    const attr = declared.entries.get(name);
    return attr === undefined ? undefined : merged(name, attr);
  };
  const belowAttr = (name: string) => {
    const set = force(below);
    return set instanceof Attrs ? set.lookup(name) : undefined;
  };
  const entries = () => {
    const set = force(below);
    const all = new Map(set instanceof Attrs ? set.entries : []);
    for (const [name, attr] of declared.entries) all.set(name, merged(name, attr));
    return all;
  };
  return new Attrs(entries, null, configTag, (name) => declaredAttr(name) ?? belowAttr(name));
}

/** As nixpkgs: a definition without an option is an error of the whole configuration, unless checks are off. */
function checkedConfig(input: ModulesInput, config: Lazy, level: Level): Value {
  const whole = force(config);
  if (!(whole instanceof Attrs)) return whole;
  const lenient = input.undeclared === "freeform" || moduleOption(level.config, "check") === false;
  if (!lenient && whole.rest === null && freeformType(level.config) === null) {
    const stray = level.unmatched().find((raw) => dischargeProperties(raw).length > 0);
    if (stray) return evalError(`the option \`${strayPath(input.prefix ?? [], stray)}\` does not exist`, stray.span);
  }
  const entries = () => new Map([...whole.entries].filter(([name]) => name !== "_module"));
  const supply = (name: string) => (name === "_module" ? undefined : whole.lookup(name));
  return new Attrs(entries, whole.rest, configTag, supply);
}

function strayPath(prefix: AttrPath, stray: RawDefinition): string {
  const path = [...prefix];
  let value = force(stray.value);
  while (value instanceof Attrs && value.entries.size === 1 && path.length < prefix.length + 8) {
    const [[name, attr]] = [...value.entries] as [[string, Attr]];
    path.push(name);
    value = force(attr.value);
  }
  return path.join(".");
}

interface FixedPoint {
  /** As modules see it. */
  readonly config: Lazy;
  /** As everybody else does: checked, without `_module`. */
  readonly checked: Lazy;
  readonly options: Lazy;
}

function evaluationValue(input: ModulesInput, fixed: FixedPoint, collected: () => Collected): Attrs {
  const { config, checked, options } = fixed;
  const extend = (more: Value) => evalModules(extendInput(input, more)).value;
  return attrsOf({
    _type: "configuration",
    config: checked,
    options,
    _module: lazily(() => asAttrs(force(config)).lookup("_module")?.value as Value),
    class: input.class ?? null,
    extendModules: define("extendModules", 1, ([argument]) => extend(force(argument as Lazy))),
    type: lazily(() => nixType(submoduleOf(input))),
    graph: lazily(() => new List(collected().modules.map((module) => attrsOf({ file: module.ref.file })))),
  });
}

function submoduleOf(input: ModulesInput) {
  return submoduleWith({
    modules: input.modules,
    specialArgs: input.specialArgs,
    shorthandOnlyDefinesConfig: false,
    importFile: input.importFile,
    undeclared: input.undeclared,
  });
}

/** The input of `extendModules { modules, specialArgs, prefix }`. */
export function extendInput(input: ModulesInput, more: Value): ModulesInput {
  if (!(more instanceof Attrs)) return input;
  const modules = force(more.lookup("modules")?.value ?? null);
  const specialArgs = force(more.lookup("specialArgs")?.value ?? null);
  return {
    ...input,
    modules: [...input.modules, ...(modules instanceof List ? modules.elements : [])],
    specialArgs:
      specialArgs instanceof Attrs
        ? new Attrs(new Map([...input.specialArgs.entries, ...specialArgs.entries]), input.specialArgs.rest)
        : input.specialArgs,
  };
}
