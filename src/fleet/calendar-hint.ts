// What somebody meant who wrote a calendar that systemd refuses: cron lines, clock times, wrong spellings. A suggestion
// is only given when systemd accepts it and it says the same.

import { suggestCron } from "./calendar-cron.ts";
import { spellTimeZone } from "./time-zone.ts";

export interface CalendarAdvice {
  readonly hint?: string;
  readonly suggestion?: string;
  readonly certain: boolean;
}

type Accepts = (text: string) => boolean;

/** `accepts` is the parser: it has the last word on every suggestion. */
export function suggestCalendar(text: string, accepts: Accepts): CalendarAdvice {
  const cron = suggestCron(text);
  if (cron !== null) {
    const { suggestion } = cron;
    if (suggestion !== undefined && accepts(suggestion)) return advise(suggestion, "this is a cron line");
    return { hint: cron.hint, certain: true };
  }
  if (onlyHostKnows(text)) {
    return { hint: "a zone abbreviation is accepted only where it is the host's own", certain: false };
  }
  const suggestion = candidates(text).find((candidate) => candidate !== text && accepts(candidate));
  if (suggestion !== undefined) return advise(suggestion);
  if (/(?:^|[ :,-])\*\//.test(text)) return { hint: "a step needs a start: `0/15`, not `*/15`", certain: true };
  if (/ [+-]\d\d:?\d\d$|Z$/.test(text))
    return { hint: "an offset is not a zone: use `UTC` or a name such as `Europe/Berlin`", certain: true };
  if (/^\d+ ?(?:s|m|min|h|d|sec|minutes?|hours?|days?)$/i.test(text)) {
    return { hint: "a length of time belongs into `OnUnitActiveSec` or `OnBootSec`", certain: true };
  }
  return { certain: true };
}

function advise(suggestion: string, why?: string): CalendarAdvice {
  const hint = `write \`${suggestion}\``;
  return { hint: why === undefined ? hint : `${why}: ${hint}`, suggestion, certain: true };
}

/** `03:00 CEST`: right on a host in that zone, wrong elsewhere; or a zone newer than the tables here. */
function onlyHostKnows(text: string): boolean {
  const last = text.slice(text.lastIndexOf(" ") + 1);
  if (!text.includes(" ") || spellTimeZone(last) !== null) return false;
  return /^[A-Z]{3,5}$/.test(last) || /^(?:right\/)?[A-Z][A-Za-z]+\/[A-Z][A-Za-z_/-]+$/.test(last);
}

/** Likely meanings, the likeliest first. */
function candidates(text: string): string[] {
  const tidy = text.replace(/\s+/g, " ").replace(/ ?, ?/g, ",");
  const simple = [tidy, spellZone(tidy), ...namedTimes(tidy), clockTime(tidy), isoDate(tidy)];
  const rewritten = simple.flatMap((form) => [
    form,
    spellWeekdays(form),
    weekdaysFirst(form),
    hourRange(spellWeekdays(form)),
    stepStart(form),
  ]);
  return [...rewritten, ...rewritten.map(splitBackwardWeekdays), ...rewritten.map(wrapMidnight)];
}

function spellZone(text: string): string {
  const space = text.lastIndexOf(" ");
  const zone = space < 0 ? null : spellTimeZone(text.slice(space + 1));
  return zone === null ? text : `${text.slice(0, space)} ${zone}`;
}

/** Words that other schedulers have, and `every` before one that systemd has. */
function namedTimes(text: string): string[] {
  const word = text.toLowerCase().replace(/^(?:@|every[ -])/, "");
  const meant = NAMED.get(word);
  return [...(meant === undefined ? [] : [meant]), word];
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ["midnight", "daily"],
  ["nightly", "daily"],
  ["noon", "*-*-* 12:00:00"],
  ["minute", "minutely"],
  ["hour", "hourly"],
  ["day", "daily"],
  ["night", "daily"],
  ["week", "weekly"],
  ["month", "monthly"],
  ["quarter", "quarterly"],
  ["year", "yearly"],
  ["annual", "yearly"],
  ["dayly", "daily"],
  ["weekley", "weekly"],
  ["montly", "monthly"],
]);

/** `2am`, `4 pm`, `02h30`, `02.30`, `0430`: hours and minutes by another name. */
function clockTime(text: string): string {
  return text
    .replace(/\b(\d{1,2})(?::(\d\d))? ?([ap])m\b/i, (_, hour: string, minute: string | undefined, half: string) => {
      const shift = half.toLowerCase() === "p" ? 12 : 0;
      return `${String((Number(hour) % 12) + shift).padStart(2, "0")}:${minute ?? "00"}`;
    })
    .replace(/\b(\d{1,2})h(\d\d)?\b/i, (_, hour: string, minute: string | undefined) => `${hour}:${minute ?? "00"}`)
    .replace(/(^| )(\d{1,2})\.(\d\d)$/, "$1$2:$3")
    .replace(/(^| )(\d\d)(\d\d)$/, "$1$2:$3");
}

function isoDate(text: string): string {
  return text.replace(
    /^((?:\S+ )?\S+-\S+-\S+?)T(\S*:\S*?)(Z?)$/,
    (_, date: string, time: string, zulu: string) => `${date} ${time}${zulu === "" ? "" : " UTC"}`,
  );
}

/** `Thur`, `Tues`, `mondays`: the first three letters say which day. */
function spellWeekdays(text: string): string {
  return text
    .replace(/\b(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?s?\b/gi, (word) => {
      return word.charAt(0).toUpperCase() + word.slice(1, 3).toLowerCase();
    })
    .replace(/ (?:-|to) (?=[A-Z])/g, "..");
}

/** `04:00 Mon`. */
function weekdaysFirst(text: string): string {
  return text.replace(/^(\S.*) ((?:mon|tue|wed|thu|fri|sat|sun)[a-z.,-]*)$/i, "$2 $1");
}

/** `Mon-Fri 08-18:00`: ranges of numbers have two dots. */
function hourRange(text: string): string {
  return text.replace(/(^| )(\d{1,2})-(\d{1,2}):/, "$1$2..$3:");
}

/** `*:*` with a step: minutes and hours count from 0, days and months from 1. */
function stepStart(text: string): string {
  return text.replace(/\*\/(\d+)(?=[^ ]*:|[^ -]*$)/g, "0/$1").replace(/\*\/(\d+)/g, "1/$1");
}

/** `Fri..Mon` goes over the end of systemd's week. */
function splitBackwardWeekdays(text: string): string {
  return text.replace(
    /^([a-z]{3})[a-z]*(?:\.\.|-)([a-z]{3})[a-z]*(?=[ ,]|$)/i,
    (whole, first: string, last: string) => {
      const from = WEEK.indexOf(first.toLowerCase());
      const to = WEEK.indexOf(last.toLowerCase());
      if (from <= to || to < 0) return whole;
      const head = to === 0 ? "Mon" : `Mon..${name(to)}`;
      return `${head},${from === 6 ? "Sun" : `${name(from)}..Sun`}`;
    },
  );
}

const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

function name(day: number): string {
  const lower = WEEK[day] ?? "";
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

/** `24:00` is the midnight that starts the next day; only every day is it the same. */
function wrapMidnight(text: string): string {
  return text.replace(/^(\*-\*-\* )?24:00(?::00)?(?= |$)/, "*-*-* 00:00:00");
}
