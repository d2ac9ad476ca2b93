// Starts the program: in a thread whose stack is deep enough for any flake when it evaluates one, and ends as it ends.

import { join } from "node:path";
import { isatty } from "node:tty";
import { setFlagsFromString } from "node:v8";
import { SHARE_ENV, Worker } from "node:worker_threads";
import { openCache } from "./cache.ts";
import { touchesNothing } from "./hook-record.ts";
import { replay } from "./replay.ts";
import { build, runProgram } from "./run-program.ts";
import { writeAll } from "./streams.ts";

/** Evaluation recurses as deep as Nix does (10,000 calls); memory is taken only as far as the stack grows. */
const stackSizeMb = 256;
/** What evaluation gives up at is less (see `eval/budget.ts`); this is only the end of what nothing else stopped. */
const maxMemoryMb = 4096;
const longestMinutes = 5;
/** Commands that evaluate nothing need no deep stack, and questions need the thread that has the terminal. */
const evaluatesNothing = /^(init|rules|config|explain|help|--help|-h|--version|-V)$/;

const argv = process.argv.slice(2);

// A run is too short for most of what V8 would optimise: only what is really hot pays for the time it takes. Later
// releases of Node have no such flag, and would say so.
if (process.version.startsWith("v20.")) setFlagsFromString("--interrupt-budget=500000");
// Almost all of what evaluation makes is needed until the end: looking for garbage early finds none.
setFlagsFromString("--initial-heap-size=256");
// What backtracks without end on somebody's text is matched breadth-first instead.
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");

if (argv.includes("--hook") && touchesNothing(argv, { env: process.env, cwd: process.cwd() })) process.exitCode = 0;
else if (evaluatesNothing.test(argv[0] ?? "")) void runProgram(argv, { directory: __dirname, use: "telling" });
else if (!repeatRun()) startProgram();

/** Whether an earlier run said it all. */
function repeatRun(): boolean {
  const surroundings = {
    env: process.env,
    cwd: process.cwd(),
    stdoutIsTerminal: isatty(1),
    now: () => new Date(),
  };
  const cache = openCache(argv, process.env);
  const before = cache && replay({ argv, build }, cache, surroundings);
  if (before === null) return false;
  // The program itself says why it cannot be said again.
  if (writeAll(1, before.stdout) !== null) return false;
  process.exitCode = before.code;
  return true;
}

function startProgram(): void {
  const worker = new Worker(join(__dirname, "worker.cjs"), {
    workerData: argv,
    env: SHARE_ENV,
    resourceLimits: { stackSizeMb, maxOldGenerationSizeMb: maxMemoryMb },
  });
  worker.on("exit", (code) => {
    process.exitCode ??= code;
  });
  worker.on("error", reportCrash);
  // This thread is idle, so an interrupt is answered at once.
  process.once("SIGINT", () => process.exit(130));
  // Evaluation ends with its budget; whatever does not is stopped all the same.
  setTimeout(stopProgram, longestMinutes * 60_000).unref();
}

function reportCrash(error: Error & { readonly code?: string }): void {
  process.exitCode = 2;
  if (error.code === "ERR_WORKER_OUT_OF_MEMORY") {
    say(
      `the evaluation needs more memory than the ${maxMemoryMb} MB it may use`,
      "a value in the flake has no end, or grows without need",
    );
  } else {
    process.stderr.write(`${error.stack ?? error.message}\nthis is a bug in nixlint\n`);
  }
}

function stopProgram(): void {
  say(`no result after ${longestMinutes} minutes`, "this is a bug in nixlint: it should have given up sooner");
  process.exit(2);
}

function say(message: string, hint: string): void {
  process.stderr.write(`nixlint: ${message}\nhint: ${hint}\n`);
}
