// `lib.evalModules`: modules in, the fixed point of their options and config out.

import { define } from "../../eval/native.ts";
import { once, oncePerName } from "../../eval/once.ts";
import { force, lazily } from "../../eval/thunk.ts";
import { evalError, isError, type Reason, thrownError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, absent, attrsOf, type Lazy, List, type Value } from "../../eval/value.ts";
import { type Collected, type CollectedModule, collectModules, type UnreadDefinitions } from "./collect.ts";
import type { Declared } from "./declaration.ts";
import type { AttrPath, ModuleRef } from "./definition.ts";
import type { FreeformContext } from "./freeform.ts";
import { graphOf } from "./graph.ts";
import { internalModule } from "./internal-module.ts";
import type { ImportFile } from "./load-module.ts";
import { attrAt, configTag } from "./option-record.ts";
import { typeFromNix } from "./option-type.ts";
import type { PositionOf } from "./option-value.ts";
import { type DischargedDefinition, dischargeProperties, followDefinition, type RawDefinition } from "./properties.ts";
import { type Level, mergeModules, withFreeform } from "./tree.ts";
import { nixType, pathFromNix, readNixType } from "./types/nix-type.ts";
import { submoduleWith } from "./types/submodule.ts";
import { knownText } from "./unify.ts";

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
  /** Modules after those, looked at only when the configuration is: hosts may be listed by what other hosts are. */
  readonly laterModules?: () => readonly Lazy[];
  /** `specialArgs`: usable in `imports`. */
  readonly specialArgs: Attrs;
  readonly prefix?: AttrPath;
  readonly class?: string;
  readonly undeclared: UndeclaredPolicy;
  /** What options without declaration and definition are known to be; only for "freeform". */
  readonly freeform?: KnownOptions;
  /** What stands for a module argument that is given and not known. */
  readonly standIn?: (name: string, config: Lazy) => Lazy | undefined;
  readonly importFile: ImportFile;
  /** For `declarationPositions`. */
  readonly positionOf?: PositionOf;
  /** The file that modules given as values are said to be in. */
  readonly file?: string;
}

