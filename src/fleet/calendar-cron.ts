// cron lines, which people put where systemd wants a calendar, rewritten as one.

export interface CronAdvice {
  readonly hint: string;
  /** Absent when no single calendar says the same. */
  readonly suggestion?: string;
}

interface CronField {
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
}

const MINUTE: CronField = { low: 0, high: 59 };
const HOUR: CronField = { low: 0, high: 23 };
const DAY: CronField = { low: 1, high: 31 };
const MONTH: CronField = {
  low: 1,
  high: 12,
  names: ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
/** Sunday is 0 and 7. */
const WEEKDAY: CronField = { low: 0, high: 7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] };

const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ["@hourly", "hourly"],
  ["@daily", "daily"],
  ["@midnight", "daily"],
  ["@monthly", "monthly"],
  ["@yearly", "yearly"],
  ["@annually", "yearly"],
  // cron's week starts on Sunday, systemd's `weekly` on Monday.
  ["@weekly", "Sun *-*-* 00:00:00"],
]);

/** Null when the text does not look like a cron line: five fields, six with seconds in front, or `@daily`. */
export function suggestCron(text: string): CronAdvice | null {
  const trimmed = text.trim();
  if (trimmed.toLowerCase() === "@reboot") return { hint: "this is a cron line: use `OnBootSec` for a run after boot" };
  const nickname = NICKNAMES.get(trimmed.toLowerCase());
  if (nickname !== undefined) return { hint: "this is a cron line", suggestion: nickname };
  const fields = trimmed.split(/\s+/);
  if (fields.length < 5 || fields.length > 6 || !fields.every((field) => /^[\w*/,?#-]+$/.test(field))) return null;
  const [second = "0", minute = "", hour = "", day = "", month = "", weekday = ""] =
    fields.length === 6 ? fields : ["0", ...fields];
  if (!/^[\d*]/.test(minute) || !/^[\d*]/.test(hour)) return null;
  return translateCron({ second, minute, hour, day, month, weekday });
}

interface CronLine {
  readonly second: string;
  readonly minute: string;
  readonly hour: string;
  readonly day: string;
  readonly month: string;
  readonly weekday: string;
}

function translateCron(line: CronLine): CronAdvice {
  const time = [translate(line.hour, HOUR), translate(line.minute, MINUTE), translate(line.second, MINUTE)];
  const day = translate(line.day, DAY);
  const month = translate(line.month, MONTH);
  const weekdays = translateWeekdays(line.weekday);
  if (day === null || month === null || weekdays === null || time.includes(null)) {
    return { hint: "this is a cron line, and systemd's calendars are written `Mon..Fri *-*-* 03:00:00`" };
  }
  // With both given cron runs on days that meet either, systemd on days that meet both.
  if (weekdays !== "" && day !== "*") {
    const clock = time.map(padList).join(":");
    return {
      hint: `this is a cron line: give \`*-${padList(month)}-${padList(day)} ${clock}\` and \`${weekdays} *-${padList(month)}-* ${clock}\` as a list`,
    };
  }
  const clock = time.map((part) => padList(part ?? "*")).join(":");
  const date = `*-${padList(month)}-${padList(day)}`;
  return { hint: "this is a cron line", suggestion: `${weekdays === "" ? "" : `${weekdays} `}${date} ${clock}` };
}

/** A list of cron in systemd's spelling, null when it has no equal. */
function translate(text: string, field: CronField): string | null {
  if (text === "*" || text === "?") return "*";
  const items = text.split(",").map((item) => translateItem(item, field));
  return items.includes(null) ? null : items.join(",");
}

function translateItem(item: string, field: CronField): string | null {
  const { low, high } = field;
  const [, first = "", last, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(item) ?? [];
  if (first === "*") {
    if (last !== undefined || step === undefined || step === "0") return null;
    // A step past the end leaves the first value.
    return low + Number(step) > high ? String(low) : `${low}/${Number(step)}`;
  }
  const from = cronNumber(first, field);
  const to = last === undefined ? null : cronNumber(last, field);
  if (from === null || (last !== undefined && to === null) || (step !== undefined && to === null)) return null;
  const range = to === null ? String(from) : `${from}..${to}`;
  return step === undefined ? range : `${range}/${Number(step)}`;
}

function cronNumber(text: string, field: CronField): number | null {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  const value = named >= 0 ? named : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= field.low && value <= field.high ? value : null;
}

/** Empty for every day. */
function translateWeekdays(text: string): string | null {
  if (text === "*" || text === "?") return "";
  const days = new Set<number>();
  for (const item of text.split(",")) {
    const [, first = "", last = first, step = "1"] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(item) ?? [];
    const from = first === "*" ? 0 : cronNumber(first, WEEKDAY);
    const to = first === "*" ? 6 : cronNumber(last, WEEKDAY);
    if (from === null || to === null || from > to || step === "0") return null;
    for (let day = from; day <= to; day += Number(step)) days.add(day % 7);
  }
  return showDays(days);
}

/** In systemd's order, Monday first; runs of three and more as a range. */
function showDays(days: ReadonlySet<number>): string {
  if (days.size === 7) return "";
  const names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
  const runs: string[][] = [];
  for (const [index, name] of names.entries()) {
    if (!days.has((index + 1) % 7)) continue;
    const before = index > 0 && days.has(index);
    if (before) runs.at(-1)?.push(name);
    else runs.push([name]);
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]}..${run.at(-1)}` : run.join(","))).join(",");
}

/** Two digits, as systemd prints them, steps apart. */
function padList(text: string | null): string {
  return (text ?? "*").replace(/(^|,|\.\.)(\d)(?!\d)/g, "$10$2");
}
