// From the modules given to the modules there are: imports followed, functions called, the shorthand form unfolded,
// duplicates and disabled ones dropped.

import { posix } from "node:path";
import { apply } from "../../eval/apply.ts";
import { pathOfText } from "../../eval/coerce.ts";
import { force, lazily, spanOf } from "../../eval/thunk.ts";
import { evalError, Unknown } from "../../eval/unknown.ts";
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
import type { ModuleRef } from "./definition.ts";
import { propertyType } from "./properties.ts";
import type { DefinitionModuleTag } from "./types/submodule.ts";

export type ImportFile = (path: string, at: Span | null) => Value;

/** A module in its structured form. */
export interface CollectedModule {
  readonly ref: ModuleRef;
  readonly key: string | null;
  readonly options: Lazy;
  readonly config: Lazy;
  readonly freeformType: Lazy | null;
  /** Why it is not certain that the module takes part. */
  readonly doubt: Unknown | null;
  /** Where its definitions are that have no place of their own: the definition it stands for, or where it is imported. */
  readonly span: Span | null;
}

/** A module that could not be read: it may declare and define anything. */
export interface UnreadDefinitions {
  readonly cause: Unknown;
  readonly importedAt: Span | null;
}

export interface Collected {
  readonly modules: readonly CollectedModule[];
  readonly unread: readonly UnreadDefinitions[];
}

export interface CollectInput {
  readonly modules: readonly Lazy[];
  /** What every module function is called with, besides its own formals. */
  readonly args: Attrs;
  /** The value of a formal that is not among `args`: `config._module.args.<name>`. */
  readonly argument: (name: string) => Lazy;
  readonly importFile: ImportFile;
  /** The file that modules given as values belong to. */
  readonly file: string;
}

interface Pending {
  readonly module: Lazy;
  readonly parent: ModuleRef | null;
  readonly file: string;
  readonly doubt: Unknown | null;
  readonly at: Span | null;
}

interface Loaded extends CollectedModule {
  readonly imports: readonly Pending[];
  readonly disabled: readonly Lazy[];
}

/** More modules than this in one evaluation is a cycle of generated imports. */
const maxModules = 20_000;

export function collectModules(input: CollectInput): Collected {
  const unread: UnreadDefinitions[] = [];
  const seen = new Set<string>();
  const loaded: Loaded[] = [];
  let queue: Pending[] = input.modules.map((module) => ({
    module,
    parent: null,
    file: input.file,
    doubt: null,
    at: spanOf(module),
  }));
  // Breadth first, each key once: the order in which nixpkgs closes over imports.
  while (queue.length > 0 && loaded.length < maxModules) {
    const next: Pending[] = [];
    for (const pending of queue) {
      const module = loadModule(pending, input, unread);
      if (module === null || (module.key !== null && seen.has(module.key))) continue;
      if (module.key !== null) seen.add(module.key);
      loaded.push(module);
      next.push(...module.imports);
    }
    queue = next;
  }
  return { modules: dropDisabled(loaded), unread };
}

function loadModule(pending: Pending, input: CollectInput, unread: UnreadDefinitions[]): Loaded | null {
  const value = force(pending.module);
  const path = modulePath(value);
  if (path !== null) {
    const file = input.importFile(path, pending.at);
    return unfold(file, { ...pending, file: path }, path, input, unread);
  }
  return unfold(value, pending, null, input, unread);
}

/** The file a module is given by; null for one given as a value. */
function modulePath(value: Value): string | null {
  if (value instanceof NixPath) return value.path;
  if (typeof value === "string" || value instanceof PartialString) return pathOfText(value) ?? null;
  return null;
}

function unfold(
  given: Value,
  pending: Pending,
  key: string | null,
  input: CollectInput,
  unread: UnreadDefinitions[],
): Loaded | null {
  const value = isFunction(given) ? callModule(given, input, pending) : given;
  const ref: ModuleRef = { file: pending.file, importedAt: pending.at, importedBy: pending.parent };
  if (value instanceof Attrs) return structure(value, pending, ref, key, unread);
  // A file of nixpkgs, or of an input that only declares options: what it says is among the facts.
  if (knownSourceOf(value)) return null;
  // A string with a hole points to a file we do not have: of nixpkgs, of an input.
  const cause =
    value instanceof Unknown
      ? value
      : value instanceof PartialString
        ? value.hole
        : evalError(`expected a module but found ${typeName(value)}`, pending.at);
  unread.push({ cause, importedAt: pending.at });
  return null;
}

function isFunction(value: Value): boolean {
  return (
    value instanceof Lambda || value instanceof Builtin || (value instanceof Attrs && value.entries.has("__functor"))
  );
}

/** Calls the module with what it asks for: arguments at hand, else `config._module.args`, read when used. */
function callModule(fn: Value, input: CollectInput, pending: Pending): Value {
  const entries = new Map(input.args.entries);
  for (const name of formalNames(fn)) {
    if (!entries.has(name)) entries.set(name, new Attr(input.argument(name)));
  }
  return apply(fn, new Attrs(entries, input.args.rest, null, (name) => input.args.lookup(name)), pending.at);
}

