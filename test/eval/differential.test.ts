// Random expressions give the value that the installed Nix gives. Skipped where there is no `nix-instantiate`.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createSession } from "../../src/eval/session.ts";
import { renderText, showJson } from "../../src/eval/show.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";
import { evaluateWithNix, hasNix } from "../real-nix.ts";
import { expressions } from "./expressions.ts";

if (!hasNix) console.warn("skipped: random expressions against real Nix (nix-instantiate is not installed)");

/** Set NIXLINT_SEED and NIXLINT_CASES to try others, and more, than those of every run. */
const seed = Number(process.env.NIXLINT_SEED ?? 20_260_101);
const count = Number(process.env.NIXLINT_CASES ?? 500);

test.skipIf(!hasNix)(`${count} random expressions evaluate as in Nix (seed ${seed})`, { timeout: 120_000 }, () => {
  // As JSON the two print floats with another precision, and copy paths to the store.
  const { float, path, ...printable } = expressions;
  const sources = fc.sample(fc.oneof(...Object.values(printable)), { numRuns: count, seed });
  const expected = evaluateWithNix(sources);
  const compared = sources.map((source, index) => {
    return { source, here: evaluateHere(source), nix: JSON.stringify(expected[index]) };
  });
  const different = compared.filter(({ here, nix }) => here !== nix);
  // The shortest is the easiest to understand.
  const [shortest] = different.sort((a, b) => a.source.length - b.source.length);
  expect(shortest).toBeUndefined();
});

const session = createSession({ fs: new MemoryFileSystem(new Map()) });

function evaluateHere(source: string): string {
  const text = renderText(showJson(session.evaluateText(source, "/expression.nix")));
  return JSON.stringify(JSON.parse(text));
}
