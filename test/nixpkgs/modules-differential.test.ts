// Random modules give what nixpkgs' `evalModules` gives under the installed Nix.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { renderText, showJson } from "../../src/eval/show.ts";
import { randomEvaluations } from "./random-modules.ts";
import { callWithNixpkgs, hasNixpkgs, WithLib } from "./with-lib.ts";

/** Set NIXLINT_SEED and NIXLINT_CASES to try others, and more, than those of every run. */
const seed = Number(process.env.NIXLINT_SEED ?? 20_260_101);
const count = Number(process.env.NIXLINT_CASES ?? 150);

test.skipIf(!hasNixpkgs)(
  `${count} random evaluations of modules are as nixpkgs' (seed ${seed})`,
  { timeout: 120_000 },
  () => {
    const sources = fc.sample(randomEvaluations, { numRuns: count, seed });
    const expected = callWithNixpkgs(sources);
    const native = new WithLib();
    const different = sources.flatMap((source, index) => {
      const here = JSON.parse(renderText(showJson(native.callText(source))));
      const nix = expected[index];
      const where = differences(here, nix);
      return where.length === 0 ? [] : [{ source, where }];
    });
    // The shortest is the easiest to understand.
    const [shortest] = different.toSorted((a, b) => a.source.length - b.source.length);
    expect(shortest && `${different.length} differ; ${shortest.where.join("\n")}\n${shortest.source}`).toBeUndefined();
  },
);

function differences(here: unknown, nix: unknown): string[] {
  const [ours, theirs] = [here as Record<string, unknown>, nix as Record<string, unknown>];
  return Object.keys(theirs)
    .filter((key) => JSON.stringify(ours[key]) !== JSON.stringify(theirs[key]))
    .map((key) => `${key}: ${JSON.stringify(ours[key])}, but Nix gives ${JSON.stringify(theirs[key])}`);
}
