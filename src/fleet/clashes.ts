// Units that get into each other's way: their windows meet on one host or one target machine, and nothing orders them.

import { type Answer, all, no, undecided, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Span } from "../source/span.ts";
import { firstOverlap, type Overlap, type Schedule } from "./calendar-window.ts";
import type { Dump } from "./dumps.ts";
import type { Job } from "./jobs.ts";
import { machineOf, type Repository, repositoryOf } from "./repository.ts";
import { type Clock, clockOf, relationsOf, type Timing, timingOf } from "./schedules.ts";
import { namesOfHost } from "./scrape-targets.ts";
import type { FleetSettings } from "./settings.ts";
import { containsPath } from "./state-paths.ts";
import { MINUTE } from "./timespan.ts";

/** A unit with a schedule, and what it works on. */
export interface ScheduledUnit {
  readonly kind: "backup" | "dump" | "upgrade" | "gc";
  /** The option path that messages show. */
  readonly option: string;
  readonly host: Host;
  readonly units: readonly string[];
  readonly timing: Timing;
  readonly clock: Clock | Unknown;
  /** Minutes. */
  readonly budget: number;
  readonly certain: Answer;
  /** Where somebody chose it. */
  readonly span: Span | null;
  /** Where its time stands: the same place, or the module that gives many units their time. */
  readonly writtenAt: Span | null;
  readonly repository: Repository | null;
  /** The machine it writes to; null for its own host, undefined when that is not known or none of ours. */
  readonly target: string | null | undefined;
  readonly job: Job | null;
  readonly dump: Dump | null;
}

export interface Clash {
  readonly kind: "repository" | "dump-being-written" | "dump-during-backup" | "same-machine" | "reboot" | "gc";
  readonly one: ScheduledUnit;
  readonly other: ScheduledUnit;
  readonly answer: Answer;
  /** The first time, `2025-01-01 03:00 UTC`; null when they never meet or that is not known. */
  readonly first: string | null;
}

export interface ScheduleContext {
  readonly settings: FleetSettings;
  /** Whether somebody chooses in this file: a role or a host. */
  readonly isChoice: (file: string) => boolean;
}

/** Everything on a host that runs by the clock and matters here. */
export function scheduledUnits(
  host: Host,
  jobs: readonly Job[],
  dumps: readonly Dump[],
  { settings, isChoice }: ScheduleContext,
): readonly ScheduledUnit[] {
  const { budgets } = settings;
  return [
    ...jobs.flatMap((job) => scheduleJob(host, job, { budget: budgets.backup, isChoice })),
    ...dumps.filter((dump) => dump.within === null).flatMap((dump) => scheduleDump(host, dump, budgets.dump)),
    ...scheduleSystem(host, {
      kind: "upgrade",
      base: ["system", "autoUpgrade"],
      enable: "enable",
      unit: "nixos-upgrade",
      fallback: "04:40",
      budget: budgets.upgrade,
    }),
    ...scheduleSystem(host, {
      kind: "gc",
      base: ["nix", "gc"],
      enable: "automatic",
      unit: "nix-gc",
      fallback: "03:15",
      budget: budgets.gc,
    }),
  ];
}

type Common = Pick<ScheduledUnit, "host" | "timing" | "clock" | "budget" | "units">;

function withClock(host: Host, timing: Timing | null, units: readonly string[], budget: number): Common | undefined {
  if (timing === null) return undefined;
  const clock = clockOf(host, timing);
  return clock === undefined ? undefined : { host, timing, clock, budget, units };
}

interface JobContext extends Pick<ScheduleContext, "isChoice"> {
  readonly budget: number;
}

function scheduleJob(host: Host, job: Job, { budget, isChoice }: JobContext): readonly ScheduledUnit[] {
  const common = withClock(host, timingOf(host, job.unit, job.timer), [job.unit], budget);
  if (!common || !/^(restic|borg|borgmatic|unit)$/.test(job.mechanism)) return [];
  const repository = repositoryOf(host, job.repository);
  const writtenAt = common.timing.span ?? job.span;
  return [
    {
      ...common,
      kind: "backup",
      option: job.option,
      certain: job.certain,
      span: chosenAt(writtenAt, job, isChoice),
      writtenAt,
      repository,
      target: repository?.machine,
      job,
      dump: null,
    },
  ];
}

