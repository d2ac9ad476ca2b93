#!/usr/bin/env node
// The executable: starts the program in a thread whose stack is deep enough for any flake, and ends as it ends.

import { SHARE_ENV, Worker } from "node:worker_threads";
import { touchesNothing } from "./hook-record.ts";

/** Evaluation recurses as deep as Nix does (10,000 calls); memory is taken only as far as the stack grows. */
const stackSizeMb = 256;

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
    resourceLimits: { stackSizeMb },
  });
  worker.on("exit", (code) => {
    process.exitCode = code;
  });
  worker.on("error", (error: Error) => {
    process.stderr.write(`${error.stack ?? error.message}\nthis is a bug in nixlint\n`);
    process.exitCode = 2;
  });
  // This thread is idle, so an interrupt is answered at once.
  process.once("SIGINT", () => process.exit(130));
}
