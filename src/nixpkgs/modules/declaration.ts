// One option from all its declarations: types merged, attrs of `mkOption` read.

import { apply } from "../../eval/apply.ts";
import { force } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import { Attrs, attrsOf, type Entries, emptyAttrs, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import type { AttrPath, ModuleRef } from "./definition.ts";
import { type Merged, mergeDefinitions } from "./merge.ts";
import { OptionRecord } from "./option-record.ts";
import { type OptionType, typeFromNix } from "./option-type.ts";
import { overrideWith, priorities, type RawDefinition } from "./properties.ts";
import { unknownType } from "./types/combinators.ts";
import { readNixType } from "./types/nix-type.ts";
import { unspecified } from "./types/scalars.ts";

/** What one module declares for one name. */
export interface Declared {
  readonly module: ModuleRef;
  readonly options: Value;
  /** The attr that declares it; null at the root of a module. */
  readonly span: Span | null;
}

/** Modules that nixlint itself brings along; declarations of the flake win over theirs. */
export const nativeFile = "<native>";

export interface Declaration {
  readonly path: AttrPath;
  readonly type: OptionType;
  readonly default: Lazy | undefined;
  readonly apply: Lazy | undefined;
  readonly readOnly: boolean;
  /** The attrs of the `mkOption` calls, merged. */
  readonly attrs: Entries;
  readonly modules: readonly ModuleRef[];
  /** Where each of the modules declares it. */
  readonly spans: readonly (Span | null)[];
}

export function isOption(value: Value): value is Attrs {
  if (!(value instanceof Attrs)) return false;
  const type = value.entries.get("_type");
  return type !== undefined && force(type.value) === "option";
}

/** Several declarations of one option as one; an `Unknown` when they contradict each other. */
export function mergeOptionDeclarations(path: AttrPath, declared: readonly Declared[]): Declaration | Unknown {
  const merged = declared.reduce<Declaration | Unknown | null>((before, declaration) => {
    const next = declarationOf(path, declaration);
    if (before === null || before instanceof Unknown) return before ?? next;
    return combine(before, next);
  }, null);
  return merged ?? thrownError(`the option \`${path.join(".")}\` is not declared`);
}

export function declarationOf(path: AttrPath, { module, options, span }: Declared): Declaration {
  const attrs = options instanceof Attrs ? options.entries : noAttrs;
  const type = attrs.get("type")?.value;
  const known = type === undefined ? unspecified : typeFromNix(type, readNixType);
  return {
    path,
    type: known instanceof Unknown ? unknownType(known) : locateSubModules(known, module),
    default: attrs.get("default")?.value,
    apply: attrs.get("apply")?.value,
    readOnly: force(attrs.get("readOnly")?.value ?? false) === true,
    attrs,
    modules: [module],
    spans: [span],
  };
}

const noAttrs: Entries = new Map();

/** The modules of a submodule are in the file that declares the option, unless they say otherwise. */
function locateSubModules(type: OptionType, { file }: ModuleRef): OptionType {
  const { subModules, withSubModules } = type;
  if (!subModules || !withSubModules || subModules.length === 0) return type;
  return withSubModules.call(
    type,
    subModules.map((module) => attrsOf({ _file: file, imports: new List([module]) })),
  );
}

/** Attrs of which only one declaration may have one. */
const single = ["apply", "default", "description", "example"];

function combine(a: Declaration, b: Declaration): Declaration | Unknown {
  const type = combineTypes(a, b);
  const clash = single.some((name) => a.attrs.has(name) && b.attrs.has(name));
  if (type === null || clash) {
    if (isNative(a)) return type === null ? b : { ...b, type };
    if (isNative(b)) return type === null ? a : { ...a, type };
    return thrownError(`the option \`${a.path.join(".")}\` is declared twice`, b.spans.at(-1) ?? null);
  }
  return {
    path: a.path,
    type,
    default: a.default ?? b.default,
    apply: a.apply ?? b.apply,
    readOnly: a.readOnly || b.readOnly,
    attrs: new Map([...b.attrs, ...a.attrs]),
    modules: [...a.modules, ...b.modules],
    spans: [...a.spans, ...b.spans],
  };
}

function combineTypes(a: Declaration, b: Declaration): OptionType | null {
  if (!a.attrs.has("type")) return b.type;
  if (!b.attrs.has("type")) return a.type;
  return a.type.mergeWith(b.type);
}

function isNative(declaration: Declaration): boolean {
  return declaration.modules.every((module) => module.file === nativeFile);
}

/** The option with its definitions; the default is one of them, of the weakest priority. */
export function evalOptionValue(declaration: Declaration, definitions: readonly RawDefinition[]): OptionRecord {
  const merge = () => mergeOption(declaration, definitions);
  return new OptionRecord(declaration.path, merge, (value) => finishOption(declaration, value));
}

export function mergeOption(declaration: Declaration, definitions: readonly RawDefinition[]): Merged {
  if (definitions.length === 0 && isPlainDefault(declaration.default)) return mergeDefault(declaration);
  const { path, type } = declaration;
  const all = withDefault(declaration, definitions);
  const merged = mergeDefinitions(path, type, all);
  return declaration.readOnly && all.length > 1 ? { ...merged, value: setTwice(path, all) } : merged;
}

/** From the merged value to that of the option. */
export function finishOption(declaration: Declaration, value: Value): Value {
  return declaration.apply === undefined ? value : apply(force(declaration.apply), value, null);
}

/** Values that say the same wherever they stand, as most defaults of facts. */
function isPlainDefault(lazy: Lazy | undefined): lazy is Value {
  if (lazy === undefined || lazy === emptyAttrs) return lazy === emptyAttrs;
  if (lazy instanceof List) return lazy.elements.length === 0 && lazy.rest === null;
  return lazy === null || typeof lazy !== "object";
}

/** By declaration: hosts and submodules share those of facts. */
const mergedDefaults = new WeakMap<Entries, Merged>();

/** What nobody defines, in one step. */
function mergeDefault(declaration: Declaration): Merged {
  const known = mergedDefaults.get(declaration.attrs);
  if (known !== undefined) return known;
  const { path, type } = declaration;
  const merged = mergeDefinitions(path, type, withDefault(declaration, []));
  if (isNative(declaration)) mergedDefaults.set(declaration.attrs, merged);
  return merged;
}

function setTwice(path: AttrPath, definitions: readonly RawDefinition[]): Unknown {
  const message = `the option \`${path.join(".")}\` is read-only, but it is set multiple times`;
  return thrownError(message, definitions.at(-1)?.span ?? null);
}

function withDefault(declaration: Declaration, definitions: readonly RawDefinition[]): readonly RawDefinition[] {
  if (declaration.default === undefined) return definitions;
  const module = declaration.modules[0] as ModuleRef;
  const value = overrideWith(priorities.optionDefault, declaration.default);
  return [{ value, module, span: null, conditions: [], priority: null, doubt: null }, ...definitions];
}
