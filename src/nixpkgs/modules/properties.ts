// `mkIf`, `mkMerge`, `mkOverride`, `mkOrder`: what a definition may be wrapped in, and how the wrapping is undone.

import { define, expectBool, expectList } from "../../eval/native.ts";
import { type Read, recordReads } from "../../eval/reads.ts";
import { force, spanOf } from "../../eval/thunk.ts";
import { evalError, Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, attrsOf, type Builtin, type Lazy, List, type Value } from "../../eval/value.ts";
import type { Span } from "../../source/span.ts";
import type { AttrPath, ModuleRef } from "./definition.ts";

export const priorities = { force: 50, plain: 100, default: 1000, optionDefault: 1500 } as const;
export const orders = { before: 500, plain: 1000, after: 1500 } as const;

/** A definition on its way down the option tree: its conditions are not decided yet. */
export interface RawDefinition {
  readonly value: Lazy;
  readonly module: ModuleRef;
  readonly span: Span | null;
  readonly conditions: readonly Lazy[];
  /** Of an enclosing `mkOverride`, outermost first; null for none. */
  readonly priority: number | null;
  /** Why it is not certain that the definition is there at all; null when it is. */
  readonly doubt: Unknown | null;
}

/** A definition whose conditions hold, or may hold. */
export interface DischargedDefinition {
  readonly value: Lazy;
  readonly module: ModuleRef;
  readonly span: Span | null;
  readonly priority: number;
  readonly order: number;
  readonly doubt: Unknown | null;
  /** Options read to decide the conditions. */
  readonly reads: ReadonlySet<Read>;
}

const propertyTypes = new Set(["definition", "if", "merge", "order", "override"]);

/** The kind of property a value is; null for a plain value. */
export function propertyType(value: Value): string | null {
  if (!(value instanceof Attrs)) return null;
  const type = value.tag === null ? value.entries.get("_type") : undefined;
  if (type === undefined) return null;
  const name = force(type.value);
  return typeof name === "string" && propertyTypes.has(name) ? name : null;
}

export function part(property: Value, name: string): Lazy {
  const attr = property instanceof Attrs ? property.lookup(name) : undefined;
  return attr === undefined ? evalError(`a property without \`${name}\``) : attr.value;
}

/** The contents of a `mkMerge`, each a definition of its own; what may be among them is doubtful. */
function mergeContents(raw: RawDefinition, value: Value): RawDefinition[] {
  const contents = expectList(part(value, "contents"), raw.span);
  if (contents instanceof Unknown) return [{ ...raw, value: contents, doubt: raw.doubt ?? contents }];
  const all = contents.elements.map((element) => ({ ...raw, value: element }));
  if (contents.rest === null) return all;
  const doubt = contents.rest;
  for (const element of contents.possible) all.push({ ...raw, value: element, doubt });
  if (contents.possible.length === 0) all.push({ ...raw, value: doubt, doubt });
  return all;
}

export function numberOf(property: Value): number {
  const priority = force(part(property, "priority"));
  return typeof priority === "bigint" || typeof priority === "number" ? Number(priority) : priorities.plain;
}

/**
 * Expands `mkMerge` and moves the other properties from the value to the definition, so that children can inherit
 * them. Forces contents, never conditions: that is what lets conditions refer to the whole configuration.
 */
export function pushDownProperties(raw: RawDefinition): RawDefinition[] {
  const value = force(raw.value);
  switch (propertyType(value)) {
    case "merge":
      return mergeContents(raw, value).flatMap(pushDownProperties);
    case "if":
      return pushDownProperties({
        ...raw,
        value: part(value, "content"),
        conditions: [...raw.conditions, part(value, "condition")],
      });
    case "override":
      return pushDownProperties({ ...raw, value: part(value, "content"), priority: raw.priority ?? numberOf(value) });
    case "order":
      return pushDownProperties({ ...raw, value: part(value, "content") });
    default:
      return [raw];
  }
}

const noReads: ReadonlySet<Read> = new Set();

/** Decides the conditions, outermost first, and unwraps the value. False conditions give nothing. */
export function dischargeProperties(raw: RawDefinition): DischargedDefinition[] {
  if (raw.conditions.length === 0) return unwrap(raw, noReads);
  const { result, reads } = recordReads(() => decide(raw.conditions, raw.span));
  if (result === false) return [];
  const doubt = raw.doubt ?? (result instanceof Unknown ? result : null);
  return unwrap({ ...raw, conditions: [], doubt }, reads);
}

/** All of the conditions: false as soon as one is. */
function decide(conditions: readonly Lazy[], at: Span | null): boolean | Unknown {
  let undecided: Unknown | null = null;
  for (const condition of conditions) {
    const holds = expectBool(condition, spanOf(condition) ?? at);
    if (holds === false) return false;
    if (holds instanceof Unknown) undecided ??= holds;
  }
  return undecided ?? true;
}

/**
 * Conditions and merges come off first, then one override, then one order: what is wrapped in another order than that
 * is a value, as in the original.
 */
