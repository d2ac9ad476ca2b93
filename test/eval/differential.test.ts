// Random expressions give the value that the installed Nix gives. Skipped where there is no `nix-instantiate`.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createSession } from "../../src/eval/session.ts";
import { renderText, showJson } from "../../src/eval/show.ts";
import { MemoryFileSystem } from "../../src/source/memory-file-system.ts";
import { evaluateWithNix, hasNix } from "../real-nix.ts";
import { expressions } from "./expressions.ts";

if (!hasNix) console.warn("skipped: random expressions against real Nix (nix-instantiate is not installed)");

/** Set NIXLINT_SEED to try other expressions than those of every run. */
const seed = Number(process.env.NIXLINT_SEED ?? 20_260_101);
const count = 500;

test.skipIf(!hasNix)(`${count} random expressions evaluate as in Nix (seed ${seed})`, () => {
  const { int, bool, text, list, set } = expressions;
  const sources = fc.sample(fc.oneof(int, bool, text, list, set), { numRuns: count, seed });
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
