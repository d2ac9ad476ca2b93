// A path more for the job that saves the whole host.

import type { FleetHost } from "../../fleet/fleet.ts";
import type { Job } from "../../fleet/jobs.ts";
import { attrsEntries, textsOf } from "../../fleet/known.ts";
import type { Service } from "../../fleet/services.ts";
import { containsPath } from "../../fleet/state-paths.ts";
import type { AttrPath } from "../../nixpkgs/modules/definition.ts";
import type { Span } from "../../source/span.ts";
import { defineOption } from "../define.ts";
import { Draft } from "../draft.ts";
import type { Change } from "../edit.ts";
import { showString } from "../nix-text.ts";
import { spansOf } from "../writing.ts";
import { showPaths } from "./cloning.ts";
import type { EntrySite } from "./job-sites.ts";
import type { Plan } from "./plan.ts";
import type { ScaffoldContext, Scaffolded } from "./scaffold.ts";

export interface Central {
  readonly site: EntrySite;
}

export function extendCentral(context: ScaffoldContext, plan: Plan, { site }: Central): Scaffolded | null {
  const attr = pathsAttr(site);
  const { cause } = plan.service;
  // Its prepare command is one for all: nothing can be added to it.
  if (attr === null || cause === null || plan.prepare?.isVital) return null;
  const path = [...site.path, attr];
  const spans = spansOf(site.host.host.option(path)).filter((span) => context.writing.isPlain(span, path));
  // Where services say themselves what they keep, this one does so too.
  const isSpread = isSaidBySeveral(context, path);
  const own = spans.find(({ file }) => file === cause.file);
  const changed =
    isSpread && own === undefined ? defineOwn(context, plan, path) : extendList(context, plan, own ?? spans[0] ?? null);
  return withDump(context, plan, { job: site.job, changed });
}

/**
 * One more path in a list that the job's paths are put together of, however that gets there: in a file that is about no
 * other service, or in any when the job is for all that the host keeps.
 */
export function extendLists(
  context: ScaffoldContext,
  plan: Plan,
  { job, anywhere }: { readonly job: Job; readonly anywhere: boolean },
): Scaffolded | null {
  if (plan.prepare?.isVital) return null;
  const others = plan.host.services.filter((one) => one !== plan.service && one.essentialState.length > 0);
  const isAbout = (file: string) =>
    filesOf(plan.service).includes(file) && !others.some((one) => filesOf(one).includes(file));
  const lists = listsOf(context, plan.host, job);
  const own = lists.find(({ file }) => isAbout(file)) ?? (anywhere ? lists[0] : undefined);
  return own === undefined ? null : withDump(context, plan, { job, changed: extendList(context, plan, own) });
}

/** Where it is chosen, and brought about. */
function filesOf({ cause, links }: Service): readonly string[] {
  return [cause, ...links].flatMap((span) => span?.file ?? []);
}

/** Literal lists called `paths` that define what the job saves. */
function listsOf({ writing }: ScaffoldContext, { host }: FleetHost, job: Job): readonly Span[] {
  return spansOf(host.option([...job.option.split("."), "paths"])).filter((span) => writing.isListNamed(span, "paths"));
}

function withDump(
  { writing }: ScaffoldContext,
  { service: { cause }, dump }: Plan,
  { job, changed }: { readonly job: Job; readonly changed: Change },
): Scaffolded | null {
  const dumps = cause === null ? [] : dump.map(({ path: option, nix }) => writing.define(cause, option, nix));
  if (changed === null || dumps.includes(null) || dumps.length < dump.length) return null;
  const edits = [...changed.edits, ...dumps.flatMap((one) => one?.edits ?? [])];
  return { title: `back it up with the job \`${job.name}\``, change: { edits }, commands: [] };
}

