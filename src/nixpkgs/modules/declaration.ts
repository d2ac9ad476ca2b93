// One option from all its declarations: types merged, attrs of `mkOption` read.

import { apply } from "../../eval/apply.ts";
import { force } from "../../eval/thunk.ts";
import { evalError, Unknown } from "../../eval/unknown.ts";
import { Attrs, type Lazy, type Value } from "../../eval/value.ts";
import type { AttrPath, ModuleRef } from "./definition.ts";
import { mergeDefinitions } from "./merge.ts";
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
  readonly attrs: ReadonlyMap<string, Lazy>;
  readonly modules: readonly ModuleRef[];
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
  return merged ?? evalError(`the option \`${path.join(".")}\` is not declared`);
}

function declarationOf(path: AttrPath, { module, options }: Declared): Declaration {
  const attrs = new Map<string, Lazy>();
  if (options instanceof Attrs) for (const [name, attr] of options.entries) attrs.set(name, attr.value);
  const type = attrs.get("type");
  const known = type === undefined ? unspecified : typeFromNix(type, readNixType);
  return {
    path,
    type: known instanceof Unknown ? unknownType(known) : known,
    default: attrs.get("default"),
    apply: attrs.get("apply"),
    readOnly: attrs.has("readOnly") && force(attrs.get("readOnly") as Lazy) === true,
    attrs,
    modules: [module],
  };
}

function combine(a: Declaration, b: Declaration): Declaration | Unknown {
  const type = combineTypes(a, b);
  const clash = ["default", "apply"].some((name) => a.attrs.has(name) && b.attrs.has(name));
  if (type === null || clash) {
    if (isNative(a)) return type === null ? b : { ...b, type };
    if (isNative(b)) return type === null ? a : { ...a, type };
    return evalError(`the option \`${a.path.join(".")}\` is declared twice`);
  }
  return {
    path: a.path,
    type,
    default: a.default ?? b.default,
    apply: a.apply ?? b.apply,
    readOnly: a.readOnly || b.readOnly,
    attrs: new Map([...b.attrs, ...a.attrs]),
    modules: [...a.modules, ...b.modules],
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
  const { path, type } = declaration;
  const withDefault = () => {
    if (declaration.default === undefined) return definitions;
    const module = declaration.modules[0] as ModuleRef;
    const value = overrideWith(priorities.optionDefault, declaration.default);
    const raw: RawDefinition = { value, module, span: null, conditions: [], priority: null, doubt: null };
    return [raw, ...definitions];
  };
  const finish = declaration.apply === undefined ? null : applyWith(declaration.apply);
  return new OptionRecord(path, () => mergeDefinitions(path, type, withDefault()), finish);
}

function applyWith(fn: Lazy): (value: Value) => Value {
  return (value) => (value instanceof Unknown ? value : apply(force(fn), value, null));
}
