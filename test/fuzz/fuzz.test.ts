// A fixed number of cases of every kind. More of them, and one again: `npm run fuzz -- --cases N --seed S [--kind K]`.

import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { kinds, makeCase } from "./cases.ts";
import { readCorpus } from "./corpus.ts";
import { judge } from "./judge.ts";

const corpus = readCorpus(fileURLToPath(new URL("../..", import.meta.url)));
const cases = 12;

test.each(Object.keys(kinds))("%s: no crash, no hang, nothing lost", (kind) => {
  for (let seed = 1; seed <= cases; seed++) {
    const started = process.cpuUsage();
    expect(judge(makeCase(kind, seed, corpus), seed % 4 === 0), `--kind ${kind} --seed ${seed} --cases 1`).toEqual([]);
    const { user } = process.cpuUsage(started);
    expect(user / 1e6, `seconds of --kind ${kind} --seed ${seed} --cases 1`).toBeLessThan(20);
  }
});