/** Whether several files of the flake add to a list, each for itself. */
export function isSaidBySeveral({ index }: ScaffoldContext, path: AttrPath): boolean {
  const wanted = path.join(".");
  const said = index.named(path.at(-1) ?? "").filter((binding) => binding.path.join(".") === wanted);
  return new Set(said.map(({ tree }) => tree.source.path)).size > 1;
}

/** One more directory for a job that can read it, wherever its paths are written out. */
export function extendJob(context: ScaffoldContext, site: EntrySite, path: string): Scaffolded | null {
  const attr = pathsAttr(site);
  if (attr === null) return null;
  const option = [...site.path, attr];
  const span = spansOf(site.host.host.option(option)).find((one) => context.writing.isPlain(one, option));
  const change = span ? context.writing.extend(span, showString(path)) : null;
  return change && { title: `save it with the job \`${site.job.name}\``, change, commands: [] };
}

/** `paths`, or what the option calls it. */
export function pathsAttr({ host, path, job }: EntrySite): string | null {
  if (path.join(".") === job.option) return "paths";
  const wanted = job.paths.items.map(({ text }) => text);
  const attr = attrsEntries(host.host.option(path).value).find(({ value }) => {
    const { items } = textsOf(value, null);
    return items.length > 0 && items.length === wanted.length && items.every(({ text }) => wanted.includes(text));
  });
  return attr?.name ?? null;
}

/** Whether a job can read what another service keeps, and does not leave it out. */
export function canTake({ user, exclude }: Job, plan: Pick<Plan, "paths" | "user">): boolean {
  const patterns = exclude.items.flatMap(({ text }) => (typeof text === "string" ? [text] : []));
  const isLeftOut = plan.paths.some((path) => patterns.some((pattern) => containsPath(pattern, path)));
  return !isLeftOut && (user.text === "root" || user.text === plan.user);
}

/** One of the flake's own options that collects paths for a job: services add theirs to it. */
export function extendFeeder(context: ScaffoldContext, plan: Plan): Scaffolded | null {
  for (const job of plan.host.jobs) {
    const path = canTake(job, plan) ? feederOf(context, plan.host, job) : null;
    const { cause } = plan.service;
    if (path === null || cause === null) continue;
    const spans = spansOf(plan.host.host.option(path)).filter((span) => context.writing.isPlain(span, path));
    const own = spans.find(({ file }) => file === cause.file) ?? null;
    const changed = own === null ? defineOwn(context, plan, path) : extendList(context, plan, own);
    if (changed !== null && plan.dump.length === 0 && !plan.prepare?.isVital) {
      return { title: `back it up with the job \`${job.name}\``, change: changed, commands: [] };
    }
  }
  return null;
}

function feederOf({ index }: ScaffoldContext, host: FleetHost, job: Job): AttrPath | null {
  const wanted = job.paths.items.map(({ text }) => text);
  const own = job.option.split(".");
  const seen = new Set<string>();
  for (const { path } of index.lists) {
    if (path[0] === own[0] || !/path|dir|folder|state|data|backup/i.test(path.at(-1) ?? "")) continue;
    const key = path.join(".");
    if (seen.has(key) || path.includes(job.name)) continue;
    seen.add(key);
    const { items, rest } = textsOf(host.host.option(path).value, null);
    if (rest === null && items.length > 0 && items.every(({ text }) => wanted.includes(text))) return path;
  }
  return null;
}

function defineOwn(context: ScaffoldContext, plan: Plan, path: AttrPath) {
  const { cause } = plan.service;
  const tree = cause && context.writing.tree(cause.file);
  if (!cause || !tree || !context.writing.isInModule(cause)) return null;
  const draft = new Draft(tree, cause);
  const isDone = draft.change((now, near) => defineOption(now, near, { path, nix: showPaths(plan.paths) }));
  return isDone ? { edits: draft.edits } : null;
}

function extendList(context: ScaffoldContext, plan: Plan, span: Span | null) {
  return span && context.writing.extend(span, ...plan.paths.map(showString));
}
