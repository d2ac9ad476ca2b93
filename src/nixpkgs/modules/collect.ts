// From the modules given to the modules there are: imports followed, duplicates and disabled ones dropped.

import { posix } from "node:path";
import { coerceToText } from "../../eval/coerce.ts";
import { force, lazily, spanOf } from "../../eval/thunk.ts";
import { evalError, thrownError, Unknown } from "../../eval/unknown.ts";
import { type Attr, Attrs, type Lazy, List, PartialString, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import type { ModuleRef } from "./definition.ts";
import { type ImportFile, type Loaded, type LoadInput, loadModule, modulePath } from "./load-module.ts";
import type { DefinitionModuleTag } from "./types/submodule.ts";
import { knownText } from "./unify.ts";

/** A module in its structured form. */
export interface CollectedModule {
  readonly ref: ModuleRef;
  readonly key: string;
  readonly options: Lazy;
  readonly config: Lazy;
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

/** A module with the modules it imports. */
export interface StructuredModule extends CollectedModule {
  readonly imports: readonly StructuredModule[];
}

export interface Collected {
  readonly modules: readonly CollectedModule[];
  readonly unread: readonly UnreadDefinitions[];
  /** All modules as they import each other, the disabled ones among them. */
  readonly roots: readonly StructuredModule[];
  readonly isDisabled: (module: CollectedModule) => boolean;
}

export interface CollectInput extends LoadInput {
  readonly modules: readonly Lazy[];
  /** The file that modules given as values belong to. */
  readonly file: string;
  /** Below it are the modules that `disabledModules` names by relative paths. */
  readonly modulesPath: string | null;
}

interface Pending {
  readonly module: Lazy;
  readonly parent: ModuleRef | null;
  readonly file: string;
  /** The key of a module that names none and is no file. */
  readonly key: string;
  readonly doubt: Unknown | null;
  readonly at: Span | null;
  /** Where the module goes once it is read. */
  readonly siblings: StructuredModule[];
}

/** More modules than this in one evaluation is a cycle of generated imports. */
const maxModules = 20_000;

export function collectModules(input: CollectInput): Collected {
  const collecting = new Collecting(input);
  const roots = collecting.collectStructuredModules();
  const isDisabled = ({ key }: CollectedModule) => collecting.disabled.has(key);
  return { modules: filterModules(roots, isDisabled), unread: collecting.unread, roots, isDisabled };
}

/** The modules that are not disabled, reached through none that is, each key once: breadth first, as nixpkgs' closure. */
function filterModules(
  roots: readonly StructuredModule[],
  isDisabled: (module: CollectedModule) => boolean,
): readonly CollectedModule[] {
  const byKey = new Map<string, CollectedModule>();
  let level = roots;
  while (level.length > 0) {
    const fresh = level.filter((module) => {
      if (byKey.has(module.key) || isDisabled(module)) return false;
      byKey.set(module.key, module);
      return true;
    });
    level = fresh.flatMap((module) => module.imports);
  }
  return [...byKey.values()];
}

class Collecting {
  readonly unread: UnreadDefinitions[] = [];
  /** Keys that `disabledModules` names. */
  readonly disabled = new Set<string>();
  private readonly input: CollectInput;
  private readonly byKey = new Map<string, StructuredModule>();

  constructor(input: CollectInput) {
    this.input = input;
  }

  collectStructuredModules(): readonly StructuredModule[] {
    const roots: StructuredModule[] = [];
    const { modules, file } = this.input;
    let queue: Pending[] = modules.map((module, index) => {
      const at = spanOf(module);
      return { module, parent: null, file, key: anonymous("", index), doubt: null, at, siblings: roots };
    });
    while (queue.length > 0 && this.byKey.size < maxModules) queue = queue.flatMap((pending) => this.collect(pending));
    return roots;
  }

  /** Reads one module; gives what it imports. */
  private collect(pending: Pending): Pending[] {
    const loaded = loadModule(pending.module, pending.at, this.input);
    if (loaded === null) return [];
    if (loaded instanceof Unknown) {
      this.unread.push({ cause: loaded, importedAt: pending.at });
      return [];
    }
    const key = loaded.module.key ?? loaded.path ?? pending.key;
    const known = this.byKey.get(key);
    if (known) {
      pending.siblings.push(known);
      return [];
    }
    const imports: StructuredModule[] = [];
    const structured = structuredModule(loaded, pending, key, imports);
    this.byKey.set(key, structured);
    pending.siblings.push(structured);
    this.disable(loaded);
    return this.importsOf(loaded, pending, structured, imports);
  }

  private disable({ module: { disabledModules } }: Loaded): void {
    if (disabledModules === undefined) return;
    const list = force(disabledModules.value);
    for (const item of list instanceof List ? list.elements : []) {
      const key = disabledKey(force(item), this.input.modulesPath);
      if (typeof key === "string") this.disabled.add(key);
      else if (key === undefined)
        this.unread.push({ cause: noKey(disabledModules.span), importedAt: disabledModules.span });
    }
  }

  private importsOf(
    { module, value }: Loaded,
    pending: Pending,
    structured: StructuredModule,
    siblings: StructuredModule[],
  ): Pending[] {
    const definition = definitionOf(value);
    const found = module.imports.flatMap((attr) => this.elementsOf(attr));
    return found.map(({ element, doubt, span }, index) => ({
      module: definition ? tagged(element, definition) : element,
      parent: structured.ref,
      file: structured.ref.file,
      key: anonymous(structured.key, index),
      doubt: pending.doubt ?? definition?.doubt ?? doubt,
      at: spanOf(element) ?? span ?? pending.at,
      siblings,
    }));
  }

  /** What a list of imports holds, and what it may hold. */
  private elementsOf({ value, span }: Attr): readonly ImportedElement[] {
    const list = force(value);
    if (!(list instanceof List)) {
      const cause = list instanceof Unknown ? list : evalError("`imports` is not a list", span);
      this.unread.push({ cause, importedAt: span });
      return [];
    }
    const { elements, possible, rest } = list;
    if (rest !== null && possible.length === 0) this.unread.push({ cause: rest, importedAt: span });
    return [
      ...elements.map((element) => ({ element, doubt: null, span })),
      ...possible.map((element) => ({ element, doubt: rest, span })),
    ];
  }
}

interface ImportedElement {
  readonly element: Lazy;
  readonly doubt: Unknown | null;
  readonly span: Span | null;
}

function anonymous(parentKey: string, index: number): string {
  return `${parentKey}:anon-${index + 1}`;
}

function structuredModule(
  { module, value, path }: Loaded,
  pending: Pending,
  key: string,
  imports: readonly StructuredModule[],
): StructuredModule {
  const definition = definitionOf(value);
  const file = module.file ?? path ?? pending.file;
  return {
    ref: definition?.module ?? { file, importedAt: pending.at, importedBy: pending.parent },
    key,
    options: module.options,
    config: module.config,
    doubt: pending.doubt ?? definition?.doubt ?? null,
    span: definition?.span ?? pending.at,
    imports,
  };
}

function definitionOf(value: Attrs) {
  return value.tag?.kind === "definition-module" ? (value.tag as DefinitionModuleTag).definition : null;
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

/** The key of a module to leave out; null when it is not known, undefined when there can be none. */
function disabledKey(value: Value, modulesPath: string | null): string | undefined | null {
  if (value instanceof Unknown) return null;
  const isText = typeof value === "string" || value instanceof PartialString;
  const path = modulePath(value);
  if (path !== null) return relativeTo(path, modulesPath);
  if (isText) return null;
  const text = coerceToText(value, null, { lenient: true, copyPaths: false });
  if (!(text instanceof Unknown)) return knownText(text);
  const key = value instanceof Attrs ? value.lookup("key") : undefined;
  return key === undefined ? undefined : knownText(force(key.value));
}

function relativeTo(path: string, modulesPath: string | null): string | null {
  if (path.startsWith("/")) return posix.normalize(path);
  return modulesPath === null ? null : posix.join(modulesPath, path);
}

function noKey(at: Span | null): Unknown {
  return thrownError("`disabledModules` names a module without a `key`", at);
}

/** For modules that are all values: a path among them leads nowhere. */
export const noImports: ImportFile = (path, at) => evalError(`\`${path}\` cannot be imported here`, at);
