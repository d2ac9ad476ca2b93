// Lengths of time as systemd writes them (`RandomizedDelaySec`, `AccuracySec`, `OnBootSec`). Accepts what systemd's
// own parser accepts and nothing else.

/** Microseconds. Instants are microseconds since 1970 UTC; both stay exact integers in a number until the year 2255. */
export type Micros = number;

export const SECOND: Micros = 1_000_000;
export const MINUTE: Micros = 60 * SECOND;
export const HOUR: Micros = 60 * MINUTE;
export const DAY: Micros = 24 * HOUR;

export interface TimeSpan {
  readonly kind: "span";
  /** Never negative; `Infinity` for `infinity`. Exact up to 285 years. */
  readonly micros: Micros;
}

export interface TimeSpanError {
  readonly kind: "error";
  /** One clause, lower case, ready for a finding. */
  readonly message: string;
  /** What to write instead, when that can be told. */
  readonly hint?: string;
}

/** A month is 30.44 days and a year 365.25 days, as in systemd.time(7). */
const UNITS: ReadonlyMap<string, Micros> = new Map([
  ...["", "s", "sec", "second", "seconds"].map((name): [string, Micros] => [name, SECOND]),
  ...["m", "min", "minute", "minutes"].map((name): [string, Micros] => [name, MINUTE]),
  ...["h", "hr", "hour", "hours"].map((name): [string, Micros] => [name, HOUR]),
  ...["d", "day", "days"].map((name): [string, Micros] => [name, DAY]),
  ...["w", "week", "weeks"].map((name): [string, Micros] => [name, 7 * DAY]),
  ...["M", "month", "months"].map((name): [string, Micros] => [name, 2_629_800 * SECOND]),
  ...["y", "year", "years"].map((name): [string, Micros] => [name, 31_557_600 * SECOND]),
  ...["ms", "msec"].map((name): [string, Micros] => [name, 1000]),
  // The micro sign and the Greek letter are different characters; systemd takes both.
  ...["us", "usec", "\u00b5s", "\u03bcs"].map((name): [string, Micros] => [name, 1]),
]);

/** Spellings people try, and the unit they mean. */
const MISSPELT: ReadonlyMap<string, string> = new Map([
  ["secs", "sec"],
  ["mins", "min"],
  ["hrs", "hr"],
  ["mon", "month"],
  ["wk", "week"],
  ["yr", "year"],
]);

const PART = /[ \t\n\r]*(\+?)(\d*)(?:\.(\d+))?(?![.\d])[ \t\n\r]*([A-Za-z\u00b5\u03bc]*)([ \t\n\r]*)/y;

/** systemd counts in 64 bits; a part whose number does not fit is refused. */
const LARGEST_NUMBER = 2n ** 63n - 1n;

/**
 * A time span as systemd reads it: numbers with units, added up, a bare number in seconds, or `infinity`.
 * Never throws.
 */
export function parseTimeSpan(text: string): TimeSpan | TimeSpanError {
  const trimmed = text.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, "");
  if (trimmed === "") return { kind: "error", message: "the time span is empty" };
  if (trimmed === "infinity") return { kind: "span", micros: Number.POSITIVE_INFINITY };
  let total = 0n;
  let offset = 0;
  while (offset < trimmed.length) {
    PART.lastIndex = offset;
    const match = PART.exec(trimmed);
    const [whole = "", sign = "", digits = "", fraction, unit = "", gap = ""] = match ?? [];
    if (digits === "" && (fraction === undefined || sign !== "")) return unreadable(trimmed, offset);
    const size = UNITS.get(unit);
    if (size === undefined) return unknownUnit(trimmed, unit);
    // A bare number ends at white space only, though a `2` may follow `1h` at once.
    const next = offset + whole.length;
    if (unit === "" && next < trimmed.length && gap === "" && !/[ \t\n\r]$/.test(whole))
      return unreadable(trimmed, next);
    total += partMicros(digits, fraction ?? "", BigInt(size));
    if (BigInt(digits || "0") > LARGEST_NUMBER || total > LARGEST_NUMBER) {
      return { kind: "error", message: `the time span \`${trimmed}\` is too long for systemd` };
    }
    offset = next;
  }
  return { kind: "span", micros: Number(total) };
}

/** Every digit of a fraction counts a tenth of the one before, rounded down each time, as systemd adds them. */
function partMicros(digits: string, fraction: string, unit: bigint): bigint {
  let micros = BigInt(digits || "0") * unit;
  let weight = unit / 10n;
  for (const digit of fraction) {
    micros += BigInt(digit) * weight;
    weight /= 10n;
  }
  return micros;
}

function unreadable(text: string, offset: number): TimeSpanError {
  const rest = text.slice(offset).trim();
  if (rest.startsWith("-")) {
    return { kind: "error", message: `the time span \`${text}\` is negative`, hint: "systemd takes no negative spans" };
  }
  return { kind: "error", message: `\`${text}\` is not a time span: no number at \`${rest}\`` };
}

function unknownUnit(text: string, unit: string): TimeSpanError {
  const message = `\`${unit}\` in the time span \`${text}\` is not a unit`;
  const meant = MISSPELT.get(unit.toLowerCase()) ?? (UNITS.has(unit.toLowerCase()) ? unit.toLowerCase() : undefined);
  const units = "use us, ms, s, min, h, d, w, month (M) or y";
  return { kind: "error", message, hint: meant === undefined ? units : `write \`${meant}\`` };
}
