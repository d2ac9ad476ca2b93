// Where the flake's backup jobs are written: as entries of an option (`services.restic.backups.x`, or one of the flake's
// own that makes them), or as calls of a function that makes them.

import { deepTexts } from "../../fleet/deep-texts.ts";
import type { FleetHost } from "../../fleet/fleet.ts";
import type { Job } from "../../fleet/jobs.ts";
import type { Service } from "../../fleet/services.ts";
import { containsPath } from "../../fleet/state-paths.ts";
import type { AttrPath } from "../../nixpkgs/modules/definition.ts";
import type { FileSystem } from "../../source/file-system.ts";
import { type ConcreteNode, type ConcreteTree, isSet, nodeAround, outwards } from "../../syntax/concrete.ts";
import { Kind } from "../../syntax/flat-tree.ts";
import { attrPathOf, boundExpr, isItem, itemsOf } from "../bindings.ts";
import type { Writing } from "../writing.ts";
import { calledName } from "../written.ts";
import type { WrittenBinding, WrittenIndex } from "./written-index.ts";

export interface EntryAttr {
  /** Below the entry. */
  readonly path: readonly (string | null)[];
  readonly item: ConcreteNode;
}

interface Site {
  readonly host: FleetHost;
  readonly job: Job;
  readonly tree: ConcreteTree;
}

export interface EntrySite extends Site {
  readonly kind: "entry";
  /** `mares.backup.restic.jobs.hass`. */
  readonly path: AttrPath;
  readonly attrs: readonly EntryAttr[];
  /** Its value, when that is no set that is written out: a call, mostly. */
  readonly value: ConcreteNode | null;
  readonly bindings: readonly ConcreteNode[];
}

export interface CallSite extends Site {
  readonly kind: "call";
  readonly call: ConcreteNode;
}

export type JobSite = EntrySite | CallSite;

export interface SiteContext {
  readonly index: WrittenIndex;
  readonly writing: Writing;
  readonly fs: FileSystem;
}

export function siteOf(host: FleetHost, job: Job, context: SiteContext): JobSite | null {
  return entrySite(host, job, context) ?? callSite(host, job, context);
}

/** Options that have an attr for a job without making it. */
const besides = /^(systemd|sops|age|users|environment|fileSystems|programs|networking)$/;

function entrySite(host: FleetHost, job: Job, context: SiteContext): EntrySite | null {
  const found = new Map<string, { path: AttrPath; bindings: WrittenBinding[] }>();
  for (const binding of context.index.named(job.name)) {
    const path = binding.path.slice(0, binding.path.indexOf(job.name) + 1);
    if (path.length < 2 || besides.test(path[0] ?? "") || !isOfHost(host, binding)) continue;
    const key = `${binding.tree.source.path} ${JSON.stringify(path)}`;
    const group = found.get(key) ?? { path, bindings: [] };
    group.bindings.push(binding);
    found.set(key, group);
  }
  const sites = [...found.values()]
    .filter(({ path }) => path.join(".") === job.option || makesJob(host, path, job, context))
    .map(({ path, bindings }) => readEntry({ host, job, path, bindings }));
  // One of the flake's own options before the one that it is turned into; the file that says most before others.
  const own = (site: EntrySite) => Number(site.path.join(".") !== job.option);
  return sites.sort((a, b) => own(b) - own(a) || b.attrs.length - a.attrs.length)[0] ?? null;
}

function isOfHost(host: FleetHost, { tree }: WrittenBinding): boolean {
  const { path } = tree.source;
  return host.host.modules.some(({ file }) => file === path || `${file}/default.nix` === path);
}

/** Whether what the job backs up is said in the option's value. */
function makesJob(host: FleetHost, path: AttrPath, job: Job, { fs }: SiteContext): boolean {
  const texts = new Set(deepTexts(host.host.option(path).value, fs).texts.map(({ text }) => text));
  const paths = job.paths.items.flatMap(({ text }) => (typeof text === "string" ? [text] : []));
  return paths.length > 0 && paths.every((text) => texts.has(text));
}

interface Entry extends Pick<EntrySite, "host" | "job" | "path"> {
  readonly bindings: readonly WrittenBinding[];
}

function readEntry({ host, job, path, bindings }: Entry): EntrySite {
  const [first] = bindings;
  if (first === undefined) throw new Error("an entry without a binding");
  const depth = path.length;
  const whole = bindings.filter((binding) => binding.path.length === depth);
  const values = whole.map(({ node }) => boundExpr(node));
  const written = values.filter((value) => value !== null && isSet(value)).flatMap((set) => (set ? itemsOf(set) : []));
  const inner = written.map((item) => ({ path: namesOf(first.tree, item), item }));
  // `jobs.x.paths = …` says the same without a set around it; what is in that set is there already.
  const outer = bindings
    .filter((binding) => binding.path.length > depth && !written.some((item) => holds(item, binding.node)))
    .filter((binding, _, all) => !all.some((other) => other !== binding && holds(other.node, binding.node)))
    .map((binding) => ({ path: binding.path.slice(depth), item: binding.node }));
  const value = values.find((one) => one !== null && !isSet(one)) ?? null;
  return {
    kind: "entry",
    host,
    job,
    tree: first.tree,
    path,
    attrs: [...inner, ...outer],
    value,
    bindings: [...whole.map(({ node }) => node), ...outer.map(({ item }) => item)],
  };
}

function namesOf(tree: ConcreteTree, item: ConcreteNode): readonly (string | null)[] {
  return item.kind === Kind.binding ? attrPathOf(tree, item) : [null];
}

function holds(outer: ConcreteNode, inner: ConcreteNode): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** `(makeBackup "x" [ "/var/lib/x" ] { })` around a path that the job backs up. */
function callSite(host: FleetHost, job: Job, { writing }: SiteContext): CallSite | null {
  for (const { span } of job.paths.items) {
    const tree = span && writing.tree(span.file);
    if (!span || !tree) continue;
    for (const node of outwards(nodeAround(tree, span.start, span.end))) {
      if (isItem(node) && node.parent !== null && node.parent.kind === Kind.let) break;
      if (node.kind !== Kind.apply || node.parent?.kind === Kind.apply) continue;
      if (/^mk(If|Merge|Force|Default|Override|Before|After)$/.test(calledName(tree, node) ?? "")) break;
      if (namesJob(tree, node, job.name)) return { kind: "call", host, job, tree, call: node };
    }
  }
  return null;
}

function namesJob(tree: ConcreteTree, node: ConcreteNode, name: string): boolean {
  const { text } = tree.source;
  const waiting = [...node.children];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.kind === Kind.string && text.slice(next.start + 1, next.end - 1) === name) return true;
    for (const child of next.children) waiting.push(child);
  }
  return false;
}

/** Services of the host whose state the job saves. */
export function coveredServices({ host, job }: JobSite): readonly Service[] {
  const paths = job.paths.items.flatMap(({ text }) => (typeof text === "string" ? [text] : []));
  return host.services.filter((service) =>
    service.essentialState.some(({ path }) => {
      const text = path?.text;
      return typeof text === "string" && paths.some((outer) => savesPath(outer, text));
    }),
  );
}

/** Also where it really is: below `/var/lib/private`, or on the disk that `/` is put together from. */
function savesPath(saved: string, path: string): boolean {
  return containsPath(saved, path) || containsPath(saved.replace("/private/", "/"), path) || saved.endsWith(path);
}
