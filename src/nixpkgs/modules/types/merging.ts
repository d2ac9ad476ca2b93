// The ways in which types that are no collections merge their definitions.

import { equalValues } from "../../../eval/equality.ts";
import { force } from "../../../eval/thunk.ts";
import { thrownError, Unknown } from "../../../eval/unknown.ts";
import { type Attr, Attrs, Builtin, joinText, Lambda, List, PartialString, type Value } from "../../../eval/value.ts";
import type { Span } from "../../../source/span.ts";
import type { AttrPath } from "../definition.ts";
import { OptionAttr } from "../option-record.ts";
import type { DischargedDefinition } from "../properties.ts";

type Definitions = readonly DischargedDefinition[];

export function conflict(path: AttrPath, definitions: Definitions): Unknown {
  return thrownError(conflictMessage(path), definitions.at(-1)?.span ?? null);
}

/** What is said of that option, and of none that only reads it. */
export function conflictMessage(path: AttrPath): string {
  return `the option \`${path.join(".")}\` has conflicting definition values`;
}

/** Exactly one definition. */
export function mergeOneOption(path: AttrPath, definitions: Definitions): Value {
  const [first] = definitions;
  if (first !== undefined && definitions.length === 1) return force(first.value);
  return thrownError(`the option \`${path.join(".")}\` is defined multiple times while it is expected to be unique`);
}

/** All definitions must be equal; one that is known speaks for those that are not. */
export function mergeEqualOption(path: AttrPath, definitions: Definitions): Value {
  let known: Value | undefined;
  for (const definition of definitions) {
    const value = force(definition.value);
    if (value instanceof Unknown && value.reason === "error") return value;
    if (
      known === undefined ||
      known instanceof Unknown ||
      (known instanceof PartialString && typeof value === "string")
    ) {
      known = value;
    } else if (equalValues(known, value) === false) return conflict(path, definitions);
  }
  return known ?? null;
}

/** By shape, as options without a type: lists concatenate, sets update, functions of sets merge, the rest is one. */
export function mergeDefaultOption(path: AttrPath, definitions: Definitions): Value {
  const values = definitions.map((definition) => force(definition.value));
  const [first] = values;
  if (first === undefined || values.length === 1) return first ?? null;
  if (values.every((value) => value instanceof List)) return concat(values);
  if (values.every((value) => value instanceof Attrs)) return update(values);
  if (values.every((value) => typeof value === "boolean")) return values.some((value) => value === true);
  if (values.every((value) => typeof value === "string" || value instanceof PartialString)) return joinText(values);
  if (values.every((value) => value === first && typeof value === "bigint")) return first;
  return values.find((value) => value instanceof Unknown) ?? conflict(path, definitions);
}

export function concat(lists: readonly List[]): List {
  const rest = lists.find((list) => list.rest !== null)?.rest ?? null;
  return new List(
    lists.flatMap((list) => list.elements),
    rest,
    lists.flatMap((list) => list.possible),
  );
}

function update(sets: readonly Attrs[]): Attrs {
  const rest = sets.find((set) => set.rest !== null)?.rest ?? null;
  return new Attrs(new Map(sets.flatMap((set) => [...set.entries])), rest);
}

export function isFunction(value: Value): boolean {
  return (
    value instanceof Lambda || value instanceof Builtin || (value instanceof Attrs && value.entries.has("__functor"))
  );
}

/** Definitions of one attr of sets that are definitions. `isStrict`: the attr's value will be forced anyway. */
export function definitionsOfAttr(definitions: Definitions, name: string, isStrict: boolean): DischargedDefinition[] {
  return definitions.flatMap((definition) => {
    const set = force(definition.value);
    const attr = set instanceof Attrs ? set.lookup(name) : undefined;
    if (attr === undefined) return [];
    const span = attr.span ?? (isStrict ? definingSpan(attr) : null) ?? definition.span;
    return [{ ...definition, value: attr.value, span, doubt: definition.doubt ?? attr.maybe }];
  });
}

/** Of an attr that is itself an option (`timerConfig = job.timerConfig`): where that option is defined. */
function definingSpan(attr: Attr): Span | null {
  return attr instanceof OptionAttr ? (attr.record.definitions[0]?.span ?? null) : null;
}
