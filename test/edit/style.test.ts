// Output follows nixfmt: what it formatted loses a binding, gets it again, and is the same. Our own formatted files here;
// nixfmt's own expected outputs when NIXFMT_SOURCE names a checkout.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { roundTrips } from "./round-trip.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

function nixFilesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".nix"))
    .map((name) => join(directory, name));
}

function rate(files: readonly string[], told = true) {
  const results = files.flatMap((path) => {
    const result = roundTrips(path, readFileSync(path, "utf8"), told);
    return result === null ? [] : [{ path, ...result }];
  });
  const total = results.reduce((sum, result) => sum + result.total, 0);
  const different = results.flatMap(({ path, different: texts }) => texts.map(({ line }) => `${path}:${line}`));
  return { total, different, share: (total - different.length) / total };
}

test("the reference flake", () => {
  const { total, different, share } = rate(nixFilesIn(join(repository, "nix")));
  expect(total).toBeGreaterThan(250);
  expect(share, different.join("\n")).toBeGreaterThanOrEqual(0.93);
});

const source = process.env.NIXFMT_SOURCE ?? "";
const tests = join(source, "test");
if (source === "" || !existsSync(tests))
  console.error("skipped: nixfmt's own outputs (set NIXFMT_SOURCE to a checkout)");

describe.skipIf(source === "" || !existsSync(tests))("nixfmt's outputs", () => {
  test("come back", { timeout: 300_000 }, () => {
    // Where formatting is switched off, nothing is nixfmt's.
    const outputs = nixFilesIn(tests).filter(
      (path) => /\/out(-pure)?\.nix$|\/correct\//.test(path) && !/directive/.test(path),
    );
    const { total, different, share } = rate(outputs);
    const percent = (part: number) => `${(part * 100).toFixed(1)}%`;
    const guessed = rate(outputs, false).share;
    console.error(`nixfmt: of ${total} bindings ${percent(share)} come back the same, ${percent(guessed)} unaided`);
    if (process.env.SHOW) console.error(different.join("\n"));
    expect(share).toBeGreaterThanOrEqual(0.9);
  });
});
