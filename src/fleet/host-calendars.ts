// Every calendar expression of a host that is in sight, and whether systemd accepts it and ever acts on it.

import { type Answer, all, no, undecided, yes } from "../eval/answer.ts";
import { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import { type Calendar, type CalendarError, parseCalendar } from "./calendar.ts";
import { nextElapse } from "./calendar-elapse.ts";
import { COMPARED_RANGE } from "./calendar-window.ts";
import type { FleetHost } from "./fleet-host.ts";
import { doubtOf, type Located, readTexts, type TextList } from "./known.ts";
import { zoneOf } from "./schedules.ts";

export interface HostCalendar {
  /** The option, job or unit it belongs to. */
  readonly option: string;
  readonly text: Located;
  /** Null when the text is not known. */
  readonly parsed: Calendar | CalendarError | null;
  readonly isRefused: Answer;
  readonly neverElapses: Answer;
}

/** Options of services and of the system that hold a calendar. */
const calendarOptions = [
  "nix.gc.dates",
  "nix.optimise.dates",
  "system.autoUpgrade.dates",
  "services.btrfs.autoScrub.interval",
  "services.fstrim.interval",
  "services.sanoid.interval",
  "services.snapper.snapshotInterval",
  "services.snapper.cleanupInterval",
  "services.syncoid.interval",
  "services.zfs.autoScrub.interval",
  "services.zfs.trim.interval",
  "virtualisation.docker.autoPrune.dates",
  "virtualisation.podman.autoPrune.dates",
];

interface Found {
  readonly option: string;
  readonly calendar: TextList;
  readonly certain: Answer;
}

export function hostCalendars({ host, jobs, dumps, timers }: FleetHost): readonly HostCalendar[] {
  const owners = new Map<string, Pick<Found, "option" | "certain">>();
  for (const dump of dumps) for (const unit of dump.units) owners.set(unit, dump);
  for (const job of jobs) owners.set(job.unit, job);
  const found: Found[] = timers.map(({ unit, calendar }) => ({
    option: owners.get(unit)?.option ?? `systemd.timers.${unit}`,
    calendar,
    certain: owners.get(unit)?.certain ?? yes,
  }));
  for (const name of calendarOptions) {
    const option = host.option(name.split("."));
    if (option.isDefined) found.push({ option: name, calendar: readTexts(option), certain: yes });
  }
  return found.flatMap((one) => calendarsOf(host, one));
}

/** An empty text resets the list and says nothing by itself; defaults of modules are right. */
function calendarsOf(host: Host, { option, calendar, certain }: Found): readonly HostCalendar[] {
  const texts = [...calendar.items, ...calendar.possible].filter(({ text, span }) => text !== "" && span !== null);
  const known = texts.map((text) => judge(host, { option, text, certain }));
  const { rest } = calendar;
  return rest === null ? known : [...known, judge(host, { option, text: { text: rest, span: rest.span }, certain })];
}

function judge(host: Host, { option, text, certain }: Pick<HostCalendar, "option" | "text"> & { certain: Answer }) {
  const doubt = doubtOf(text.text);
  if (doubt !== null || typeof text.text !== "string") {
    const answer = doubt === null ? no : undecided(doubt);
    return { option, text, parsed: null, isRefused: answer, neverElapses: answer };
  }
  const parsed = parseCalendar(text.text);
  if (parsed.kind === "calendar")
    return { option, text, parsed, isRefused: no, neverElapses: all([certain, isOver(host, parsed)]) };
  const mayBeKnown = new Unknown("unsupported", parsed.message, text.span);
  const isRefused = all([certain, parsed.certain ? yes : undecided(mayBeKnown)]);
  return { option, text, parsed, isRefused, neverElapses: no };
}

/** Whether there is no elapse from the first of the years that are compared to the last that systemd knows. */
function isOver(host: Host, calendar: Calendar): Answer {
  const zone = zoneOf(host);
  const next = nextElapse(calendar, COMPARED_RANGE.from - 1, typeof zone === "string" ? zone : "UTC");
  return next === null ? yes : no;
}
