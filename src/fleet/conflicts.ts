// Options that are given two values of one priority, which no evaluation survives.

import { type Answer, undecided, yes } from "../eval/answer.ts";
import { force } from "../eval/thunk.ts";
import { isError, Unknown } from "../eval/unknown.ts";
import { type Attr, NixPath, PartialString, type Value } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Definition, Option } from "../nixpkgs/modules/definition.ts";
import { OptionAttr } from "../nixpkgs/modules/option-record.ts";
import { conflictMessage } from "../nixpkgs/modules/types/merging.ts";
import type { Span } from "../source/span.ts";
import { isUnset } from "./known.ts";
import type { Leaf } from "./leaves.ts";

export interface Conflict {
  readonly option: string;
  /** One definition of each value, in order of places; never empty. */
  readonly claims: readonly Claim[];
  /** Never "no". */
  readonly answer: Answer;
}

/** Without its value: that may be a password. */
export interface Claim {
  readonly span: Span | null;
}

/** `rules/conflicting-secret-owner` has those. */
const ownersOfSecrets = /^(sops|age)\.(secrets|templates)\..*\.(owner|group)$/;

export function conflictsOf(host: Host, leaves: readonly Leaf[]): readonly Conflict[] {
  const seen = new Set<string>();
  return leaves.flatMap(({ path, value, attr }): readonly Conflict[] => {
    if (!hasSeveralDefinitions(attr)) return [];
    const name = path.join(".");
    if (seen.has(name) || !(isScalar(value) || isError(value)) || ownersOfSecrets.test(name)) return [];
    seen.add(name);
    const conflict = conflictOf(host.option(path));
    return conflict === null ? [] : [conflict];
  });
}

/** Few options have, and nothing else is looked at any closer. */
function hasSeveralDefinitions(attr: Attr | null): boolean {
  return attr instanceof OptionAttr && attr.record.result.definitions.length > 1;
}

function conflictOf(option: Option): Conflict | null {
  if (option.definitions.length < 2 || !holdsOneValue(option)) return null;
  const certain = option.definitions.filter((definition) => definition.certain);
  const claims = claimsOf(certain);
  const answer = answerOf(option, certain, claims);
  return answer === null ? null : { option: option.path.join("."), claims: [...claims.values()].sort(byPlace), answer };
}

/** What nobody in sight declares may be lines or flags that add up, and not what `mkEnableOption` makes. */
function holdsOneValue({ path, hasKnownType }: Option): boolean {
  return hasKnownType || path.at(-1) === "enable";
}

/** Null for "no". A type that merges values of one kind, as lines, is told by its value, which is none of them. */
function answerOf(option: Option, certain: readonly Definition[], claims: ReadonlyMap<Scalar, Claim>): Answer | null {
  const { value } = option;
  const kinds = new Set([...claims.keys()].map((claim) => typeof claim));
  if (isError(value) && value.message === conflictMessage(option.path) && claims.size > 1 && kinds.size === 1) {
    return certain.length === option.definitions.length ? yes : undecided(value);
  }
  const doubt = certain.map((definition) => doubtOfValue(force(definition.value))).find((found) => found !== null);
  return doubt && claims.size === 1 && isScalar(value) && claims.has(keyOf(value)) ? undecided(doubt) : null;
}

function byPlace({ span: a }: Claim, { span: b }: Claim): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a.file < b.file ? -1 : Number(a.file > b.file) || a.start - b.start;
}

function doubtOfValue(value: Value): Unknown | null {
  if (value instanceof PartialString) return value.hole;
  return value instanceof Unknown && !isUnset(value) ? value : null;
}

type Scalar = string | bigint | number | boolean;

function claimsOf(definitions: readonly Definition[]): ReadonlyMap<Scalar, Claim> {
  const claims = new Map<Scalar, Claim>();
  for (const { value: lazy, span } of definitions) {
    const value = force(lazy);
    if (!isScalar(value)) continue;
    const key = keyOf(value);
    if (!claims.has(key)) claims.set(key, { span });
  }
  return claims;
}

function isScalar(value: Value): value is Scalar | NixPath {
  return /^(string|bigint|number|boolean)$/.test(typeof value) || value instanceof NixPath;
}

function keyOf(value: Scalar | NixPath): Scalar {
  return value instanceof NixPath ? value.path : value;
}
