// The thread that evaluates.

import { workerData } from "node:worker_threads";
import { runProgram } from "./run-program.ts";

void runProgram(workerData, { directory: __dirname, use: "evaluating" });
