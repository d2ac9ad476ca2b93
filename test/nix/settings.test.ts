// What settings of the module do, as nixlint evaluates them; `npm run test:nixpkgs` asks real Nix the same.
import { expect, test } from "vitest";
import { evaluateOption, flakeWith } from "./own-evaluation.ts";
import { settings } from "./settings.ts";

test.each(settings)("$name", ({ host, module, path, expected }) => {
  const option = path.map((name) => (/^\w+$/.test(name) ? name : `"${name}"`)).join(".");
  expect(evaluateOption(host, option, flakeWith(host, module))).toEqual(expected);
});