function formalNames(fn: Value): readonly string[] {
  if (fn instanceof Lambda) {
    const { parameter } = fn.expr;
    return parameter.kind === "formals" ? parameter.formals.map((formal) => formal.name) : [];
  }
  const declared = fn instanceof Attrs ? fn.lookup("__functionArgs") : undefined;
  const formals = declared === undefined ? emptyAttrs : force(declared.value);
  return formals instanceof Attrs ? [...formals.entries.keys()] : [];
}

const structureNames = new Set([
  "_class",
  "_file",
  "config",
  "disabledModules",
  "freeformType",
  "imports",
  "key",
  "meta",
  "options",
  "require",
]);

function structure(
  value: Attrs,
  pending: Pending,
  given: ModuleRef,
  key: string | null,
  unread: UnreadDefinitions[],
): Loaded {
  const file = textOf(value, "_file");
  const ref = file === null ? given : { ...given, file };
  const definition = definitionOf(value);
  const isStructured = value.entries.has("config") || value.entries.has("options");
  const imports = isStructured ? ["imports"] : ["require", "imports"];
  const config = isStructured ? (value.lookup("config")?.value ?? emptyAttrs) : shorthandConfig(value);
  return {
    ref: definition?.module ?? ref,
    key: textOf(value, "key") ?? key,
    options: value.lookup("options")?.value ?? emptyAttrs,
    config,
    freeformType: value.lookup("freeformType")?.value ?? null,
    doubt: pending.doubt ?? definition?.doubt ?? null,
    span: definition?.span ?? pending.at,
    imports: imports.flatMap((name) => importsOf(value, name, pending, ref, definition, unread)),
    disabled: listOf(value, "disabledModules"),
  };
}

function definitionOf(value: Attrs) {
  return value.tag?.kind === "definition-module" ? (value.tag as DefinitionModuleTag).definition : null;
}

/** Everything that is not structure is config; a property (`mkIf c { … }`) is config as a whole. */
function shorthandConfig(value: Attrs): Lazy {
  if (propertyType(value) !== null) return value;
  const entries = new Map(value.entries);
  const meta = entries.get("meta");
  for (const name of structureNames) entries.delete(name);
  if (meta !== undefined) entries.set("meta", meta);
  return value.withEntries(entries);
}

function textOf(value: Attrs, name: string): string | null {
  const attr = value.entries.get(name);
  if (attr === undefined) return null;
  const text = force(attr.value);
  if (text instanceof NixPath) return text.path;
  if (typeof text === "string") return text;
  return text instanceof PartialString ? (pathOfText(text) ?? null) : null;
}

function listOf(value: Attrs, name: string): readonly Lazy[] {
  const attr = value.entries.get(name);
  const list = attr === undefined ? null : force(attr.value);
  return list instanceof List ? list.elements : [];
}

function importsOf(
  value: Attrs,
  name: string,
  pending: Pending,
  parent: ModuleRef,
  definition: ReturnType<typeof definitionOf>,
  unread: UnreadDefinitions[],
): Pending[] {
  const attr = value.entries.get(name);
  if (attr === undefined) return [];
  const list = force(attr.value);
  if (!(list instanceof List)) {
    const cause = list instanceof Unknown ? list : evalError("`imports` is not a list", attr.span);
    unread.push({ cause, importedAt: attr.span });
    return [];
  }
  const outer = pending.doubt ?? definition?.doubt ?? null;
  const entry = (module: Lazy, doubt: Unknown | null): Pending => {
    const at = spanOf(module) ?? attr.span ?? pending.at;
    return { module: definition ? tagged(module, definition) : module, parent, file: parent.file, doubt, at };
  };
  if (list.rest !== null && list.possible.length === 0) unread.push({ cause: list.rest, importedAt: attr.span });
  return [
    ...list.elements.map((module) => entry(module, outer)),
    ...list.possible.map((module) => entry(module, outer ?? list.rest)),
  ];
}

/** A definition of a submodule that is itself a module keeps standing for that definition. */
function tagged(module: Lazy, definition: DefinitionModuleTag["definition"]): Lazy {
  return lazily(() => {
    const value = force(module);
    if (!(value instanceof Attrs) || value.entries.has("__functor")) return value;
    const tag: DefinitionModuleTag = { kind: "definition-module", definition };
    return value.withTag(tag);
  });
}

function dropDisabled(modules: readonly Loaded[]): readonly CollectedModule[] {
  const disabled = new Set<string>();
  for (const module of modules) {
    for (const item of module.disabled) {
      const name = disabledKey(force(item));
      if (name !== null) disabled.add(name);
    }
  }
  if (disabled.size === 0) return modules;
  return modules.filter((module) => module.key === null || !disabled.has(module.key));
}

function disabledKey(value: Value): string | null {
  if (value instanceof Attrs) return textOf(value, "key");
  const path = modulePath(value);
  return path === null ? null : posix.normalize(path);
}

/** For modules that are all values: a path among them leads nowhere. */
export const noImports: ImportFile = (path, at) => evalError(`\`${path}\` cannot be imported here`, at);