/** The time itself where it is the job's own; a module's time is chosen where the job is. */
function chosenAt(writtenAt: Span | null, { span }: Job, isChoice: ScheduleContext["isChoice"]): Span | null {
  if (writtenAt === null || span === null) return writtenAt ?? span;
  return writtenAt.file === span.file || isChoice(writtenAt.file) || !isChoice(span.file) ? writtenAt : span;
}

function scheduleDump(host: Host, dump: Dump, budget: number): readonly ScheduledUnit[] {
  const [unit] = dump.units;
  const common = unit === undefined ? undefined : withClock(host, timingOf(host, unit, dump.timer), dump.units, budget);
  if (!common) return [];
  const location = dump.location?.text;
  const target = typeof location === "string" ? machineOf(host, location) : undefined;
  return [
    {
      ...common,
      kind: "dump",
      option: dump.option,
      certain: dump.certain,
      span: common.timing.span ?? dump.span,
      writtenAt: common.timing.span ?? dump.span,
      repository: null,
      target,
      job: null,
      dump,
    },
  ];
}

interface SystemUnit {
  readonly kind: "upgrade" | "gc";
  readonly base: readonly string[];
  readonly enable: string;
  readonly unit: string;
  readonly fallback: string;
  readonly budget: number;
}

function scheduleSystem(
  host: Host,
  { kind, base, enable, unit, fallback, budget }: SystemUnit,
): readonly ScheduledUnit[] {
  const on = host.option([...base, enable]);
  const certain = on.isDefined ? all([on.is(true), kind === "upgrade" ? rebootsAnyTime(host) : yes]) : no;
  if (certain.kind === "no") return [];
  const timer = { kind: "start-at", option: host.option([...base, "dates"]), fallback, persistent: true } as const;
  const timing = timingOf(host, unit, timer);
  const delay = host.option([...base, "randomizedDelaySec"]);
  const delayed =
    timing && typeof delay.value === "string"
      ? { ...timing, randomizedDelay: { text: delay.value, span: delay.span } }
      : timing;
  const common = withClock(host, delayed, [unit], budget);
  if (!common) return [];
  return [
    {
      ...common,
      kind,
      option: base.join("."),
      certain,
      span: common.timing.span ?? on.span,
      writtenAt: common.timing.span ?? on.span,
      repository: null,
      target: null,
      job: null,
      dump: null,
    },
  ];
}

/** An upgrade disturbs when it reboots, at any hour. */
function rebootsAnyTime(host: Host): Answer {
  const reboot = host.option(["system", "autoUpgrade", "allowReboot"]);
  const window = host.option(["system", "autoUpgrade", "rebootWindow"]);
  if (window.isDefined && window.value !== null) return no;
  return reboot.isDefined ? reboot.is(true) : no;
}

/** Why two units may not run at once; undefined when they may. */
export function clashKind(one: ScheduledUnit, other: ScheduledUnit): Clash["kind"] | undefined {
  const sameHost = one.host === other.host;
  if (one.kind === "backup" && other.kind === "backup") return shareRepository(one, other) ? "repository" : undefined;
  if (one.kind === "backup" && other.kind === "dump") {
    if (sameHost) return readsDump(one.job, other.dump) ? "dump-being-written" : "same-machine";
    return sameMachine(one, other) ? "same-machine" : undefined;
  }
  if (!sameHost || one.kind === other.kind) return undefined;
  if (other.kind === "upgrade" && one.kind !== "gc") return "reboot";
  return other.kind === "gc" && one.kind === "backup" ? "gc" : undefined;
}

/** Several jobs may write to one repository; only removing old snapshots locks the others out. */
function shareRepository(one: ScheduledUnit, other: ScheduledUnit): boolean {
  const [a, b] = [one.repository, other.repository];
  if (!a || !b || a.identity !== b.identity) return false;
  if (one.host !== other.host && (a.machine === null || isSameMachine(one.host, other.host))) return false;
  return one.job?.prunes.kind === "yes" || other.job?.prunes.kind === "yes";
}

/** A host and its variants, by name: `web` and `web.example.org`, `web-iso`. */
export function isSameMachine(a: Host, b: Host): boolean {
  const [one = "", other = ""] = [a, b].map(
    (host) => (namesOfHost(host)[1] ?? host.name).split(".")[0]?.toLowerCase() ?? "",
  );
  return one === other || one.startsWith(`${other}-`) || other.startsWith(`${one}-`);
}

