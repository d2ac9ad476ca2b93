// systemd-analyze as the judge of calendars and time spans: asks it about many expressions in one run.

import { spawnSync } from "node:child_process";

export interface Verdict {
  /** systemd ran into its own limit of steps ("Resource deadlock avoided"), a bug of its versions 251 and up. */
  readonly gaveUp: boolean;
  /** Null when systemd refuses the text. */
  readonly normalized: string | null;
  /** Whole seconds since 1970, as far as asked for. */
  elapses: readonly number[];
}

export const systemdVersion = readVersion();

/** Why the comparison does not run, null when it does. */
export const whySkipped = systemdVersion === null ? "systemd-analyze is not installed" : null;

function readVersion(): number | null {
  const { stdout } = spawnSync("systemd-analyze", ["--version"], { encoding: "utf8" });
  const version = /systemd (\d+)/.exec(stdout ?? "")?.[1];
  return version === undefined ? null : Number(version);
}

export function judgeCalendars(
  texts: readonly string[],
  ask: { zone: string; after: number; iterations: number },
): Verdict[] {
  const base = new Date(ask.after * 1000).toISOString().replace("T", " ").slice(0, 19);
  const args = ["calendar", `--iterations=${ask.iterations}`, `--base-time=${base} UTC`, "--", ...texts];
  const { stdout, stderr } = run(args, ask.zone);
  const refused = new Set([...stderr.matchAll(/calendar specification '(.*)':/g)].map((match) => match[1]));
  const stuck = new Set([...stderr.matchAll(/next elapse for '(.*)':/g)].map((match) => match[1]));
  const blocks = stdout.split(/\n\s*\n/).filter((block) => block.includes("Normalized form"));
  return texts.map((text) => {
    if (stuck.has(text)) return { gaveUp: true, normalized: null, elapses: [] };
    if (refused.has(text)) return { gaveUp: false, normalized: null, elapses: [] };
    const block = blocks.shift() ?? "";
    return { gaveUp: false, normalized: /Normalized form: (.*)/.exec(block)?.[1] ?? null, elapses: readElapses(block) };
  });
}

/** The UTC lines, or the local ones where local is UTC and the others are left out. */
function readElapses(block: string): number[] {
  const utc = [...block.matchAll(/^ *(?:\(in UTC\)|Next elapse|Iter[^:]*): \w+ (\d+-\d+-\d+) (\d+:\d+:\d+) UTC$/gm)];
  return utc.map(([, date, time]) => Date.parse(`${date}T${time}Z`) / 1000);
}

/** Microseconds, null when systemd refuses the text. */
export function judgeTimeSpan(text: string): bigint | null {
  const { stdout } = run(["timespan", "--", text], "UTC");
  const micros = /[\u00b5\u03bc]s: (\d+)/.exec(stdout)?.[1];
  return micros === undefined ? null : BigInt(micros);
}

function run(args: readonly string[], zone: string): { stdout: string; stderr: string } {
  const env = { ...process.env, TZ: zone, LC_ALL: "C.UTF-8", SYSTEMD_COLORS: "0" };
  const { stdout, stderr, error } = spawnSync("systemd-analyze", [...args], {
    encoding: "utf8",
    env,
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  return { stdout, stderr };
}
