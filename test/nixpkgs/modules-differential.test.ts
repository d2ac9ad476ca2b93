// Random modules give what nixpkgs' `evalModules` gives under real Nix: asked now where both are at hand, and else read
// from what they said of the same modules (`random-modules.jsonl`; UPDATE_EXPECTED=1 with both writes it anew).

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { renderText, showJson } from "../../src/eval/show.ts";
import { randomEvaluations } from "./random-modules.ts";
import { callWithNixpkgs, hasNixpkgs, WithLib } from "./with-lib.ts";

/** Set NIXLINT_SEED and NIXLINT_CASES to try others, and more, than those of every run. */
const seed = Number(process.env.NIXLINT_SEED ?? 20_260_101);
const count = Number(process.env.NIXLINT_CASES ?? 150);
const file = new URL("random-modules.jsonl", import.meta.url);

type Result = Readonly<Record<string, unknown>>;

const sources = fc.sample(randomEvaluations, { numRuns: count, seed });

test(`${count} random evaluations of modules are as nixpkgs' (seed ${seed})`, { timeout: 120_000 }, () => {
  const expected = hasNixpkgs ? askJudges() : readJudged();
  const native = new WithLib();
  const different = sources.flatMap((source, index) => {
    const here = JSON.parse(renderText(showJson(native.callText(source))));
    const where = differences(here, expected[index] ?? {});
    return where.length === 0 ? [] : [{ source, where }];
  });
  // The shortest is the easiest to understand.
  const [shortest] = different.toSorted((a, b) => a.source.length - b.source.length);
  expect(shortest && `${different.length} differ; ${shortest.where.join("\n")}\n${shortest.source}`).toBeUndefined();
});

function askJudges(): readonly Result[] {
  const results = callWithNixpkgs(sources) as readonly Result[];
  if (process.env.UPDATE_EXPECTED === "1") {
    const lines = [{ hash: hashOf(sources) }, ...results].map((line) => JSON.stringify(line));
    writeFileSync(file, `${lines.join("\n")}\n`);
  }
  return results;
}

/** What was said of other modules says nothing of these. */
function readJudged(): readonly Result[] {
  const [head, ...results] = readFileSync(file, "utf8").trimEnd().split("\n");
  const { hash } = JSON.parse(head ?? "{}");
  expect(hash, "these are not the modules that were judged: set NIXPKGS_SOURCE").toBe(hashOf(sources));
  return results.map((line) => JSON.parse(line) as Result);
}

function hashOf(texts: readonly string[]): string {
  return createHash("sha256").update(texts.join("\0")).digest("hex");
}

function differences(here: Result, nix: Result): string[] {
  return Object.keys({ ...here, ...nix })
    .filter((key) => JSON.stringify(here[key]) !== JSON.stringify(nix[key]))
    .map((key) => `${key}: ${JSON.stringify(here[key])}, but Nix gives ${JSON.stringify(nix[key])}`);
}