export function readsDump(job: Job | null, dump: Dump | null): boolean {
  const location = dump?.location?.text;
  if (!job || typeof location !== "string") return false;
  return job.paths.items.some(
    ({ text }) => typeof text === "string" && (containsPath(text, location) || containsPath(location, text)),
  );
}

/** Both write to one machine, or one writes to the machine on which the other runs. */
function sameMachine(one: ScheduledUnit, other: ScheduledUnit): boolean {
  const wanted = machinesOf(other);
  return machinesOf(one).some((name) => wanted.some((other) => isSameName(name, other)));
}

/** The names of the machine that a unit writes to; none when that is not known, or none of ours. */
export function machinesOf({ target, host }: ScheduledUnit): readonly string[] {
  if (target === undefined) return [];
  return target === null ? namesOfHost(host) : [target];
}

function isSameName(a: string, b: string): boolean {
  const isAddress = /^[\d.]+$/.test(a) || /^[\d.]+$/.test(b);
  return a === b || (!isAddress && a.split(".")[0] === b.split(".")[0] && (!a.includes(".") || !b.includes(".")));
}

/** Whether they run at once; an order that systemd keeps is no clash. */
export function clashOf(kind: Clash["kind"], one: ScheduledUnit, other: ScheduledUnit, gap: number): Clash {
  const clash = { kind, one, other, first: null };
  if (isOrdered(one, other)) return { ...clash, answer: no };
  const doubt = [one.clock, other.clock].find((clock) => clock instanceof Unknown);
  if (doubt instanceof Unknown) return { ...clash, answer: undecided(doubt) };
  const [a, b] = [scheduleOf(one, gap), scheduleOf(other, gap)];
  const overlap = a && b ? overlapOf(a, b) : null;
  if (!a || !b || overlap === null) return { ...clash, answer: no };
  return {
    ...clash,
    kind:
      kind === "dump-being-written" && overlapOf({ ...a, budget: MINUTE }, b) === null ? "dump-during-backup" : kind,
    first: showInstant(overlap.at),
    answer: all([meetsInSpiteOfDelay(one, other, [a, b]), one.certain, other.certain]),
  };
}

/** A delay that is drawn once may keep two units apart for good. */
function meetsInSpiteOfDelay(one: ScheduledUnit, other: ScheduledUnit, [a, b]: readonly [Schedule, Schedule]): Answer {
  const fixed = [one, other].find(({ timing }) => timing.isDelayFixed);
  if (!fixed) return yes;
  const undelayed = ({ timing }: ScheduledUnit, schedule: Schedule): Schedule =>
    timing.isDelayFixed ? { ...schedule, randomizedDelay: 0 } : schedule;
  if (overlapOf(undelayed(one, a), undelayed(other, b))) return yes;
  const message = `the delay of \`${fixed.option}\` is drawn once for the machine`;
  return undecided(new Unknown("impure", message, fixed.writtenAt));
}

function showInstant(micros: number): string {
  return `${new Date(micros / 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

export function isOrdered(one: ScheduledUnit, other: ScheduledUnit): boolean {
  if (one.host !== other.host) return false;
  return isRelated(one, other) || isRelated(other, one);
}

function isRelated(one: ScheduledUnit, other: ScheduledUnit): boolean {
  const related = one.units.some((unit) => [...relationsOf(one.host, unit)].some((name) => other.units.includes(name)));
  return related || (one.job !== null && other.units.some((unit) => one.job?.prepare.text.includes(unit)));
}

function scheduleOf({ clock, budget }: ScheduledUnit, gap: number): Schedule | undefined {
  if (clock instanceof Unknown) return undefined;
  return { ...clock, budget: (budget + gap) * MINUTE };
}

const overlaps = new Map<string, Overlap | null>();

/** Hosts that share a role share its schedules: four years are walked once. */
function overlapOf(a: Schedule, b: Schedule): Overlap | null {
  const key = JSON.stringify([a, b]);
  const known = overlaps.get(key);
  if (known !== undefined) return known;
  const overlap = firstOverlap(a, b);
  overlaps.set(key, overlap);
  return overlap;
}
