// Every fixtures/modules/<case>.nix, a function of `{ lib }`, gives what its .exp says: with the native `lib`, and with
// nixpkgs' own under the installed Nix.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderText, showJson } from "../../src/eval/show.ts";
import { callWithNixpkgs, hasNixpkgs, WithLib } from "./with-lib.ts";

const directory = new URL("../../fixtures/modules", import.meta.url).pathname;
const cases = readdirSync(directory)
  .filter((name) => name.endsWith(".nix"))
  .map((name) => name.replace(/\.nix$/, ""));

function expected(name: string): unknown {
  return JSON.parse(readFileSync(`${directory}/${name}.exp`, "utf8"));
}

test.each(cases)("%s", (name) => {
  const shown = renderText(showJson(new WithLib().callFile(`${directory}/${name}.nix`)));
  expect(JSON.parse(shown)).toEqual(expected(name));
});

test.skipIf(!hasNixpkgs)("nixpkgs gives the same", () => {
  const values = callWithNixpkgs(cases.map((name) => `import ${directory}/${name}.nix`));
  for (const [index, name] of cases.entries()) expect({ [name]: values[index] }).toEqual({ [name]: expected(name) });
});
