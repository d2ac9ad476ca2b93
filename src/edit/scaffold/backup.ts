// The backup of a service that has none, as the flake writes the backups of its other services: a path more for the one
// job of the host, an entry like the others', or a call of the same function. Nothing when there is no example.

import type { Dump } from "../../fleet/dumps.ts";
import type { FleetHost } from "../../fleet/fleet.ts";
import { knownText } from "../../fleet/known.ts";
import { excludedStates } from "../../fleet/partial-state.ts";
import type { State } from "../../fleet/service-state.ts";
import type { Service } from "../../fleet/services.ts";
import { newCall, newEntry } from "./beside.ts";
import {
  type Central,
  canTake,
  extendCentral,
  extendFeeder,
  extendJob,
  extendLists,
  isSaidBySeveral,
  pathsAttr,
} from "./central.ts";
import { type CallSite, coveredServices, type EntrySite, type JobSite, siteOf } from "./job-sites.ts";
import { baseName, type Plan, planFor, shortName } from "./plan.ts";
import type { ScaffoldContext, Scaffolded } from "./scaffold.ts";

/** Null when it is not known what to save, or nothing in the flake shows how. */
export function scaffoldBackup(
  context: ScaffoldContext,
  host: FleetHost,
  { service, states }: { readonly service: Service; readonly states: readonly State[] },
): Scaffolded | null {
  const { cause } = service;
  const plan = planFor(host, service, states);
  if (plan === null || cause === null || context.writing.tree(cause.file) === null) return null;
  if (isLeftOut(host, states)) return null;
  const sites = sitesOf(context, host);
  const own = ownJobOf(host, sites, plan) ?? centralOf(context, sites, plan);
  const extended =
    (own && extendCentral(context, plan, own)) ?? extendOwnList(context, plan) ?? extendFeeder(context, plan);
  if (extended !== null) return extended;
  for (const group of groupsOf(sites, host)) {
    const made = isEntries(group)
      ? newEntry(context, plan, group)
      : newCall(context, plan, group as readonly CallSite[]);
    if (made !== null) return made;
  }
  return null;
}

/** A job has it, but for a pattern of its own: that goes or stays, and no other job is written. */
function isLeftOut(host: FleetHost, states: readonly State[]): boolean {
  return excludedStates(host).some(
    ({ state, answer, isOwn }) => isOwn && answer.kind === "yes" && states.includes(state),
  );
}

/** The dumps of a host go with the job that saves other things of it, when there is no doubt which. */
export function scaffoldCarrying(context: ScaffoldContext, host: FleetHost, dump: Dump): Scaffolded | null {
  const location = knownText(dump.location ?? undefined);
  if (location === undefined) return null;
  const wanted = { paths: [location], user: dump.user };
  const entries = sitesOf(context, host).filter(
    (site): site is EntrySite => site.kind === "entry" && site.host === host && canTake(site.job, wanted),
  );
  const central = entries.filter((site) => coveredServices(site).length > 1 || isNamedForAll(site));
  const [site, ...others] = central.length > 0 ? central : entries;
  return site === undefined || others.length > 0 ? null : extendJob(context, site, location);
}

function isEntries(group: readonly JobSite[]): group is readonly EntrySite[] {
  return group[0]?.kind === "entry";
}

const known = new WeakMap<FleetHost, readonly JobSite[]>();

function sitesOf(context: ScaffoldContext, host: FleetHost): readonly JobSite[] {
  const sites = known.get(host) ?? findSites(context, host);
  known.set(host, sites);
  return sites;
}

/** Those of the host itself first. One place that makes jobs of several hosts counts once. */
function findSites(context: ScaffoldContext, host: FleetHost): readonly JobSite[] {
  const { fleet } = context;
  const hosts = [host, ...[...fleet.hosts, ...fleet.roles].filter((other) => other !== host)];
  const seen = new Set<string>();
  return hosts.flatMap((other) =>
    other.jobs.flatMap((job) => {
      if (!/^(restic|borg)$/.test(job.mechanism)) return [];
      const site = siteOf(other, job, context);
      if (site === null) return [];
      const place = `${site.tree.source.path} ${site.kind === "call" ? site.call.start : site.bindings[0]?.start}`;
      if (seen.has(place)) return [];
      seen.add(place);
      return [site];
    }),
  );
}

