// A new job as an entry of the option that its siblings are entries of: with the attrs that all of them have.

import type { Value } from "../../eval/value.ts";
import type { ScheduledUnit } from "../../fleet/clashes.ts";
import { attrIn, attrsEntries, knownText, textIn, textsOf } from "../../fleet/known.ts";
import { Kind } from "../../syntax/flat-tree.ts";
import { boundExpr } from "../bindings.ts";
import { showAttrName, showSet, showString } from "../nix-text.ts";
import { cloneText, literalOf, type Substitution, showPaths, variablesOf } from "./cloning.ts";
import type { EntryAttr, EntrySite } from "./job-sites.ts";
import type { Plan } from "./plan.ts";

export interface EntryContext {
  readonly plan: Plan;
  readonly substitution: Substitution;
  /** Names that may be used where the entry goes. */
  readonly available: ReadonlySet<string>;
  /** The calendar to run at, when the siblings' is taken. */
  readonly slot: string | null;
  readonly model: ScheduledUnit | null;
}

/** Hooks and patterns are about one service, and nobody needs them. */
const personal = /prepare|cleanup|exclude|command|dynamicFiles|hook$|^(?:pre|post)(?:Init|Create|Prune)$/i;

/** The entry's value; null when an attr that all siblings have cannot be said here. */
export function entryText(base: EntrySite, siblings: readonly EntrySite[], context: EntryContext): string | null {
  if (base.value !== null) return wholeValue(base, context);
  const names = [...new Set(base.attrs.map(({ path }) => path[0] ?? null))];
  const bindings: [string, string][] = [];
  for (const name of names) {
    if (name === null || personal.test(name) || !isShared(name, base, siblings)) continue;
    const written = attrText(base, name, context);
    if (written === null) return null;
    bindings.push(...written);
  }
  const prepared = prepareText(base, context);
  if (prepared === null) return null;
  const moved = slotText(base, names, context);
  const text = showSet([...bindings, ...prepared, ...(moved === null ? [] : [moved])]);
  // Options of the flake's own may find out what to save by the name.
  return isWrittenOut(base) && !context.plan.paths.every((path) => text.includes(path)) ? null : text;
}

/** Where to and with what: a sibling that says it in another way is no reason to leave it out. */
const essential = /^(repository|repositoryFile|repo|passwordFile|environmentFile|rcloneConfigFile|encryption)$/;

function isShared(name: string, base: EntrySite, siblings: readonly EntrySite[]): boolean {
  if (siblings.length === 1) return !isTiming(base, name) || isWrittenOut(base);
  if (isWrittenOut(base) && essential.test(name)) return true;
  return siblings.every(({ attrs }) => attrs.some(({ path }) => path[0] === name));
}

/** In the option of nixpkgs itself nothing stands behind an entry that would fill in what is left out. */
function isWrittenOut({ path, job }: EntrySite): boolean {
  return path.join(".") === job.option;
}

function valueAt({ host, path }: EntrySite, name: string): Value {
  return host.host.option([...path, name]).value;
}

function isTiming(base: EntrySite, name: string): boolean {
  return (
    attrIn(valueAt(base, name), ["OnCalendar"]) !== undefined || /^(startAt|schedule|onCalendar|hour)$/i.test(name)
  );
}

/** Attrpaths below the entry, and their values. */
function attrText(base: EntrySite, name: string, context: EntryContext): [string, string][] | null {
  const { plan, substitution } = context;
  const value = valueAt(base, name);
  if (saysPaths(base, value)) return [[showAttrName(name), showPaths(plan.paths)]];
  const own = textIn(value, []);
  if (knownText(own) !== undefined && isUser(base, name, knownText(own) ?? "")) {
    const owner = /group/i.test(name) ? plan.group : plan.user;
    return owner === null ? null : [[showAttrName(name), showString(owner)]];
  }
  const written: [string, string][] = [];
  for (const attr of base.attrs.filter(({ path }) => path[0] === name)) {
    const text = clonedAttr(base, attr, context.slot === null ? substitution : withSlot(substitution, context));
    if (text === null || [...variablesOf(text[1])].some((variable) => !context.available.has(variable))) return null;
    written.push(text);
  }
  return written;
}

function saysPaths({ job }: EntrySite, value: Value): boolean {
  const { items, rest } = textsOf(value, null);
  const paths = job.paths.items.map(({ text }) => text);
  return (
    rest === null &&
    items.length > 0 &&
    items.length === paths.length &&
    items.every(({ text }) => paths.includes(text))
  );
}

function isUser({ job }: EntrySite, name: string, text: string): boolean {
  if (/group/i.test(name)) return true;
  return text === knownText(job.user) && /user|owner/i.test(name);
}

function clonedAttr(
  { tree }: EntrySite,
  { path, item }: EntryAttr,
  substitution: Substitution,
): [string, string] | null {
  const value = boundExpr(item);
  if (value === null || path.includes(null)) return null;
  return [path.map((part) => showAttrName(part ?? "")).join("."), cloneText(tree, value, substitution)];
}

/** The siblings' own calendar, wherever it is written, becomes the free one. */
function withSlot(substitution: Substitution, { slot, model }: EntryContext): Substitution {
  const calendars = model?.timing.calendar.items.flatMap(({ text }) => (typeof text === "string" ? [text] : [])) ?? [];
  return {
    ...substitution,
    strings: new Map([...substitution.strings, ...calendars.map((text) => [text, slot ?? text] as const)]),
  };
}

/** A time of its own, where the siblings have none that could be replaced. */
function slotText(base: EntrySite, names: readonly (string | null)[], context: EntryContext): [string, string] | null {
  if (context.slot === null || names.some((name) => name !== null && isTiming(base, name))) return null;
  const takesTimer = isWrittenOut(base) || attrIn(valueAt(base, "timerConfig"), ["OnCalendar"]) !== undefined;
  if (!takesTimer) return null;
  return ["timerConfig.OnCalendar", showString(context.slot)];
}

/** The command that makes what is saved whole. Null: it cannot be said, and without it nothing is saved. */
function prepareText(base: EntrySite, { plan, available }: EntryContext): [string, string][] | null {
  const { prepare } = plan;
  if (prepare === null) return [];
  const attr = prepareAttr(base);
  if (attr !== null && [...variablesOf(prepare.nix)].every((variable) => available.has(variable)))
    return [[attr, prepare.nix]];
  return prepare.isVital ? null : [];
}

/** What the siblings' option calls it: only names that it declares. */
function prepareAttr(base: EntrySite): string | null {
  if (isWrittenOut(base)) return base.job.mechanism === "borg" ? "preHook" : "backupPrepareCommand";
  const declared = attrsEntries(base.host.host.option(base.path).value).map(({ name }) => name);
  return (
    declared.find((name) => /^(backup)?prepare(Command|Script)?$|^pre(Backup|Hook|Command|Start)$/i.test(name)) ?? null
  );
}

/** `jobs.x = mkJob { … }`: the call with its words replaced. */
function wholeValue(base: EntrySite, { substitution, available, plan }: EntryContext): string | null {
  if (base.value === null) return null;
  const text = cloneText(base.tree, base.value, substitution);
  if ([...variablesOf(text)].some((variable) => !available.has(variable))) return null;
  return plan.paths.every((path) => text.includes(path)) ? text : null;
}

/** The owner that a sibling's binding names, when it is one. */
export function ownerIn(base: EntrySite): string | null {
  const binding = base.attrs.find(({ path }) => path[0] === "user")?.item;
  return binding?.kind === Kind.binding ? literalOf(base.tree, binding) : null;
}
