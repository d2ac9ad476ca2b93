// Every fixtures/eval/<case>.nix prints as its .exp says, in strict mode.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createSession } from "../../src/eval/session.ts";
import { renderText, showStrict } from "../../src/eval/show.ts";
import { Store } from "../../src/eval/store.ts";
import { DiskFileSystem } from "../../src/source/disk-file-system.ts";
import { hasNix, printWithNix } from "../real-nix.ts";

const directory = new URL("../../fixtures/eval", import.meta.url).pathname;
const cases = readdirSync(directory).filter((name) => name.endsWith(".nix"));

test.each(cases)("%s", (name) => {
  const fs = new DiskFileSystem(directory);
  // Those of what is unknown are about evaluation that has no store.
  const session = createSession(name.startsWith("unknown-") ? { fs } : { fs, store: new Store(fs) });
  const text = showStrict(session.importFile(`${directory}/${name}`, null));
  expect([...session.files.values()].flatMap((file) => file.problems)).toEqual([]);
  const expected = readFileSync(`${directory}/${name.replace(/\.nix$/, ".exp")}`, "utf8");
  expect(`${renderText(text)}\n`).toBe(expected);
});

if (!hasNix) console.warn("skipped: store paths against real Nix (nix-instantiate is not installed)");

// Store paths are nothing one could write down by hand.
test.skipIf(!hasNix).each(cases.filter((name) => name.startsWith("store-")))("%s prints the same in Nix", (name) => {
  const expected = readFileSync(`${directory}/${name.replace(/\.nix$/, ".exp")}`, "utf8");
  expect(printWithNix(`${directory}/${name}`)).toBe(expected);
});
