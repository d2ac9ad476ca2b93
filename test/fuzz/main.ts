// `npm run fuzz -- [--cases N] [--seed S] [--kind K] [--show]`: more cases than the tests run, in a thread with the
// stack and the memory that the program has. Prints what went wrong and how to see it again.

import { writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { kinds, makeCase } from "./cases.ts";
import { readCorpus } from "./corpus.ts";
import { judge } from "./judge.ts";

interface Run {
  readonly kinds: readonly string[];
  readonly first: number;
  readonly last: number;
}

/** What the thread is at. */
type Step = {
  readonly kind: string;
  readonly seed: number;
  readonly problems?: readonly string[];
  readonly ms?: number;
  readonly rssMb?: number;
};

const longestMs = 45_000;
const slowMs = 5_000;
const largestMb = 1024;

if (isMainThread) void main();
else work(workerData);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: "string" },
      seed: { type: "string" },
      kind: { type: "string" },
      show: { type: "boolean" },
    },
  });
  const first = Number(values.seed ?? Math.floor(Date.now() / 1000) % 1_000_000_000);
  const run: Run = {
    kinds: values.kind === undefined ? Object.keys(kinds) : [values.kind],
    first,
    last:
      first +
      Math.max(
        1,
        Math.ceil(Number(values.cases ?? 1000) / (values.kind === undefined ? Object.keys(kinds).length : 1)),
      ) -
      1,
  };
  say(`seed ${first}, ${run.kinds.length * (run.last - run.first + 1)} cases`);
  if (values.show) return showCase(run);
  const troubles = await runAll(run);
  say(troubles === 0 ? "nothing went wrong" : `${troubles} went wrong`);
  process.exitCode = troubles === 0 ? 0 : 1;
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

function showCase({ kinds: [kind = ""], first }: Run): void {
  for (const [path, content] of makeCase(kind, first, readCorpus(process.cwd())).files)
    say(`--- ${path}\n${Buffer.from(content)}`);
}

/** A thread that ends or hangs is followed by one that begins behind the case it was at. */
async function runAll(run: Run): Promise<number> {
  let troubles = 0;
  for (const kind of run.kinds) {
    let first = run.first;
    while (first <= run.last) {
      const { seed, wrong } = await runThread({ kinds: [kind], first, last: run.last });
      troubles += wrong;
      first = seed + 1;
    }
  }
  return troubles;
}

function runThread(run: Run): Promise<{ readonly seed: number; readonly wrong: number }> {
  const worker = new Worker(new URL(import.meta.url), {
    workerData: run,
    resourceLimits: { stackSizeMb: 256, maxOldGenerationSizeMb: largestMb },
  });
  return new Promise((resolve) => {
    let at: Step = { kind: run.kinds[0] ?? "", seed: run.first };
    let wrong = 0;
    const blame = (what: string) => {
      wrong++;
      say(`${what}\n  npm run fuzz -- --kind ${at.kind} --seed ${at.seed} --cases 1`);
    };
    const watch = () =>
      setTimeout(() => {
        blame(`no result after ${longestMs / 1000} s`);
        void worker.terminate();
      }, longestMs);
    let timer = watch();
    worker.on("message", (step: Step) => {
      clearTimeout(timer);
      timer = watch();
      at = step;
      for (const problem of step.problems ?? []) blame(problem);
      if ((step.ms ?? 0) > slowMs) blame(`took ${step.ms} ms`);
      if ((step.rssMb ?? 0) > largestMb + 256) blame(`${step.rssMb} MB of memory`);
    });
    worker.on("error", (error) => blame(error.stack ?? error.message));
    worker.on("exit", () => {
      clearTimeout(timer);
      resolve({ seed: at.seed, wrong });
    });
  });
}

function work({ kinds: names, first, last }: Run): void {
  const corpus = readCorpus(process.cwd());
  for (const kind of names) {
    for (let seed = first; seed <= last; seed++) {
      parentPort?.postMessage({ kind, seed });
      const started = process.cpuUsage();
      const problems = judge(makeCase(kind, seed, corpus), seed % 4 === 0);
      const ms = Math.round(process.cpuUsage(started).user / 1000);
      parentPort?.postMessage({ kind, seed, problems, ms, rssMb: Math.round(process.memoryUsage().rss / 2 ** 20) });
    }
  }
}