/** A list of paths in a file that is about the service, or the only one of the job that saves the whole host. */
function extendOwnList(context: ScaffoldContext, plan: Plan): Scaffolded | null {
  const able = plan.host.jobs.filter((job) => /^(restic|borg)$/.test(job.mechanism) && canTake(job, plan));
  for (const job of able) {
    const made = extendLists(context, plan, { job, anywhere: false });
    if (made !== null) return made;
  }
  const [job, ...others] = able;
  const isGeneral = job !== undefined && others.length === 0 && isNamedForAll({ job, host: plan.host });
  return isGeneral ? extendLists(context, plan, { job, anywhere: true }) : null;
}

/** The job that several services of the host share, or that is about no service in particular. */
function centralOf(context: ScaffoldContext, sites: readonly JobSite[], plan: Plan): Central | null {
  const { host } = plan;
  const all = sites.filter((site): site is EntrySite => site.kind === "entry" && site.host === host);
  // Somebody else's job cannot read it.
  const own = all.filter(({ job }) => canTake(job, plan));
  const judged = own.flatMap((site) => {
    const covered = coveredServices(site);
    const isShared = covered.length > 1 && !isOneOfMany(site, all) && !isNamedAfterFile(site);
    const attr = pathsAttr(site);
    const isSpread = attr !== null && isSaidBySeveral(context, [...site.path, attr]);
    const isGeneral = all.length === 1 && (covered.length === 0 ? !isNamedLikeService(site) : isNamedForAll(site));
    return isShared || isGeneral || isSpread ? [{ site, count: covered.length }] : [];
  });
  const best = judged.sort((a, b) => b.count - a.count)[0];
  return best === undefined ? null : { site: best.site };
}

/** The job that is called like the service, and saves something else or only a part of it. */
function ownJobOf(host: FleetHost, sites: readonly JobSite[], plan: Plan): Central | null {
  const { name, units } = plan.service;
  const isCalledSo = ({ job }: EntrySite) => [name, shortName(plan.service), ...units].includes(job.name);
  const site = sites.find((one): one is EntrySite => one.kind === "entry" && one.host === host && isCalledSo(one));
  return site !== undefined && canTake(site.job, plan) ? { site } : null;
}

/** Where every service has an entry of its own, one that happens to save two is not everybody's. */
function isOneOfMany({ path }: EntrySite, all: readonly EntrySite[]): boolean {
  const container = path.slice(0, -1).join(".");
  return all.filter((other) => other.path.slice(0, -1).join(".") === container).length > 2;
}

function isNamedAfterFile({ tree, job, host }: EntrySite): boolean {
  return baseName(tree.source.path) === job.name && job.name !== host.name;
}

function isNamedForAll({ job, host }: Pick<EntrySite, "job" | "host">): boolean {
  const general = /^(all|system|everything|default|main|server|data|backups?|daily|nightly|local|remote|restic|borg)$/i;
  const isWhole = /^(all|everything|full|host|machine|root|system)[-_.]/i.test(job.name);
  return job.name === host.name || general.test(job.name) || isWhole;
}

function isNamedLikeService({ host, job }: JobSite): boolean {
  return host.services.some(({ name, units, user }) => [name, ...units, user?.text].includes(job.name));
}

/** Entries of one option, or calls; the larger groups and those of the host first. */
function groupsOf(sites: readonly JobSite[], host: FleetHost): readonly (readonly JobSite[])[] {
  const groups = new Map<string, JobSite[]>();
  for (const site of sites) {
    const key = site.kind === "call" ? `call ${site.tree.source.path}` : site.path.slice(0, -1).join(".");
    groups.set(key, [...(groups.get(key) ?? []), site]);
  }
  const isOwn = (group: readonly JobSite[]) => Number(group.some((site) => site.host === host));
  return [...groups.values()].sort((a, b) => isOwn(b) - isOwn(a) || b.length - a.length);
}
