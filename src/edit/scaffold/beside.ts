// A new job beside its siblings: an entry or a call like theirs, with the secrets, imports and arguments that it needs.

import type { ScheduledUnit } from "../../fleet/clashes.ts";
import type { FleetHost } from "../../fleet/fleet.ts";
import { knownText, showText } from "../../fleet/known.ts";
import type { AttrPath } from "../../nixpkgs/modules/definition.ts";
import type { Span } from "../../source/span.ts";
import { type ConcreteNode, type ConcreteTree, nodeAround, outwards } from "../../syntax/concrete.ts";
import { Kind } from "../../syntax/flat-tree.ts";
import { itemsOf } from "../bindings.ts";
import { defineOption } from "../define.ts";
import { Draft } from "../draft.ts";
import { addFormals, namesInScope, parameterNames } from "../formals.ts";
import { insertImport } from "../imports.ts";
import { insertElement } from "../lists.ts";
import { definingSets, moduleAround, optionPathOf } from "../written.ts";
import { cloneText, rename, renameSecret, type Substitution, variablesOf } from "./cloning.ts";
import { entryText, ownerIn } from "./entry.ts";
import { importsOf } from "./imports-of.ts";
import { type CallSite, coveredServices, type EntrySite, type JobSite } from "./job-sites.ts";
import { baseName, namesFor, type Plan, shortName, slotBeside } from "./plan.ts";
import type { ScaffoldContext, Scaffolded } from "./scaffold.ts";
import { commandsFor, type NewSecret, relativeFrom, secretNames, secretsLike } from "./secrets.ts";

/** As most siblings would have it: each in turn is the model, and what comes out most often is taken. */
export function newEntry(context: ScaffoldContext, plan: Plan, siblings: readonly EntrySite[]): Scaffolded | null {
  const { cause } = plan.service;
  const tree = cause && context.writing.tree(cause.file);
  if (!cause || !tree || !context.writing.isInModule(cause)) return null;
  for (const name of namesFor(plan, siblings.map(namedOf))) {
    const entries = siblings.flatMap((base) => entryLike(context, plan, { base, siblings, name, cause, tree }) ?? []);
    const textOf = ({ nix, secrets }: Entry) => JSON.stringify([nix, secrets]);
    const count = (one: Entry) => entries.filter((other) => textOf(other) === textOf(one)).length;
    entries.sort((a, b) => count(b) - count(a) || textOf(a).length - textOf(b).length);
    const tried = new Set<string>();
    for (const entry of entries) {
      if (tried.has(textOf(entry))) continue;
      tried.add(textOf(entry));
      const made = writeEntry(context, plan, { entry, siblings, cause, tree });
      if (made !== null) return made;
    }
  }
  return null;
}

function namedOf(site: JobSite) {
  const { job, tree, host } = site;
  const [service = null] = coveredServices(site);
  const file = baseName(tree.source.path);
  return { name: job.name, service, file, user: knownText(job.user) ?? null, host: ownName(host) };
}

function ownName({ kind, name }: FleetHost): string {
  return kind === "host" ? name : "";
}

/** Where the new job is written. */
interface Target {
  readonly siblings: readonly EntrySite[];
  readonly cause: Span;
  readonly tree: ConcreteTree;
}

interface Model extends Target {
  readonly base: EntrySite;
  readonly name: string;
}

/** What one sibling makes of the new job. */
interface Entry {
  readonly base: EntrySite;
  readonly name: string;
  readonly path: AttrPath;
  readonly nix: string;
  /** All that the job reads, and those of them that nobody declares yet. */
  readonly wanted: readonly NewSecret[];
  readonly secrets: readonly NewSecret[];
  /** Variables that the module has to take. */
  readonly needed: readonly string[];
  readonly substitution: Substitution;
}

