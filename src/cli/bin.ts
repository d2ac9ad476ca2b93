#!/usr/bin/env node
// The executable: starts the program in a thread whose stack is deep enough for any flake, and ends as it ends.

import { SHARE_ENV, Worker } from "node:worker_threads";
import { touchesNothing } from "./hook-record.ts";

/** Evaluation recurses as deep as Nix does (10,000 calls); memory is taken only as far as the stack grows. */
const stackSizeMb = 256;
/** What evaluation gives up at is less (see `eval/budget.ts`); this is only the end of what nothing else stopped. */
const maxMemoryMb = 4096;
const longestMinutes = 5;

const program = new URL("./worker.mjs", import.meta.url);
const argv = process.argv.slice(2);

if (argv.includes("--hook") && touchesNothing(argv, { env: process.env, cwd: process.cwd() })) process.exitCode = 0;
// Questions need the thread that has the terminal, and no deep stack.
else if (argv[0] === "init") await import(program.href);
else startProgram();

function startProgram(): void {
  const worker = new Worker(program, {
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
