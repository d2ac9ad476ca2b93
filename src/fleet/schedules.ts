// When units run: from timers, `startAt`, options of services, in the zone of the host.

import { Unknown } from "../eval/unknown.ts";
import type { Value } from "../eval/value.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { Option } from "../nixpkgs/modules/definition.ts";
import type { Span } from "../source/span.ts";
import { type Calendar, parseCalendar } from "./calendar.ts";
import { DEFAULT_ACCURACY } from "./calendar-window.ts";
import type { JobTimer } from "./jobs.ts";
import {
  attrIn,
  doubtOf,
  flagOf,
  isUnset,
  joinLists,
  type Located,
  noTexts,
  type TextList,
  textIn,
  textsIn,
  textsOf,
} from "./known.ts";
import { isTimeZone } from "./time-zone.ts";
import { type Micros, parseTimeSpan } from "./timespan.ts";

/** When a unit starts. */
export interface Timing {
  readonly unit: string;
  /** The calendar expressions as written. */
  readonly calendar: TextList;
  readonly randomizedDelay: Located | null;
  readonly accuracy: Located | null;
  /** The delay is drawn once for each machine, and stays. */
  readonly isDelayFixed: boolean;
  readonly persistent: boolean;
  /** `OnUnitActiveSec` and the like: it runs, but nobody can say at what hour. */
  readonly monotonic: boolean;
  /** Where the schedule is written; null for a default. */
  readonly span: Span | null;
}

const monotonicKeys = ["OnActiveSec", "OnBootSec", "OnStartupSec", "OnUnitActiveSec", "OnUnitInactiveSec"];

/** What the mechanism says, and a timer of the unit's own. Null: nothing starts it by time. */
export function timingOf(host: Host, unit: string, timer: JobTimer): Timing | null {
  const own = host.option(["systemd", "timers", unit]);
  const ownConfig = own.isDefined ? attrIn(own.value, ["timerConfig"]) : undefined;
  const said =
    timer.kind === "timer-config" ? timerConfig(unit, timer.option.value, timer.option.span) : startAt(unit, timer);
  const added = ownConfig ? timerConfig(unit, ownConfig.value, ownConfig.span ?? own.span) : null;
  if (said === null || added === null) return said ?? added;
  return {
    ...said,
    calendar: joinLists([said.calendar, added.calendar]),
    randomizedDelay: added.randomizedDelay ?? said.randomizedDelay,
    accuracy: added.accuracy ?? said.accuracy,
    isDelayFixed: said.isDelayFixed || added.isDelayFixed,
    persistent: said.persistent || added.persistent,
    monotonic: said.monotonic || added.monotonic,
  };
}

function timerConfig(unit: string, value: Value, span: Span | null): Timing | null {
  if (value === null || isUnset(value)) return null;
  const found = attrIn(value, ["OnCalendar"]);
  const calendar = found ? textsOf(found.value, found.span ?? span) : noTexts;
  return {
    unit,
    calendar: value instanceof Unknown ? { ...noTexts, rest: value } : calendar,
    randomizedDelay: textIn(value, ["RandomizedDelaySec"]) ?? null,
    accuracy: textIn(value, ["AccuracySec"]) ?? null,
    isDelayFixed: isTrue(value, "FixedRandomDelay"),
    persistent: isTrue(value, "Persistent"),
    monotonic: monotonicKeys.some((key) => isKnown(attrIn(value, [key])?.value)),
    span: found?.span ?? span,
  };
}

function isKnown(value: Value | undefined): boolean {
  return value !== undefined && !(value instanceof Unknown);
}

/** systemd takes "true", "yes", "on" and "1" for true. */
function isTrue(value: Value, key: string): boolean {
  const set = attrIn(value, [key])?.value ?? null;
  return flagOf(set) === true || (typeof set === "string" && /^(true|yes|on|1)$/i.test(set));
}

function startAt(unit: string, timer: Extract<JobTimer, { kind: "start-at" }>): Timing | null {
  const { option, fallback, persistent } = timer;
  const calendar = calendarOf(option, fallback);
  if (calendar.items.length === 0 && calendar.possible.length === 0 && calendar.rest === null) return null;
  const base = { unit, randomizedDelay: null, accuracy: null, isDelayFixed: false, persistent, monotonic: false };
  return { ...base, calendar, span: calendar.items.find((item) => item.span !== null)?.span ?? option?.span ?? null };
}

/** An empty string or list is never; an option nobody sets has the module's default. */
function calendarOf(option: Option | null, fallback: string | null): TextList {
  const isSet = option !== null && option.value !== null && (option.isDefined || !isUnset(option.value));
  if (!isSet)
    return fallback === null || option?.value === null
      ? noTexts
      : { ...noTexts, items: [{ text: fallback, span: null }] };
  const texts = textsOf(option.value, option.span);
  return { ...texts, items: texts.items.filter((item) => item.text !== "") };
}

/** A timing as calendar arithmetic wants it, or why it is not known. */
export interface Clock {
  readonly calendars: readonly Calendar[];
  readonly zone: string;
  readonly randomizedDelay: Micros;
  readonly accuracy: Micros;
}

/** Undefined when no calendar is in it: then there is no window. An expression that systemd refuses starts nothing. */
export function clockOf(host: Host, timing: Timing): Clock | Unknown | undefined {
  const { calendar } = timing;
  const texts = [...calendar.items, ...calendar.possible];
  const doubt = calendar.rest ?? texts.map((item) => doubtOf(item.text)).find((reason) => reason !== null);
  if (doubt) return doubt;
  const parsed = texts.map((item) => parseCalendar(String(item.text)));
  const calendars = parsed.filter((result) => result.kind === "calendar");
  if (calendars.length === 0) return undefined;
  const zone = zoneOf(host);
  if (zone instanceof Unknown)
    return calendars.every((entry) => entry.zone !== null) ? { ...lengths(timing), calendars, zone: "UTC" } : zone;
  return { ...lengths(timing), calendars, zone };
}

function lengths({ randomizedDelay, accuracy }: Timing): Pick<Clock, "randomizedDelay" | "accuracy"> {
  return { randomizedDelay: microsOf(randomizedDelay) ?? 0, accuracy: microsOf(accuracy) ?? DEFAULT_ACCURACY };
}

function microsOf(text: Located | null): Micros | null {
  if (typeof text?.text !== "string") return null;
  const span = parseTimeSpan(text.text);
  return span.kind === "span" && Number.isFinite(span.micros) ? span.micros : null;
}

/** `time.timeZone`; null and unset are UTC. */
export function zoneOf(host: Host): string | Unknown {
  const { value } = host.option(["time", "timeZone"]);
  if (value === null || isUnset(value)) return "UTC";
  if (value instanceof Unknown) return value;
  if (typeof value === "string" && isTimeZone(value)) return value;
  return new Unknown("unsupported", "`time.timeZone` is no zone that is known here");
}

/** What systemd orders before, after and with a unit. */
export function relationsOf(host: Host, unit: string): ReadonlySet<string> {
  const value = host.option(["systemd", "services", unit]).value;
  const keys = ["after", "before", "onSuccess", "conflicts"];
  const inUnit = ["After", "Before", "OnSuccess", "Conflicts"];
  const lists = [
    ...keys.map((key) => textsIn(value, [key])),
    ...inUnit.map((key) => textsIn(value, ["unitConfig", key])),
  ];
  const names = lists
    .flatMap((list) => [...list.items, ...list.possible])
    .flatMap(({ text }) => (typeof text === "string" ? text.split(/\s+/) : []));
  return new Set(names.map((name) => name.replace(/\.service$/, "")));
}
