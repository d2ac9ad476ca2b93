// From the definitions of one option to its value, in nixpkgs' steps: discharge properties, filter by priority, sort by
// order, check, merge. Doubtful definitions are tried in turn; what the outcomes agree on is the value.

import { joinBranches } from "../../eval/branches.ts";
import { recordReads } from "../../eval/reads.ts";
import { force } from "../../eval/thunk.ts";
import { thrownError, Unknown } from "../../eval/unknown.ts";
import type { Value } from "../../eval/value.ts";
import type { AttrPath } from "./definition.ts";
import type { OptionType } from "./option-type.ts";
import { type DischargedDefinition, dischargeProperties, priorities, type RawDefinition } from "./properties.ts";

export interface Merged {
  readonly value: Value;
  /** The winning definitions and those that may win, sorted by order. */
  readonly definitions: readonly DischargedDefinition[];
  /** The priority that wins for sure; null when nothing is defined for sure. */
  readonly priority: number | null;
  /** Merged by the shape of its values, since nobody in sight declares its type. */
  readonly isShapeless?: boolean;
}

/** What an option has when no definition is in force; undefined: nothing, reading it is an error. */
export type Undefined = () => Value;

export function mergeDefinitions(
  path: AttrPath,
  type: OptionType,
  raws: readonly RawDefinition[],
  undefinedValue?: Undefined,
): Merged {
  const discharged = raws.flatMap(dischargeProperties);
  const isDoubtful = discharged.some((definition) => definition.doubt !== null);
  const certain = filterByPriority(isDoubtful ? discharged.filter(({ doubt }) => doubt === null) : discharged);
  const priority = certain[0]?.priority ?? null;
  const doubtful = isDoubtful
    ? discharged.filter(({ doubt, priority: own }) => doubt !== null && (priority === null || own <= priority))
    : [];
  if (path.at(-1) === "enable") rememberReads([...certain, ...doubtful]);
  const none = undefinedValue ?? type.emptyValue?.bind(type) ?? (() => undefinedOption(path));
  const sorted = sortByOrder(certain);
  const value = mergeWithDoubt(path, type, sorted, doubtful, none);
  return { value, definitions: isDoubtful ? sortByOrder([...certain, ...doubtful]) : sorted, priority };
}

/** What turned a service on is asked for later: the reads behind `enable = cfg.enable` must be recorded the first time. */
function rememberReads(definitions: readonly DischargedDefinition[]): void {
  for (const definition of definitions) recordReads(() => force(definition.value));
}

function undefinedOption(path: AttrPath): Unknown {
  return thrownError(`the option \`${path.join(".")}\` was accessed but has no value defined`);
}

/** Those with the strongest (lowest) priority. */
export function filterByPriority(definitions: readonly DischargedDefinition[]): DischargedDefinition[] {
  let strongest = Number.POSITIVE_INFINITY;
  for (const { priority } of definitions) if (priority < strongest) strongest = priority;
  return definitions.filter((definition) => definition.priority === strongest);
}

export function sortByOrder(definitions: readonly DischargedDefinition[]): readonly DischargedDefinition[] {
  return definitions.every((definition) => definition.order === definitions[0]?.order)
    ? definitions
    : definitions.toSorted((a, b) => a.order - b.order);
}

function mergeWithDoubt(
  path: AttrPath,
  type: OptionType,
  certain: readonly DischargedDefinition[],
  doubtful: readonly DischargedDefinition[],
  none: () => Value,
): Value {
  const base = certain.length > 0 ? checkAndMerge(path, type, certain) : none();
  let value = base;
  for (const definition of doubtful) {
    const together = sortByOrder(filterByPriority([...certain, definition]));
    value = force(joinBranches(definition.doubt as Unknown, checkAndMerge(path, type, together), value));
  }
  // Two doubtful definitions that exclude each other leave nothing that both branches share.
  return value;
}

export function checkAndMerge(path: AttrPath, type: OptionType, definitions: readonly DischargedDefinition[]): Value {
  for (const { value: lazy, span } of definitions) {
    const value = force(lazy);
    if (value instanceof Unknown) continue;
    if (type.check(value) === false) {
      return thrownError(`a definition for option \`${path.join(".")}\` is not of type \`${type.describe()}\``, span);
    }
  }
  return type.merge(path, definitions);
}

/** A definition that native code makes, in force. */
export function plainDefinition(value: Value, like: Pick<RawDefinition, "module" | "span">): RawDefinition {
  return { value, module: like.module, span: like.span, conditions: [], priority: null, doubt: null };
}

export function isDefaultPriority(priority: number): boolean {
  return priority >= priorities.optionDefault;
}