function entryLike(context: ScaffoldContext, plan: Plan, model: Model): Entry | null {
  const { base, siblings, name, cause, tree } = model;
  const path = [...base.path.slice(0, -1), name];
  const module = moduleAround(tree, nodeAround(tree, cause.start, cause.end), true);
  if (module === null || plan.host.host.option(path).isDefined) return null;
  const substitution = ownersOf(substitutionFor(base, plan, name, cause.file), base, siblings);
  const wanted = secretsLike(base, { index: context.index, substitution });
  const secrets = wanted.filter((secret) => !plan.host.host.option(secret.path).isDefined);
  const scope = namesInScope(tree, module);
  const available = new Set([...scope, ...argumentsOf(base), ...modulesTake]);
  const nix = entryText(base, siblings, {
    plan,
    substitution,
    available,
    ...slotFor(context, plan, base, substitution),
  });
  if (nix === null || secrets.some((secret) => !isAvailable(secret.nix, available))) return null;
  const used = [nix, ...secrets.map((secret) => secret.nix)].flatMap((text) => [...variablesOf(text)]);
  const needed = used.filter((variable) => !scope.has(variable));
  return { base, name, path, nix, wanted, secrets, needed, substitution };
}

/** What NixOS gives to every module. */
const modulesTake = ["config", "lib", "pkgs"];

function slotFor(context: ScaffoldContext, plan: Plan, base: EntrySite, substitution: Substitution) {
  const model = modelUnit(base);
  const { gap } = context.fleet.settings;
  const request = { gap, sharesRepository: sharesRepository(base, substitution) };
  return { model, slot: model && slotBeside(model, plan, request) };
}

function writeEntry(
  context: ScaffoldContext,
  plan: Plan,
  { entry, siblings, cause, tree }: Target & { readonly entry: Entry },
): Scaffolded | null {
  const { base, name, path, nix, wanted, secrets, needed, substitution } = entry;
  const trees = siblings.map((sibling) => sibling.tree);
  const draft = new Draft(tree, cause);
  const isDone =
    secrets.every((secret) => draft.change((now, near) => defineOption(now, near, secret))) &&
    draft.change((now, near) => defineOption(now, lastOf(now, near, wanted), { path, nix })) &&
    defineDump(draft, plan) &&
    importsOf(trees, context).every((target) => draft.change((now, near) => importInto(now, near, target))) &&
    draft.change((now, near) => formalsInto(now, near, needed));
  return isDone ? finish(context, draft, { base, name, secrets, substitution }) : null;
}

/** The job follows its secrets, where they are beside the service. */
function lastOf(tree: ConcreteTree, near: ConcreteNode, secrets: readonly NewSecret[]): ConcreteNode {
  const set = definingSets(tree, near).at(-1)?.set;
  const names = secrets.map(({ path }) => path.join("."));
  const items = set === undefined ? [] : itemsOf(set);
  return items.filter((item) => names.includes(optionPathOf(tree, item)?.join(".") ?? "")).at(-1) ?? near;
}

function isAvailable(nix: string, available: ReadonlySet<string>): boolean {
  return [...variablesOf(nix)].every((variable) => available.has(variable));
}

function finish(
  context: ScaffoldContext,
  draft: Draft,
  made: {
    readonly base: JobSite;
    readonly name: string;
    readonly secrets: readonly NewSecret[];
    readonly substitution: Substitution;
  },
): Scaffolded {
  const { base, name, secrets, substitution } = made;
  return {
    title: `write the backup job \`${name}\``,
    change: { edits: draft.edits },
    commands: commandsFor(base.host, secrets, { substitution, root: context.files.root }),
  };
}

function substitutionFor(site: JobSite, plan: Plan, name: string, file: string): Substitution {
  const { job, tree } = site;
  const strings = new Map<string, string>();
  const old = site.kind === "entry" ? ownerIn(site) : knownText(job.user);
  if (old && plan.user !== null) strings.set(old, plan.user);
  const paths = job.paths.items.flatMap(({ text }) => (typeof text === "string" ? [text] : []));
  const words = wordsOf(site);
  return {
    words,
    name,
    secrets: secretNames(site, { words, name }),
    strings,
    owner: plan.user,
    group: plan.group,
    paths: [paths, plan.paths],
    path: relativeFrom(tree.source.path, file),
  };
}

