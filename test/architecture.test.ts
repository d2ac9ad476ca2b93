// Who may import whom, and who may touch the machine: the architecture as data, checked against every import line.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const repository = fileURLToPath(new URL("..", import.meta.url));

/** A folder of `src/` imports itself and folders to its left. */
const order = ["source", "syntax", "eval", "nixpkgs", "flake", "fleet", "edit", "lint", "report", "cli"];

/** What rules may import, and the only file of `src/` outside of a folder that others may. */
const ruleDoor = "src/rule.ts";

/** Node modules that reach the machine, and the files that may import them; a folder ends with a slash. */
const doors: Readonly<Record<string, readonly string[]>> = {
  "node:fs": [
    "src/source/disk-file-system.ts",
    "src/source/real-path.ts",
    "src/source/write-files.ts",
    "src/syntax/parser-module.ts",
    "src/cli/",
  ],
  "node:child_process": ["src/source/git.ts", "src/cli/"],
  "node:process": ["src/cli/"],
  "node:worker_threads": ["src/cli/"],
  "node:tty": ["src/cli/"],
};

/** Only here is the process itself touched. */
const processDoors = ["src/cli/", "src/index.ts", "src/source/git.ts"];

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = ["src", "rules"].flatMap((folder) =>
  readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
);
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(repository, file), "utf8");
  const targets = [...text.matchAll(/(?:\bfrom |\bimport |\bimport\()"([^"\n]+)"/g)].map((match) => match[1]!);
  return targets.map((target) => ({
    from: file,
    to: target.startsWith(".") ? relative(repository, join(repository, dirname(file), target)) : target,
  }));
}

function mayImport({ from, to }: Import): boolean {
  if (from === "src/index.ts") return true;
  if (from.startsWith("rules/")) return to === ruleDoor || (from === "rules/index.ts" && to.startsWith("rules/"));
  if (to.startsWith("rules/")) return from.startsWith("src/cli/");
  if (!to.startsWith("src/")) return true;
  const [, source = ""] = from.split("/");
  const [, target = ""] = to.split("/");
  // The contract of rules stands on what lint says of findings; lint and report know it in turn.
  if (from === ruleDoor) return order.indexOf(target) <= order.indexOf("lint");
  if (to === ruleDoor) return order.indexOf(source) >= order.indexOf("lint");
  return order.includes(target) && order.indexOf(target) <= order.indexOf(source);
}

function isAllowed(file: string, doorways: readonly string[]): boolean {
  return doorways.some((door) => (door.endsWith("/") ? file.startsWith(door) : file === door));
}

test("imports point to the left", () => {
  expect(imports.length).toBeGreaterThan(100);
  expect(imports.filter((one) => !mayImport(one))).toEqual([]);
});

test("every folder of src/ has its place in the order", () => {
  const folders = files.filter((file) => file.startsWith("src/")).map((file) => file.split("/")[1]!);
  expect(folders.filter((folder) => !folder.endsWith(".ts") && !order.includes(folder))).toEqual([]);
});

test("the machine has one door each", () => {
  const outside = imports.filter(({ from, to }) => doors[to] !== undefined && !isAllowed(from, doors[to]));
  expect(outside).toEqual([]);
  const reachingProcess = files.filter(
    (file) =>
      !isAllowed(file, processDoors) && /\b(process|console)\.\w/.test(readFileSync(join(repository, file), "utf8")),
  );
  expect(reachingProcess).toEqual([]);
});

test("nothing but the parser's door knows its module", () => {
  const loaders = imports.filter(({ to }) => to === "src/syntax/parser-module.ts").map(({ from }) => from);
  expect([...new Set(loaders)].every((file) => file.startsWith("src/syntax/"))).toBe(true);
});

test("no file is called what says nothing", () => {
  // Option types are called types in Nix itself.
  const named = files.filter((file) => !file.startsWith("src/nixpkgs/modules/types"));
  const empty = /(^|\/)(utils?|helpers?|common|core|misc|types)(\.ts|\/)/;
  expect(named.filter((file) => empty.test(file))).toEqual([]);
});

test("no file is longer than can be read in one go", () => {
  const long = files.filter((file) => readFileSync(join(repository, file), "utf8").split("\n").length > 401);
  expect(long).toEqual([]);
});

test("no framework is named outside of its adapter", () => {
  const adapters = "src/flake/adapters/";
  const notFrameworks = /^(adapter|index|output-options|systems)$/;
  const names = files
    .filter((file) => file.startsWith(adapters))
    .map((file) => file.slice(adapters.length, -".ts".length))
    .filter((name) => !notFrameworks.test(name));
  expect(names).toContain("flake-parts");
  const named = new RegExp(`\\b(?:${names.join("|")})\\b`);
  // That repositories are called so is data.
  const elsewhere = files.filter((file) => !file.startsWith(adapters) && file !== "src/flake/known-inputs.ts");
  expect(elsewhere.filter((file) => named.test(readFileSync(join(repository, file), "utf8")))).toEqual([]);
});
