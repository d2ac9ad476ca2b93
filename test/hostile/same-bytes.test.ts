// The same flake gives the same bytes: whatever order the disk lists files in, wherever it lies and the run starts, in
// any zone, language and number of cores, and for the second time.

import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { rules } from "../../rules/index.ts";
import { defaultConfig } from "../../src/lint/config.ts";
import { lintFlake, loadFleet } from "../../src/lint/lint-flake.ts";
import { DiskFileSystem } from "../../src/source/disk-file-system.ts";
import type { FileSystem } from "../../src/source/file-system.ts";
import { bundledExecutable } from "../cli/bundle.ts";
import { makeDirectory } from "../cli/run.ts";
import { Dice } from "../fuzz/dice.ts";
import { renderAll } from "../report/render-all.ts";

const bin = bundledExecutable();
const fixtures = ["node-catalogue", "discovered-roles", "flake-parts-modules", "colmena-dendritic"];
/** Lists each directory in another order. */
function shuffled(fs: FileSystem, seed: number): FileSystem {
  const dice = new Dice(seed);
  return {
    readFile: (path) => fs.readFile(path),
    kindOf: (path) => fs.kindOf(path),
    readDir(path) {
      const entries = fs.readDir(path);
      return (
        entries &&
        new Map(
          [...entries]
            .map((entry) => [dice.below(1e9), entry] as const)
            .sort(([a], [b]) => a - b)
            .map(([, entry]) => entry),
        )
      );
    },
  };
}

test.each(fixtures)("%s in any order of its directories", (name) => {
  const root = resolve("fixtures/flakes", name);
  const render = (fs: FileSystem) => {
    const loaded = loadFleet({ root, fs, overrideInputs: new Map() }, defaultConfig);
    const report = lintFlake(loaded, { rules, config: defaultConfig, today: "2026-06-01" });
    return Object.values(renderAll(report));
  };
  const first = render(new DiskFileSystem(root));
  for (const seed of [1, 2, 3]) expect(render(shuffled(new DiskFileSystem(root), seed))).toEqual(first);
});

test("in any place, zone, language, number of cores, and again", () => {
  const root = join(makeDirectory({}), "a flake");
  cpSync("fixtures/flakes/node-catalogue", root, { recursive: true });
  const cache = makeDirectory({});
  const base = { PATH: process.env.PATH, XDG_CACHE_HOME: cache, SOURCE_DATE_EPOCH: "1780000000" };
  const run = (env: Readonly<Record<string, string>> = {}, cwd = root, before: readonly string[] = []) => {
    const [program = "", ...rest] = [...before, process.execPath, bin, "check", "-v", "-f", "json", root];
    const { stdout, stderr } = spawnSync(program, rest, { cwd, encoding: "utf8", env: { ...base, ...env } });
    expect(stderr).toBe("");
    return stdout;
  };
  const first = run();
  expect(JSON.parse(first).findings.length).toBeGreaterThan(0);
  expect(run()).toBe(first);
  expect(run({ TZ: "Pacific/Kiritimati", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" })).toBe(first);
  expect(run({ TZ: "America/St_Johns", LC_ALL: "C" }, "/")).toBe(first);
  expect(run({ XDG_CACHE_HOME: join(cache, "none"), NODE_ICU_DATA: "" }, join(root, ".."))).toBe(first);
  if (spawnSync("taskset", ["--version"]).status === 0) expect(run({}, root, ["taskset", "-c", "0"])).toBe(first);
});