/** A job that runs as root reads every secret: no reason to give one away. */
function ownersOf(substitution: Substitution, base: EntrySite, siblings: readonly EntrySite[]): Substitution {
  const runsAsUser = base.value !== null || siblings.every(({ attrs }) => attrs.some(({ path }) => path[0] === "user"));
  return runsAsUser ? substitution : { ...substitution, owner: null, group: null };
}

/** What a sibling's things may be called after besides its job. */
function wordsOf(site: JobSite): readonly string[] {
  const { job, host } = site;
  const [service] = coveredServices(site);
  const others = [baseName(site.tree.source.path), service ? shortName(service) : "", knownText(job.user) ?? ""];
  const isOwn = (word: string) => word.length > 2 && word !== host.name && !/^(root|restic|borg|backups?)$/.test(word);
  return [...new Set([job.name, ...others.filter(isOwn)])];
}

/** What does not say the job's name is the same for the new one. */
function sharesRepository({ job }: JobSite, substitution: Substitution): boolean {
  const text = showText(job.repository?.text ?? "");
  return rename(text, substitution) === text;
}

function modelUnit({ host, job }: JobSite): ScheduledUnit | null {
  return host.scheduled.find((unit) => unit.job?.option === job.option) ?? null;
}

/** What the sibling's module takes, this one can take too: hosts give all modules the same. */
function argumentsOf({ tree, ...site }: JobSite): readonly string[] {
  const from = site.kind === "entry" ? site.bindings[0] : site.call;
  if (from === undefined) return [];
  return [...outwards(from)]
    .filter(({ kind }) => kind === Kind.lambda)
    .flatMap((lambda) => parameterNames(tree, lambda));
}

function defineDump(draft: Draft, { dump }: Plan): boolean {
  return dump.every((setting) => draft.change((now, near) => defineOption(now, near, setting)));
}

function importInto(
  tree: Parameters<typeof insertImport>[0],
  near: Parameters<typeof insertImport>[1],
  target: string,
): ReturnType<typeof insertImport> {
  const module = moduleAround(tree, near, true);
  const path = relativeFrom("/x", tree.source.path);
  if (module === null) return null;
  return insertImport(tree, module, path === null ? `.${target}` : path(`.${target}`));
}

function formalsInto(
  tree: Parameters<typeof addFormals>[0],
  near: Parameters<typeof addFormals>[1],
  names: readonly string[],
): ReturnType<typeof addFormals> {
  const module = moduleAround(tree, near, true);
  return module === null ? null : addFormals(tree, module, [...new Set(names)]);
}

/** One more element of the list that the sibling's call is in: only in the same file, where its names mean the same. */
export function newCall(context: ScaffoldContext, plan: Plan, siblings: readonly CallSite[]): Scaffolded | null {
  const { cause } = plan.service;
  const own = siblings.filter(({ tree, call }) => tree.source.path === cause?.file && call.parent?.kind === Kind.list);
  // The one that says least besides its name and its paths.
  const [base] = [...own].sort((a, b) => length(a) - length(b));
  if (!cause || base === undefined || base.call.parent === null) return null;
  const list = base.call.parent;
  for (const name of namesFor(plan, siblings.map(namedOf))) {
    if (plan.host.jobs.some((job) => job.name === name)) continue;
    const substitution = substitutionFor(base, plan, name, cause.file);
    const text = cloneText(base.tree, base.call, substitution);
    if (!plan.paths.every((path) => text.includes(path))) return null;
    const draft = new Draft(base.tree, cause);
    if (!draft.change((now) => insertElement(now, list, `(${text})`)) || !defineDump(draft, plan)) return null;
    const secrets = secretsOfCall(base, substitution);
    return finish(context, draft, { base, name, secrets, substitution });
  }
  return null;
}

function length({ call }: CallSite): number {
  return call.end - call.start;
}

/** The function declares them itself. */
function secretsOfCall({ host, job }: CallSite, substitution: Substitution): readonly NewSecret[] {
  return host.secretReads
    .filter((read) => read.job === job)
    .flatMap(({ secret }) => {
      const renamed = secret && renameSecret(secret.name, substitution);
      return secret === null || renamed === null || renamed === secret.name
        ? []
        : [{ path: ["", "", renamed], nix: "{ }" }];
    });
}
