// The executable as it is installed, bundled into a directory that goes away with the tests of a file.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

/** Its path; it is there when the tests start. */
export function bundledExecutable(): string {
  const directory = mkdtempSync(join(tmpdir(), "nixlint-bin-"));
  beforeAll(async () => {
    // Plain JavaScript, of which only this is of interest.
    const script: { bundle(outdir: string): Promise<void> } = await import(
      new URL("../../build.mjs", import.meta.url).href
    );
    await script.bundle(directory);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, "nixlint.mjs");
}
