// Runs a whole process and says what it took: wall time, user and system CPU of it and its children, peak memory.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

export interface Cost {
  /** Milliseconds. */
  readonly wall: number;
  /** User and system, milliseconds. */
  readonly cpu: number;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** bash's own `time` has milliseconds; GNU time has hundredths. */
const timed = `TIMEFORMAT='%R %U %S'; time "$@" >/dev/null 2>/dev/null; exit 0`;

export function costOf(command: Command): Cost {
  const { stderr } = spawnSync("bash", ["-c", timed, "bash", command.program, ...command.args], options(command));
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = stderr.trim().split(" ").map(Number);
  if (Number.isNaN(system)) throw new Error(`no times from bash: ${stderr}`);
  return { wall: wall * 1000, cpu: (user + system) * 1000 };
}

/** Megabytes; null where GNU time is not installed. */
export function peakMemory(command: Command): number | null {
  if (!existsSync("/usr/bin/time")) return null;
  const { stderr } = spawnSync("/usr/bin/time", ["-f", "%M", command.program, ...command.args], options(command));
  return Number(stderr.trim().split("\n").at(-1)) / 1024;
}

function options({ cwd, env }: Command): { cwd: string; env: NodeJS.ProcessEnv; encoding: "utf8"; maxBuffer: number } {
  return { cwd: cwd ?? process.cwd(), env: { ...process.env, ...env }, encoding: "utf8", maxBuffer: 2 ** 28 };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Medians of commands that are run in turn, so that whatever else the machine does hits all of them alike. */
export function medianCosts(
  commands: ReadonlyMap<string, Command>,
  rounds: number,
  before: (name: string) => void = () => {},
): Map<string, Cost> {
  const costs = new Map([...commands.keys()].map((name): [string, Cost[]] => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, command] of commands) {
      before(name);
      costs.get(name)?.push(costOf(command));
    }
  }
  const middle = (all: readonly Cost[], part: keyof Cost) => median(all.map((cost) => cost[part]));
  return new Map([...costs].map(([name, all]) => [name, { wall: middle(all, "wall"), cpu: middle(all, "cpu") }]));
}
