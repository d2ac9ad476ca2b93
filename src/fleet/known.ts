// Typed reading of options: a text, a list of texts, a yes or no, each with where it stands and, when it is not known,
// why. Everything the fleet model says of a configuration starts here.

import { coerceToText, type Text } from "../eval/coerce.ts";
import { force, spanOf } from "../eval/thunk.ts";
import { Unknown } from "../eval/unknown.ts";
import { Attrs, type Lazy, List, NixPath, PartialString, type Value } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { AttrPath, Option } from "../nixpkgs/modules/definition.ts";
import type { Span } from "../source/span.ts";

export type { Text } from "../eval/coerce.ts";

/** A text of the configuration: known, with holes, or not known. */
export interface Located {
  readonly text: Text;
  readonly span: Span | null;
}

/** A list of texts: those certainly in it, those possibly in it, and why there may be more. */
export interface TextList {
  readonly items: readonly Located[];
  readonly possible: readonly Located[];
  readonly rest: Unknown | null;
}

export const noTexts: TextList = { items: [], possible: [], rest: null };

/** Whether the value says only that nobody in sight set the option. */
export function isUnset(value: Value): boolean {
  return value instanceof Unknown && value.reason === "nixpkgs-default";
}

/** Text as it is: paths keep their path, whatever is no text is an `Unknown`. */
export function toText(value: Value): Text {
  if (value instanceof NixPath) return value.path;
  return coerceToText(value, null, { lenient: true, copyPaths: false });
}

/** The option as a text; undefined when it is null or nobody sets it. */
export function readText(option: Option): Located | undefined {
  return isAbsent(option) ? undefined : located(option.value, option.span);
}

/** Set to what is not known is not the same as not set. */
function isAbsent({ isDefined, value }: Option): boolean {
  return !isDefined && isUnset(value);
}

/** The same below a value: `value.a.b`; undefined when one of the attrs is missing. */
export function textIn(value: Value, path: AttrPath): Located | undefined {
  const found = attrIn(value, path);
  return found && located(found.value, found.span);
}

export function located(value: Value, span: Span | null): Located | undefined {
  if (value === null) return undefined;
  return { text: value instanceof Unknown ? value : toText(value), span };
}

/** A known string, or undefined. */
export function knownText(text: Located | undefined): string | undefined {
  return typeof text?.text === "string" ? text.text : undefined;
}

export interface Found {
  readonly value: Value;
  readonly span: Span | null;
}

/** `value.a.b`, forced; undefined when an attr is missing in a closed set or not set by anybody. */
export function attrIn(value: Value, path: AttrPath): Found | undefined {
  let current: Found = { value, span: null };
  let before: string | undefined;
  for (const name of path) {
    const { value: set } = current;
    if (set instanceof Unknown) return isDefaultOf(set, before) ? undefined : current;
    if (!(set instanceof Attrs)) return undefined;
    const attr = set.lookup(name);
    if (attr === undefined) return set.rest && !isUnset(set.rest) ? { value: set.rest, span: current.span } : undefined;
    current = { value: attr.maybe ?? force(attr.value), span: attr.span ?? spanOf(attr.value) ?? current.span };
    before = name;
  }
  return isDefaultOf(current.value, before) ? undefined : current;
}

/** Whether the value is the unknown default of the option of that name, and not of another that it was set to. */
function isDefaultOf(value: Value, name: string | undefined): boolean {
  if (!(value instanceof Unknown) || !isUnset(value)) return false;
  return name === undefined || value.optionPath === null || value.optionPath.at(-1) === name;
}

/** The option as a text, when somebody in sight sets it: defaults do not count. */
export function readDefined(option: Option): Located | undefined {
  return option.isDefined ? readText(option) : undefined;
}

/** A list of texts, or one text taken for a list of one. Not set and null are the empty list. */
export function readTexts(option: Option): TextList {
  return isAbsent(option) ? noTexts : textsOf(option.value, option.span);
}

export function textsIn(value: Value, path: AttrPath): TextList {
  const found = attrIn(value, path);
  return found ? textsOf(found.value, found.span) : noTexts;
}

export function textsOf(value: Value, span: Span | null): TextList {
  if (value === null) return noTexts;
  if (value instanceof Unknown) return { items: [], possible: [], rest: value };
  if (!(value instanceof List)) return { items: [{ text: toText(value), span }], possible: [], rest: null };
  return {
    items: value.elements.flatMap((element) => elementTexts(element, span)),
    possible: value.possible.flatMap((element) => elementTexts(element, span)),
    rest: value.rest,
  };
}

function elementTexts(element: Lazy, span: Span | null): Located[] {
  const value = force(element);
  const own = spanOf(element) ?? span;
  return value === null ? [] : [{ text: toText(value), span: own }];
}

export function joinLists(lists: readonly TextList[]): TextList {
  return {
    items: lists.flatMap((list) => list.items),
    possible: lists.flatMap((list) => list.possible),
    rest: lists.find((list) => list.rest !== null)?.rest ?? null,
  };
}

/** The elements of a list value; what may be more is in `rest`. */
export function elementsOf(value: Value): { readonly values: readonly Found[]; readonly rest: Unknown | null } {
  if (value instanceof Unknown) return { values: [], rest: value };
  if (!(value instanceof List)) return { values: [], rest: null };
  const all = [...value.elements, ...value.possible];
  return { values: all.map((element) => ({ value: force(element), span: spanOf(element) })), rest: value.rest };
}

export interface Entry {
  readonly name: string;
  readonly option: Option;
}

/** The entries of an attrset option; `rest` is null when nobody in sight sets it or all entries are known. */
export function entriesOf(
  host: Host,
  path: AttrPath,
): { readonly entries: readonly Entry[]; readonly rest: Unknown | null } {
  const { options, rest } = host.children(path);
  const entries = options.map((option) => ({ name: option.path.at(-1) ?? "", option }));
  return { entries, rest: rest instanceof Unknown && !isUnset(rest) ? rest : null };
}

/** Entries of an attrset value. */
export function attrsEntries(value: Value): readonly (Found & { readonly name: string })[] {
  if (!(value instanceof Attrs)) return [];
  return [...value.entries].map(([name, attr]) => ({ name, value: attr.maybe ?? force(attr.value), span: attr.span }));
}

/** A boolean option; undefined when nobody sets it. */
export function readFlag(host: Host, path: AttrPath): boolean | Unknown | undefined {
  return flagOf(host.option(path).value);
}

export function flagOf(value: Value): boolean | Unknown | undefined {
  if (typeof value === "boolean") return value;
  return value instanceof Unknown && !isUnset(value) ? value : undefined;
}

/** What stands for a part that is not known. No shell, URL or path gives it a meaning. */
export const hole = "…";

/** A text with its holes, for messages and searches. */
export function showText(text: Text): string {
  if (typeof text === "string") return text;
  return text instanceof PartialString ? withHoles(text, hole) : hole;
}

/** As the published JSON has it. */
export function showPartial(text: PartialString): string {
  return withHoles(text, "{}");
}

function withHoles({ parts }: PartialString, shown: string): string {
  return parts.map((part) => (typeof part === "string" ? part : shown)).join("");
}

/** Why a text is not known to the last character; null when it is. */
export function doubtOf(text: Text): Unknown | null {
  if (typeof text === "string") return null;
  return text instanceof PartialString ? text.hole : text;
}
