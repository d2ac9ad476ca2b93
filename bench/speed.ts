// `npm run bench -- [--rounds N] [--hosts N] [--files N] [--curve] [--flakes DIR]`: what whole processes cost. A
// generated flake cold and warm, in turn with a bare Node and with ast-grep looking for one pattern; with `--curve` how
// the cost grows with hosts and with files, with `--flakes` one process for each flake below the directory.

import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { findFlakes, nameOf } from "./flake-directories.ts";
import { generateFlake, type Size } from "./speed/generate.ts";
import { type Command, type Cost, costOf, median, medianCosts, peakMemory } from "./speed/process.ts";

const executable = resolve("dist/nixlint.mjs");
const scratch = mkdtempSync(join(tmpdir(), "nixlint-speed-"));
const cacheHome = join(scratch, "cache");
const env = { XDG_CACHE_HOME: cacheHome };

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    hosts: { type: "string", default: "25" },
    files: { type: "string", default: "250" },
    curve: { type: "boolean", default: false },
    flakes: { type: "string" },
  },
});
const rounds = Number(values.rounds);

function main(): void {
  print(`${cpus().length} cores, ${cpus()[0]?.model}, Node ${process.version}, medians of ${rounds} rounds\n`);
  if (values.flakes !== undefined) measureFlakes(resolve(values.flakes));
  else if (values.curve) measureCurve();
  else measureOne({ hosts: Number(values.hosts), files: Number(values.files) });
}

function nixlint(directory: string, ...args: readonly string[]): Command {
  return { program: process.execPath, args: [executable, ...args, directory], env };
}

function flakeOf(size: Size): string {
  const directory = join(scratch, `${size.hosts}-${size.files}`);
  generateFlake(directory, size);
  return directory;
}

function measureOne(size: Size): void {
  const flake = flakeOf(size);
  print(`a flake of ${size.files} files and ${size.hosts} hosts`);
  const bare: Command = { program: process.execPath, args: ["-e", "0"] };
  const commands = new Map<string, Command>([
    ["bare node", bare],
    ["ast-grep, one pattern", astGrep(flake)],
    ["cold, no cache", nixlint(flake, "--no-cache")],
    ["warm, nothing changed", nixlint(flake)],
    ["warm, a file put aside and back", nixlint(flake)],
    ["warm, one file changed", nixlint(flake)],
    ["a commit of nothing relevant", hook(flake)],
  ]);
  costOf(nixlint(flake));
  const before = (name: string) => {
    if (name === "warm, one file changed") appendFileSync(join(flake, "modules/base.nix"), "# changed\n");
    else if (name.startsWith("warm")) costOf(nixlint(flake));
    if (name === "warm, a file put aside and back") putBack(join(flake, "modules/base.nix"));
  };
  const costs = medianCosts(commands, rounds, before);
  const [node, scan] = [costs.get("bare node"), costs.get("ast-grep, one pattern")] as [Cost, Cost];
  print("                                 wall ms   CPU ms  beyond node   x node  x ast-grep  peak MB");
  for (const [name, { wall, cpu }] of costs) {
    const command = commands.get(name) ?? bare;
    const columns = [wall, cpu, cpu - node.cpu].map((value) => value.toFixed(0).padStart(9));
    const ratios = [wall / node.wall, wall / scan.wall].map((ratio) => ratio.toFixed(2).padStart(9));
    print(`${name.padEnd(31)}${columns.join("")}${ratios.join("")}  ${peakMemory(command)?.toFixed(0) ?? "?"}`);
  }
  print("\nstages of a cold run (--profile):");
  const stages = ["-c", '"$@" 2>&1 >/dev/null; exit 0', "sh", process.execPath, executable, "--no-cache", "--profile"];
  print(execFileSync("sh", [...stages, flake], { encoding: "utf8" }));
}

/** What stash and checkout do: the same text in another file of that name. */
function putBack(path: string): void {
  writeFileSync(`${path}.new`, readFileSync(path));
  renameSync(`${path}.new`, path);
}

/** As git runs it, with a change of a file that no evaluation reads in its index. */
function hook(flake: string): Command {
  const run = { ...nixlint(flake, "--hook", "--exit-zero"), cwd: flake, env: { ...env, GIT_INDEX_FILE: ".git/index" } };
  appendFileSync(join(flake, "notes.txt"), "nothing that matters\n");
  execFileSync("git", ["-C", flake, "add", "notes.txt"]);
  costOf(run);
  return run;
}

/** ast-grep is fetched into a folder that goes away again. */
function astGrep(flake: string): Command {
  const directory = join(scratch, "ast-grep");
  mkdirSync(directory);
  const quiet = ["install", "--silent", "--no-audit", "--no-fund", "--prefix", directory, "@ast-grep/cli"];
  execFileSync("npm", quiet, { cwd: directory });
  const platform = `cli-${process.platform}-${process.arch}${process.platform === "linux" ? "-gnu" : ""}`;
  const program = join(directory, "node_modules/@ast-grep", platform, "ast-grep");
  const rule = "id: one\nlanguage: nix\nrule:\n  pattern: mkIf $CONDITION $CONTENT\n";
  return { program, args: ["scan", "--inline-rules", rule, flake] };
}

function measureCurve(): void {
  print("hosts  files   wall ms   CPU ms   peak MB");
  for (const hosts of [1, 5, 10, 25, 50, 100, 200]) measureSize({ hosts, files: 170 + 3 * hosts });
  print("");
  for (const files of [125, 250, 500, 1000, 2000]) measureSize({ hosts: 25, files });
}

function measureSize(size: Size): void {
  const command = nixlint(flakeOf(size), "--no-cache");
  const cost = medianCosts(new Map([["", command]]), rounds).get("") as Cost;
  const memory = peakMemory(command)?.toFixed(0) ?? "?";
  const columns = [size.hosts, size.files].map((value) => String(value).padStart(5)).join("  ");
  print(`${columns} ${cost.wall.toFixed(0).padStart(9)} ${cost.cpu.toFixed(0).padStart(8)} ${memory.padStart(9)}`);
}

/** One process each, cold. */
function measureFlakes(directory: string): void {
  const costs = findFlakes(directory).map((flake) => {
    const files = execFileSync("git", ["-C", flake, "ls-files", "*.nix"], { encoding: "utf8" }).split("\n").length - 1;
    return {
      flake: nameOf(flake),
      files,
      ...medianCosts(new Map([["", nixlint(flake, "--no-cache")]]), rounds).get(""),
    };
  }) as (Cost & { flake: string; files: number })[];
  for (const { flake, files, wall, cpu } of costs.sort((a, b) => b.wall - a.wall)) {
    print(
      `${wall.toFixed(0).padStart(6)} ms ${cpu.toFixed(0).padStart(6)} ms CPU ${String(files).padStart(5)} files  ${flake}`,
    );
  }
  const files = costs.reduce((sum, cost) => sum + cost.files, 0);
  const slow = costs.filter(({ wall }) => wall > 2000).length;
  const middle = median(costs.map(({ wall }) => wall)).toFixed(0);
  print(`${costs.length} flakes, ${files} files: median ${middle} ms, ${slow} over 2 s`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
