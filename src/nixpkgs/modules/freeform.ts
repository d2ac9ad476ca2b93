// Options that nobody in sight declares, as on a host seen without nixpkgs: sets merge attr by attr, lists
// concatenate, scalars follow priority, and every such set is open.

import { once } from "../../eval/once.ts";
import { force } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { type Attr, Attrs, absent, type Entries, type Lazy, List, type Supply, type Value } from "../../eval/value.ts";
import type { AttrPath } from "./definition.ts";
import { type Merged, mergeDefinitions } from "./merge.ts";
import { configTag, OptionAttr, OptionRecord } from "./option-record.ts";
import type { OptionType } from "./option-type.ts";
import { dischargeProperties, pushDownProperties, type RawDefinition } from "./properties.ts";
import { definitionsOf, type PushedDown, pushDownByName } from "./tree.ts";
import { concat, mergeEqualOption } from "./types/merging.ts";

export interface FreeformContext {
  /** The value an option has when nothing defines it, as far as facts know; undefined: not known. */
  readonly knownDefault: (path: AttrPath) => Lazy | undefined;
  /** Whether something below the path has a known default. */
  readonly isKnownLevel: (path: AttrPath) => boolean;
}

/** By shape: what is defined several times and is no list must be equal. */
const shapeless: OptionType = {
  name: "freeform",
  describe: () => "anything",
  check: () => true,
  additive: true,
  merge: (path, definitions) => {
    const values = definitions.map((definition) => force(definition.value));
    const lists = values.filter((value) => value instanceof List);
    if (lists.length === 0) return mergeEqualOption(path, definitions);
    const unknown = values.find((value) => value instanceof Unknown);
    const merged = concat(lists);
    return unknown instanceof Unknown ? new List(merged.elements, merged.rest ?? unknown, merged.possible) : merged;
  },
  mergeWith: () => null,
};

/** The options at a path that nobody declares. */
export function freeformAttrs(
  path: AttrPath,
  definitions: () => readonly RawDefinition[],
  context: FreeformContext,
  isDeclared: (name: string) => boolean = () => false,
): Attrs {
  const pushedDown = once(() => pushDownByName(definitions()));
  const supply: Supply = (name) => {
    if (isDeclared(name)) return absent;
    const own = definitionsOf(pushedDown(), name);
    const at = [...path, name];
    if (own.length > 0) return freeformAttr(at, own, context);
    return context.knownDefault(at) ?? (context.isKnownLevel(at) ? freeformAttrs(at, () => [], context) : absent);
  };
  const set: Attrs = new Attrs((): Entries => enumerate(set, pushedDown()), unknownOption(path), configTag, supply);
  return set;
}

function unknownOption(path: AttrPath): Unknown {
  return new Unknown(
    "nixpkgs-default",
    `the default of \`${path.join(".") || "config"}\` is only known to nixpkgs`,
    null,
    {
      optionPath: path,
    },
  );
}

/** The attrs that are there: conditions are decided only when somebody enumerates. */
function enumerate(set: Attrs, pushed: PushedDown): Entries {
  const entries = new Map<string, Attr>();
  for (const [name, definitions] of pushed.byName) {
    const attr = set.lookup(name);
    const doubt = attr === undefined ? false : presence(definitions);
    if (attr === undefined || doubt === false) continue;
    const shown =
      doubt === true || !(attr instanceof OptionAttr) ? attr : new OptionAttr(attr.record, attr.span, doubt);
    entries.set(name, shown);
  }
  return entries;
}

/** Whether any of the definitions is in force. */
function presence(definitions: readonly RawDefinition[]): boolean | Unknown {
  let doubt: Unknown | null = null;
  for (const raw of definitions) {
    for (const definition of dischargeProperties(raw)) {
      if (definition.doubt === null) return true;
      doubt ??= definition.doubt;
    }
  }
  return doubt ?? false;
}

function freeformAttr(path: AttrPath, definitions: readonly RawDefinition[], context: FreeformContext): OptionAttr {
  const record = new OptionRecord(path, () => mergeFreeform(path, definitions, context));
  return new OptionAttr(record, definitions.find((definition) => definition.span !== null)?.span ?? null);
}

function mergeFreeform(path: AttrPath, definitions: readonly RawDefinition[], context: FreeformContext): Merged {
  const expanded = definitions.flatMap(pushDownProperties);
  const isSet = expanded.some((definition) => isPlainSet(force(definition.value)));
  if (isSet) return mergeSets(path, definitions, expanded, context);
  const fallback = () => force(context.knownDefault(path) ?? unknownOption(path));
  return { ...mergeDefinitions(path, shapeless, definitions, fallback), isShapeless: true };
}

/** Sets that are a level of options rather than one value. */
function isPlainSet(value: Value): boolean {
  return (
    value instanceof Attrs &&
    (value.tag === null || value.tag === configTag) &&
    !value.entries.has("_type") &&
    !value.entries.has("outPath") &&
    !value.entries.has("__functor")
  );
}

function mergeSets(
  path: AttrPath,
  definitions: readonly RawDefinition[],
  expanded: readonly RawDefinition[],
  context: FreeformContext,
): Merged {
  const value = freeformAttrs(path, () => expanded, context);
  let winning: Merged["definitions"] | null = null;
  return {
    value,
    // Conditions are not needed for the value: they are decided when somebody asks who defined it.
    get definitions() {
      winning ??= definitions.flatMap(dischargeProperties);
      return winning;
    },
    priority: 100,
  };
}
