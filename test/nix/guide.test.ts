// The guide of the reference flake: every block of commands says whether a test runs it, and a test does run it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globbySync } from "globby";
import { expect, test } from "vitest";
import { readGuide } from "../system/guide.ts";

const root = join(import.meta.dirname, "../..");

test("no block of commands leaves open whether anybody ran it", () => {
  expect(readGuide().unmarked).toEqual([]);
});

test("every block that is said to run is run by the end-to-end test", () => {
  const files = globbySync("test/system/*.ts", { cwd: root });
  const tests = files.map((file) => readFileSync(join(root, file), "utf8")).join("\n");
  expect(readGuide().names.length).toBeGreaterThan(8);
  expect(
    readGuide().names.filter((name) => !new RegExp(`(runBlock\\(machine, |blocks\\()"${name}"`).test(tests)),
  ).toEqual([]);
});

test("it lists every option of the module", () => {
  const guide = readFileSync(join(root, "nix/README.md"), "utf8");
  const options = readFileSync(join(root, "nix/modules/backup/restic-options.nix"), "utf8");
  const names = [...options.matchAll(/^ {6,8}(\w+) = mkOption \{/gm)].map(([, name]) => name ?? "");
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !guide.includes(`\`${name}\``) && !guide.includes(`${name} = `))).toEqual([]);
});
