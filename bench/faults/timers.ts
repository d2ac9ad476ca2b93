// When things run: a timer without what makes up for missed runs, calendars that systemd refuses or never reaches, keys
// that it ignores, a dump that comes just after the job that carries it.

import { force } from "../../src/eval/thunk.ts";
import { Attrs } from "../../src/eval/value.ts";
import { entriesOf } from "../../src/fleet/known.ts";
import type { Span } from "../../src/source/span.ts";
import type { Run } from "../run-flake.ts";
import { type Fault, filesOf } from "./kinds.ts";
import type { Places } from "./places.ts";
import { faultOf, optionOf, resticSites, setJobOption } from "./places-of-jobs.ts";

export function* plantDroppedPersistent(run: Run, places: Places): Iterable<Fault> {
  for (const site of resticSites(run, places)) {
    const { value, isDefined } = optionOf(site, "timerConfig");
    const persistent = value instanceof Attrs ? value.entries.get("Persistent") : undefined;
    // A timer that also runs after boot makes up for what was missed.
    const startsAtBoot = value instanceof Attrs && ["OnBootSec", "OnStartupSec"].some((key) => value.entries.has(key));
    if (isDefined && !startsAtBoot && persistent && force(persistent.value) === true)
      yield* faultOf(site, places.remove(persistent.span));
  }
}

/** The default is daily and persistent; a calendar of one's own replaces all of it. */
export function* plantOwnCalendar(run: Run, places: Places): Iterable<Fault> {
  for (const site of resticSites(run, places))
    if (!optionOf(site, "timerConfig").isDefined)
      yield* faultOf(site, setJobOption(site, "timerConfig", '{ OnCalendar = "03:30"; }'));
}

export function* plantNoTimer(run: Run, places: Places): Iterable<Fault> {
  for (const site of resticSites(run, places)) yield* faultOf(site, setJobOption(site, "timerConfig", "null"));
}

export function* plantCron(run: Run, places: Places): Iterable<Fault> {
  yield* plantCalendar(run, places, "0 3 * * *");
}

export function* plantFebruary(run: Run, places: Places): Iterable<Fault> {
  yield* plantCalendar(run, places, "*-02-30 03:00");
}

function* plantCalendar(run: Run, places: Places, calendar: string): Iterable<Fault> {
  for (const host of run.fleet.hosts)
    for (const unit of host.scheduled) {
      const edits = places.setValue(unit.timing.span, JSON.stringify(calendar));
      if (edits === null || unit.timing.calendar.items.length !== 1) continue;
      const all = run.fleet.hosts.flatMap(({ scheduled }) => scheduled.flatMap(calendarOptions));
      yield { edits, subjects: all, files: filesOf(edits) };
    }
}

/** Findings name the option that holds the expression, whose last name is the mechanism's. */
function calendarOptions({ option, units }: { readonly option: string; readonly units: readonly string[] }) {
  const of = (base: string) =>
    ["", ".timerConfig", ".timerConfig.OnCalendar", ".startAt", ".dates", ".interval"].map((end) => `${base}${end}`);
  const timers = units.flatMap((unit) => [`systemd.timers.${unit}`, `systemd.services.${unit}`]);
  return [option, ...timers].flatMap(of);
}

/** `Restart` becomes `Retsart`. */
export function* plantMisspeltKey(run: Run, places: Places): Iterable<Fault> {
  for (const { host } of run.fleet.hosts)
    for (const { name, option } of entriesOf(host, ["systemd", "services"]).entries) {
      const config = option.value instanceof Attrs ? option.value.entries.get("serviceConfig") : undefined;
      const set = config ? force(config.value) : null;
      if (!(set instanceof Attrs)) continue;
      for (const [key, { span }] of set.entries) {
        const at = key.length > 5 && span ? lastName(places, span, key) : null;
        if (at === null) continue;
        const wrong = `${key.slice(0, 2)}${key.charAt(3)}${key.charAt(2)}${key.slice(4)}`;
        if (wrong === key) continue;
        const edits = [{ span: at, text: wrong }];
        yield { edits, subjects: [`systemd.services.${name}.serviceConfig.${wrong}`], files: filesOf(edits) };
      }
    }
}

/** Where the attrpath says the key. */
function lastName(places: Places, span: Span, key: string): Span | null {
  const text = places.textAt(span);
  return text?.endsWith(key) ? { file: span.file, start: span.start + text.length - key.length, end: span.end } : null;
}

/** Some hours after a job that carries it, with room for its random delay. */
export function* plantDumpAfterJob(run: Run, places: Places): Iterable<Fault> {
  for (const host of run.fleet.hosts) {
    const dumps = host.scheduled.filter(({ kind, dump }) => kind === "dump" && dump?.within === null);
    const backups = host.scheduled.filter(({ kind }) => kind === "backup");
    for (const dump of dumps)
      for (const backup of backups) {
        const time = clockTime(backup.timing.calendar.items[0]?.text);
        if (time === null || dump.dump === null || host.isLost(dump.dump).kind !== "no") continue;
        const own = host.host.option([...dump.option.split("."), "startAt"]);
        const enable = host.host.option([...dump.option.split("."), "enable"]);
        const edits = own.isDefined
          ? places.setValue(own.span, JSON.stringify(later(time)))
          : places.insertBeside(enable.span, `startAt = ${JSON.stringify(later(time))};`);
        if (edits === null || !/Backup$/.test(dump.option)) continue;
        const files = [...filesOf(edits), ...(backup.span ? [backup.span.file] : [])];
        yield { edits, subjects: backups.map(({ option }) => option), files };
      }
  }
}

function clockTime(text: unknown): number | null {
  if (text === "daily") return 0;
  const match = typeof text === "string" ? /^(?:\*-\*-\* )?(\d{1,2}):(\d\d)(?::00)?$/.exec(text) : null;
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

function later(minutes: number): string {
  const at = (minutes + 270) % 1440;
  const two = (value: number) => String(value).padStart(2, "0");
  return `*-*-* ${two(Math.floor(at / 60))}:${two(at % 60)}:00`;
}
