// The program proper: runs `main` on the process's own streams, and keeps what it said where it can be said again.

import { isatty } from "node:tty";
import { openCache } from "./cache.ts";
import type { Io } from "./io.ts";
import { main } from "./main.ts";
import { keepRun, type Repeatable } from "./replay.ts";
import { writeStderr, writeStdout } from "./streams.ts";

/** `argv` without the interpreter and the script; `build` tells this build from all others. */
export async function run(argv: readonly string[], build: string): Promise<void> {
  const started = Date.now() - process.uptime() * 1000;
  const variables = new Set<string>();
  const printed: string[] = [];
  const seen: { repeatable: Repeatable | null } = { repeatable: null };
  const io: Io = {
    stdout(text) {
      printed.push(text);
      writeStdout(text);
    },
    // What went wrong is said anew each time.
    stderr(text) {
      seen.repeatable = null;
      writeStderr(text);
    },
    env: notingVariables(process.env, variables),
    cwd: process.cwd(),
    stdoutIsTerminal: isatty(1),
    stdinIsTerminal: isatty(0),
    // Threads have no terminal of their own; what is laid out for one does not run in them.
    columns: process.stdout.columns,
    now: () => new Date(),
    repeatable(run) {
      seen.repeatable = run;
    },
  };
  const code = await main(argv, io);
  process.exitCode = code;
  const { repeatable } = seen;
  const cache = repeatable === null ? null : openCache(argv, process.env);
  if (repeatable === null || cache === null) return;
  keepRun({ argv, build, started, repeatable, variables: [...variables], stdout: printed.join(""), code }, cache, io);
}

function notingVariables(env: NodeJS.ProcessEnv, read: Set<string>): NodeJS.ProcessEnv {
  return new Proxy(env, {
    get(target, name: string) {
      read.add(name);
      return target[name];
    },
  });
}