function unwrap(raw: RawDefinition, reads: ReadonlySet<Read>): DischargedDefinition[] {
  const value = force(raw.value);
  const type = propertyType(value);
  if (type === "order") return [stripOrder(raw, value, reads)];
  if (raw.priority !== null) return [discharged(raw, reads)];
  switch (type) {
    case "merge":
      return mergeContents(raw, value).flatMap((content) => unwrap(content, reads));
    case "if":
      return dischargeProperties({ ...raw, value: part(value, "content"), conditions: [part(value, "condition")] }).map(
        (inner) => ({ ...inner, reads: new Set([...reads, ...inner.reads]) }),
      );
    case "definition":
      return unwrap({ ...raw, value: part(value, "value"), module: definingModule(raw, value) }, reads);
    case "override":
      return unwrap({ ...raw, value: part(value, "content"), priority: numberOf(value) }, reads);
    default:
      return [discharged(raw, reads)];
  }
}

function stripOrder(raw: RawDefinition, value: Value, reads: ReadonlySet<Read>): DischargedDefinition {
  return { ...discharged({ ...raw, value: part(value, "content") }, reads), order: numberOf(value) };
}

function discharged(raw: RawDefinition, reads: ReadonlySet<Read>): DischargedDefinition {
  const { value, module, span, doubt } = raw;
  return {
    value,
    module,
    span,
    priority: raw.priority ?? priorities.plain,
    order: orders.plain,
    doubt,
    reads,
  };
}

/** `mkDefinition` says in which file its value is defined. */
function definingModule({ module }: RawDefinition, value: Value): ModuleRef {
  const file = force(part(value, "file"));
  return typeof file === "string" ? { ...module, file } : module;
}

function property(type: string, entries: Readonly<Record<string, Lazy>>): Attrs {
  return attrsOf({ _type: type, ...entries });
}

function mkOverride(priority: Lazy, content: Lazy): Attrs {
  return property("override", { priority, content });
}

function mkOrder(priority: Lazy, content: Lazy): Attrs {
  return property("order", { priority, content });
}

function overrideOf(name: string, priority: number): Builtin {
  return define(name, 1, ([content]) => mkOverride(BigInt(priority), content as Lazy));
}

function orderOf(name: string, priority: number): Builtin {
  return define(name, 1, ([content]) => mkOrder(BigInt(priority), content as Lazy));
}

/** The property functions of `lib`, by name. */
export const propertyFunctions: Readonly<Record<string, Lazy>> = {
  mkIf: define("mkIf", 2, ([condition, content]) =>
    property("if", { condition: condition as Lazy, content: content as Lazy }),
  ),
  mkAssert: define("mkAssert", 3, ([condition, message, content]) => {
    const failed = define("throw", 1, () => new Unknown("error", String(force(message as Lazy))));
    const holds = force(condition as Lazy);
    return holds === false ? failed.run([], null) : property("if", { condition: true, content: content as Lazy });
  }),
  mkMerge: define("mkMerge", 1, ([contents]) => property("merge", { contents: contents as Lazy })),
  mkOverride: define("mkOverride", 2, ([priority, content]) => mkOverride(priority as Lazy, content as Lazy)),
  mkOptionDefault: overrideOf("mkOptionDefault", priorities.optionDefault),
  mkDefault: overrideOf("mkDefault", priorities.default),
  mkImageMediaOverride: overrideOf("mkImageMediaOverride", 60),
  mkForce: overrideOf("mkForce", priorities.force),
  mkVMOverride: overrideOf("mkVMOverride", 10),
  mkStrict: overrideOf("mkStrict", 0),
  mkFixStrictness: define("mkFixStrictness", 1, ([content]) => force(content as Lazy)),
  mkOrder: define("mkOrder", 2, ([priority, content]) => mkOrder(priority as Lazy, content as Lazy)),
  mkBefore: orderOf("mkBefore", orders.before),
  mkAfter: orderOf("mkAfter", orders.after),
  defaultOverridePriority: BigInt(priorities.plain),
  defaultPriority: BigInt(priorities.plain),
  defaultOrderPriority: BigInt(orders.plain),
};

/** A set with one attr, as `setAttrByPath` would build it around a definition. */
export function nest(path: readonly string[], value: Lazy, span: Span | null): Lazy {
  let nested = value;
  for (const name of [...path].reverse()) nested = new Attrs(new Map([[name, new Attr(nested, span)]]));
  return nested;
}

/** A value in the properties that `pushDownProperties` took from it. */
export function wrap(value: Lazy, conditions: readonly Lazy[], priority: number | null): Lazy {
  const content = priority === null ? value : overrideWith(priority, value);
  return conditions.reduceRight<Lazy>((inner, condition) => property("if", { condition, content: inner }), content);
}

/** The path that a definition goes down, as deep as sets of one attr go, and what it comes to. */
export function followDefinition(value: Lazy): { readonly path: AttrPath; readonly value: Value } {
  const path: string[] = [];
  let current = withoutProperties(value);
  while (current instanceof Attrs && current.entries.size === 1 && current.tag === null) {
    const [[name, attr]] = [...current.entries] as [[string, Attr]];
    path.push(name);
    current = withoutProperties(attr.value);
  }
  return { path, value: current };
}

function withoutProperties(lazy: Lazy): Value {
  const value = force(lazy);
  const type = propertyType(value);
  return type === "if" || type === "override" || type === "order" ? withoutProperties(part(value, "content")) : value;
}

/** A `mkMerge` of several contents, from native code. */
export function mergeOf(contents: readonly Lazy[], rest: Unknown | null = null, possible: readonly Lazy[] = []): Attrs {
  return property("merge", { contents: new List(contents, rest, possible) });
}

export function overrideWith(priority: number, content: Lazy): Attrs {
  return mkOverride(BigInt(priority), content);
}
