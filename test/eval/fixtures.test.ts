// Every fixtures/eval/<case>.nix prints as its .exp says, in strict mode.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createSession } from "../../src/eval/session.ts";
import { renderText, showStrict } from "../../src/eval/show.ts";
import { DiskFileSystem } from "../../src/source/disk-file-system.ts";

const directory = new URL("../../fixtures/eval", import.meta.url).pathname;
const cases = readdirSync(directory).filter((name) => name.endsWith(".nix"));

test.each(cases)("%s", (name) => {
  const session = createSession({ fs: new DiskFileSystem(directory) });
  const text = showStrict(session.importFile(`${directory}/${name}`, null));
  expect([...session.files.values()].flatMap((file) => file.problems)).toEqual([]);
  const expected = readFileSync(`${directory}/${name.replace(/\.nix$/, ".exp")}`, "utf8");
  expect(`${renderText(text)}\n`).toBe(expected);
});
