// From what stands in a list of modules to a module: a path is imported, a function called, a set unfolded.

import { apply } from "../../eval/apply.ts";
import { pathOfText } from "../../eval/coerce.ts";
import { force } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import {
  Attr,
  Attrs,
  Builtin,
  emptyAttrs,
  Lambda,
  type Lazy,
  List,
  NixPath,
  PartialString,
  typeName,
  type Value,
} from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import { knownSourceOf } from "../known-source.ts";
import { propertyType } from "./properties.ts";
import { type UnifiedModule, unifyModuleSyntax } from "./unify.ts";

export type ImportFile = (path: string, at: Span | null) => Value;

export interface LoadInput {
  /** What every module function is called with, besides its own formals. */
  readonly args: Attrs;
  /** The value of a formal that is not among `args`: `config._module.args.<name>`. */
  readonly argument: (name: string) => Lazy;
  readonly importFile: ImportFile;
  /** Modules of another class are refused; null for none. */
  readonly class: string | null;
}

export interface Loaded {
  /** The file of a module that is given by its path. */
  readonly path: string | null;
  readonly module: UnifiedModule;
  readonly value: Attrs;
}

/** Null for a module that is known to say nothing. */
export function loadModule(given: Lazy, at: Span | null, input: LoadInput): Loaded | Unknown | null {
  const value = force(given);
  const path = modulePath(value);
  const content = path === null ? value : input.importFile(path, at);
  const called = isModuleFunction(content) ? applyModuleArgs(content, input, at) : content;
  if (called instanceof Attrs) return checkModule(called, path, at, input);
  // A file of nixpkgs, or of an input that only declares options: what it says is among the facts.
  if (knownSourceOf(called)) return null;
  return notAModule(called, at);
}

/** The file a module is given by; null for one given as a value. */
export function modulePath(value: Value): string | null {
  if (value instanceof NixPath) return value.path;
  if (typeof value === "string" || value instanceof PartialString) return pathOfText(value) ?? null;
  return null;
}

function notAModule(value: Value, at: Span | null): Unknown {
  if (value instanceof Unknown) return value;
  // A string with a hole points to a file we do not have: of nixpkgs, of an input.
  if (value instanceof PartialString) return value.hole;
  const hint = value instanceof List ? "; `imports` is one level of lists" : "";
  return thrownError(`expected a module but found a ${typeName(value)}${hint}`, at);
}

function checkModule(value: Attrs, path: string | null, at: Span | null, input: LoadInput): Loaded | Unknown {
  const type = moduleTag(value);
  if (type !== null && type !== "module" && propertyType(value) === null) {
    return thrownError(`expected a module but found a value of type \`${type}\``, at);
  }
  const module = unifyModuleSyntax(value);
  if (module instanceof Unknown) return module;
  const { class: own } = module;
  if (input.class !== null && own !== null && own !== input.class) {
    return thrownError(
      `a module of class \`${own}\` cannot be imported where class \`${input.class}\` is expected`,
      at,
    );
  }
  return { path, module, value };
}

function moduleTag(value: Attrs): string | null {
  const type = value.entries.get("_type");
  const tag = type === undefined ? null : force(type.value);
  return typeof tag === "string" ? tag : null;
}

function isModuleFunction(value: Value): boolean {
  return (
    value instanceof Lambda || value instanceof Builtin || (value instanceof Attrs && value.entries.has("__functor"))
  );
}

/** Calls the module with what it asks for: arguments at hand, else `config._module.args`, read when used. */
function applyModuleArgs(fn: Value, input: LoadInput, at: Span | null): Value {
  const entries = new Map(input.args.entries);
  for (const name of formalNames(fn)) {
    if (!entries.has(name)) entries.set(name, new Attr(input.argument(name)));
  }
  // A native module names no formals: it may ask for any argument.
  const further = (name: string) => (fn instanceof Builtin ? input.argument(name) : undefined);
  return apply(fn, new Attrs(entries, input.args.rest, null, (name) => input.args.lookup(name) ?? further(name)), at);
}

function formalNames(fn: Value): readonly string[] {
  if (fn instanceof Lambda) {
    const { parameter } = fn.expr;
    return parameter.kind === "formals" ? parameter.formals.map((formal) => formal.name) : [];
  }
  if (!(fn instanceof Attrs)) return [];
  const declared = fn.lookup("__functionArgs");
  const formals = declared === undefined ? emptyAttrs : force(declared.value);
  return formals instanceof Attrs ? [...formals.entries.keys()] : [];
}
