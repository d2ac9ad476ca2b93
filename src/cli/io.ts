// Everything the command line touches of the process, as data: with another `Io` the whole program runs in a test.

import type { Prompts } from "./init-prompts.ts";
import type { Repeatable } from "./replay.ts";

export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute, symlinks resolved. */
  readonly cwd: string;
  readonly stdoutIsTerminal: boolean;
  /** How wide the terminal is, where there is one. */
  readonly columns?: number | undefined;
  /** Whether somebody is there to be asked. */
  readonly stdinIsTerminal?: boolean;
  /** Who answers instead of a person. */
  readonly prompts?: Prompts;
  readonly now: () => Date;
  /** Told what the run came from when nothing else is needed to know that it would say the same again. */
  readonly repeatable?: (run: Repeatable) => void;
}

/** `YYYY-MM-DD` in UTC; `SOURCE_DATE_EPOCH` (seconds) stands in for the clock. */
export function today(io: Pick<Io, "env" | "now">): string {
  return currentTime(io).toISOString().slice(0, 10);
}

export function currentTime({ env, now }: Pick<Io, "env" | "now">): Date {
  const epoch = env.SOURCE_DATE_EPOCH;
  if (epoch === undefined || !/^\d{1,12}$/.test(epoch)) return now();
  return new Date(Number(epoch) * 1000);
}