export interface ModuleEvaluation {
  readonly config: Attrs;
  /** As `config`, but an error of the whole is that error. */
  readonly checkedConfig: Value;
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
  const { prefix = [] } = input;
  const config: Lazy = lazily(() => {
    const merged = finalConfig(input, { config, level: level(), definitions: definitions() });
    return withUnread(input, merged, collected().unread);
  });
  const options = lazily(() => failureOf(input, collected().unread) ?? level().options);
  const fixed: FixedPoint = { config, options, checked: lazily(() => checkedConfig(input, config, level())) };
  const collected: () => Collected = once(() => collectAll(input, fixed));
  // Later modules come first, as in the original: it shows in the order of merged lists.
  const modules = once(() => collected().modules.toReversed());
  const definitions = once(() => modules().map(asDefinition));
  const level = once(() => mergeModules(prefix, modules().map(asDeclared), definitions(), input.positionOf));
  return {
    get config() {
      return asAttrs(force(fixed.checked));
    },
    get checkedConfig() {
      return force(fixed.checked);
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
    value: evaluationValue(input, fixed, collected),
  };
}

function collectAll(input: ModulesInput, { config, options }: FixedPoint): Collected {
  const modulesPath = input.specialArgs.lookup("modulesPath");
  return collectModules({
    modules: [
      ...allModules(input),
      internalModule(input, { extendModules: extendModules(input), moduleType: moduleType(input) }),
    ],
    args: moduleArgs(input, config, options),
    argument: oncePerName((name) => lazily(() => givenArgument(input, config, name))),
    importFile: input.importFile,
    file: input.file ?? "<unknown-file>",
    class: input.class ?? null,
    modulesPath: modulesPath === undefined ? null : knownText(force(modulesPath.value)),
  });
}

function allModules({ modules, laterModules }: ModulesInput): readonly Lazy[] {
  return [...modules, ...(laterModules?.() ?? [])];
}

/** The config as a set; an error of the whole becomes an open set with that error as its rest. */
function asAttrs(value: Value): Attrs {
  if (value instanceof Attrs) return value;
  return new Attrs(new Map(), value instanceof Unknown ? value : evalError("the configuration is not a set"));
}

function asDeclared(module: CollectedModule): Declared {
  return { module: module.ref, options: force(module.options), span: null };
}

function asDefinition({ config: value, ref, span, doubt }: CollectedModule): RawDefinition {
  return { value, module: ref, span, conditions: [], priority: null, doubt };
}

/** The arguments every module function gets. */
function moduleArgs(input: ModulesInput, config: Lazy, options: Lazy): Attrs {
  const { specialArgs, prefix = [] } = input;
  const own = { config, options, specialArgs, _class: input.class ?? null, _prefix: new List(prefix) };
  const entries = new Map(Object.entries(own).map(([name, value]) => [name, new Attr(value)]));
  for (const [name, attr] of specialArgs.entries) entries.set(name, attr);
  return new Attrs(entries, specialArgs.rest, null, (name) => specialArgs.lookup(name));
}

/** What is wrong in the flake itself; nothing stands in for it. */
const ownFailures: ReadonlySet<Reason> = new Set(["error", "recursion", "limit", "syntax"]);

function givenArgument(input: ModulesInput, config: Lazy, name: string): Value {
  const value = readArgument(config, name, input.specialArgs);
  if (!(value instanceof Unknown) || ownFailures.has(value.reason)) return value;
  const standIn = input.standIn?.(name, config);
  return standIn === undefined ? value : force(standIn);
}

function readArgument(config: Lazy, name: string, specialArgs: Attrs): Value {
  const module = force(config);
  if (module instanceof Unknown) return module;
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
  if (freeform !== null) return withFreeformType(input, level, freeform);
  if (input.undeclared === "freeform") {
    return withFreeform(prefix, level.config, () => definitions, freeformContext(input, config));
  }
  return level.config;
}

/** Where nothing is missing, a module that fails is a failure of the whole. */
function failureOf(input: ModulesInput, unread: readonly UnreadDefinitions[]): Unknown | null {
  if (input.undeclared !== "error") return null;
  return unread.find(({ cause }) => cause.reason === "error" || cause.reason === "recursion")?.cause ?? null;
}

/** A module that could not be read may have declared and defined more. */
function withUnread(input: ModulesInput, config: Value, unread: readonly UnreadDefinitions[]): Value {
  const failure = failureOf(input, unread);
  if (failure !== null) return failure;
  const [first] = unread;
  if (first === undefined || !(config instanceof Attrs) || config.rest !== null) return config;
  return new Attrs(
    () => config.entries,
    first.cause,
    config.tag,
    (name) => config.lookup(name) ?? absent,
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
function withFreeformType(input: ModulesInput, level: Level, lazyType: Lazy): Value {
  const { prefix: path = [] } = input;
  const type = typeFromNix(lazyType, readNixType);
  if (type instanceof Unknown) {
    return isError(type) && input.undeclared === "error" ? type : new Attrs(level.config.entries, type, configTag);
  }
  const unmatched = lazily(() => {
    const raws = level.unmatched();
    if (raws.length === 0) return attrsOf({});
    const discharged: DischargedDefinition[] = raws.flatMap(dischargeProperties);
    // Merged without a check, as in the original.
    return discharged.length === 0 ? attrsOf({}) : type.merge(path, discharged);
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
    const attr = declared.lookup(name);
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
    const [stray] = level.unmatched();
    if (stray) return strayDefinition(input.prefix ?? [], stray);
  }
  const entries = () => new Map([...whole.entries].filter(([name]) => name !== "_module"));
  const supply = (name: string) => (name === "_module" ? absent : (whole.lookup(name) ?? absent));
  return new Attrs(entries, whole.rest, configTag, supply);
}

function strayDefinition(prefix: AttrPath, stray: RawDefinition): Unknown {
  const { path, value } = followDefinition(stray.value);
  if (isError(value)) return value;
  return thrownError(`the option \`${[...prefix, ...path].join(".")}\` does not exist`, stray.span);
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
  return attrsOf({
    _type: "configuration",
    config: checked,
    options: lazily(() => {
      const whole = force(checked);
      return whole instanceof Unknown ? whole : force(options);
    }),
    _module: lazily(() => asAttrs(force(config)).lookup("_module")?.value as Value),
    class: input.class ?? null,
    extendModules: extendModules(input),
    type: moduleType(input),
    graph: lazily(() => graphOf(collected())),
  });
}

function extendModules(input: ModulesInput): Lazy {
  return define("extendModules", 1, ([more]) => evalModules(extendInput(input, force(more as Lazy))).value);
}

/** The modules as the type of a submodule. */
function moduleType(input: ModulesInput): Lazy {
  return lazily(() =>
    nixType(
      submoduleWith({
        modules: allModules(input),
        specialArgs: input.specialArgs,
        shorthandOnlyDefinesConfig: false,
        importFile: input.importFile,
        undeclared: input.undeclared,
        ...(input.positionOf && { positionOf: input.positionOf }),
        ...(input.class !== undefined && { class: input.class }),
      }),
    ),
  );
}

/** The input of `extendModules { modules, specialArgs, prefix }`. */
export function extendInput(input: ModulesInput, more: Value): ModulesInput {
  if (!(more instanceof Attrs)) return input;
  const given = (name: string) => force(more.lookup(name)?.value ?? null);
  const modules = given("modules");
  const specialArgs = given("specialArgs");
  const prefix = more.lookup("prefix");
  return {
    ...input,
    ...(prefix && { prefix: pathFromNix(prefix.value) }),
    laterModules: () => [...(input.laterModules?.() ?? []), ...(modules instanceof List ? modules.elements : [])],
    specialArgs:
      specialArgs instanceof Attrs
        ? new Attrs(new Map([...input.specialArgs.entries, ...specialArgs.entries]), input.specialArgs.rest)
        : input.specialArgs,
  };
}
