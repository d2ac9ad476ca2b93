// `npm run fixes -- DIR... [--lib DIR] [--seconds N] [--places N] [-v]`: in a copy of each flake below DIR, makes the fixes
// that are offered for it as it is and for faults planted in it, and says whether everything that has to hold does:
// the fixes end, real Nix parses the files, `git apply` takes the diff, the findings are gone, a second run changes
// nothing, the fleet model changed only as meant, and real Nix gives the written definitions the value that nixlint
// says (for which `--lib` names a checkout of nixpkgs' lib). Each flake has a process and a limit of time of its own.

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { faultKinds } from "./faults/all.ts";
import type { FaultKind } from "./faults/kinds.ts";
import { placesOf } from "./faults/places.ts";
import {
  type Check,
  checks,
  type Setting,
  type State,
  stateOf,
  type Trial,
  tryAsItIs,
  tryFault,
} from "./fixes/trial.ts";
import { findFlakes, nameOf } from "./flake-directories.ts";

interface Options {
  readonly lib: string | null;
  readonly seconds: number;
  /** Of each kind of fault. */
  readonly places: number;
  readonly verbose: boolean;
}

interface Row {
  readonly flake: string;
  /** Null: there was not enough time, or it failed. */
  readonly trials: readonly Trial[] | null;
}

const usage = "usage: npm run fixes -- DIR... [--lib DIR] [--seconds N] [--places N] [-v]\n";

function main(args: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      lib: { type: "string" },
      seconds: { type: "string", default: "120" },
      places: { type: "string", default: "1" },
      verbose: { type: "boolean", short: "v", default: false },
      one: { type: "string" },
    },
  });
  const options = {
    lib: values.lib === undefined ? null : resolve(values.lib),
    seconds: Number(values.seconds),
    places: Number(values.places),
    verbose: values.verbose,
  };
  if (values.one !== undefined) process.stdout.write(JSON.stringify(trialsOf(values.one, options)));
  else if (positionals.length === 0) process.stderr.write(usage);
  else
    report(
      positionals.flatMap((directory) => findFlakes(resolve(directory))).map((root) => inProcess(root, args, options)),
    );
}

function inProcess(root: string, args: readonly string[], { seconds, verbose }: Options): Row {
  const flags = args.filter(
    (arg, index) => arg.startsWith("-") || /^--(lib|seconds|places)$/.test(args[index - 1] ?? ""),
  );
  const program = [...process.execArgv, process.argv[1] ?? "", ...flags, "--one", root];
  const limits = { timeout: seconds * 1000, maxBuffer: 1 << 28, encoding: "utf8" as const };
  const { status, stdout, stderr } = spawnSync(process.execPath, program, limits);
  const row = { flake: nameOf(root), trials: status === 0 ? (JSON.parse(stdout) as Trial[]) : null };
  if (row.trials === null)
    process.stdout.write(`${row.flake}: ${stderr.trim().split("\n").at(-1) || "not enough time"}\n`);
  for (const trial of row.trials ?? []) process.stdout.write(describe(row.flake, trial, verbose));
  return row;
}

/** All trials of one flake, in a copy. */
function trialsOf(original: string, { lib, places }: Options): Trial[] {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "nixlint-fixes-")));
  const root = join(directory, "flake");
  // Not a clone: that has not what a checkout without its largest files lacks.
  cpSync(original, root, { recursive: true, verbatimSymlinks: true });
  try {
    const setting = { root, lib };
    const sound = stateOf(root);
    return [tryAsItIs(setting, sound), ...faultKinds.flatMap((kind) => plant(setting, { kind, sound, places }))];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Planting {
  readonly kind: FaultKind;
  readonly sound: State;
  readonly places: number;
}

function plant(setting: Setting, { kind, sound, places }: Planting): Trial[] {
  const trials: Trial[] = [];
  const seen = new Set<string>();
  for (const fault of kind.plant(
    { ...sound.loaded, report: sound.report, seconds: 0 },
    placesOf(sound.loaded.flake.files),
  )) {
    const key = fault.edits.map(({ span }) => `${span.file}:${span.start}`).join(" ");
    if (fault.newFiles || trials.length >= places || seen.has(key) || seen.size >= 2 * places) continue;
    seen.add(key);
    const trial = tryFault(setting, kind.name, { fault, sound });
    if (trial !== null && trial.mended !== null) trials.push(trial);
  }
  return trials;
}

function describe(
  flake: string,
  { name, findings, fixed, mended, notes, troubles, patch }: Trial,
  verbose: boolean,
): string {
  const lines = [
    `${flake}: ${name}: ${findings} findings, ${fixed} fixed${mended === null ? "" : `, mended: ${mended}`}`,
  ];
  lines.push(...troubles.map(({ check, text }) => `  TROUBLE ${check}: ${text}`));
  if (verbose) lines.push(...notes.map((note) => `  ${note}`), patch.trimEnd());
  return `${lines.join("\n")}\n`;
}

function report(rows: readonly Row[]): void {
  const header = ["flake", "trials", "findings", "fixed", "files", "planted", "mended", ...checks, "by Nix"];
  const table = [header, ...rows.map((row) => cellsOf(row.flake, row.trials)), totalOf(rows)];
  const widths = header.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  const lines = table.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  process.stdout.write(`\n${lines.join("\n")}\n`);
}

function totalOf(rows: readonly Row[]): string[] {
  const done = rows.flatMap(({ trials }) => (trials === null ? [] : [trials]));
  return cellsOf(`${done.length} of ${rows.length} flakes`, done.flat());
}

function cellsOf(name: string, trials: readonly Trial[] | null): string[] {
  if (trials === null) return [name, "none"];
  const sum = (pick: (trial: Trial) => number) => trials.reduce((total, trial) => total + pick(trial), 0);
  const made = trials.filter(({ files }) => files > 0);
  const holds = (check: Check) => made.filter(({ troubles }) => troubles.every((one) => one.check !== check)).length;
  const planted = trials.filter(({ mended }) => mended !== null);
  return [
    name,
    `${trials.length}`,
    `${sum(({ findings }) => findings)}`,
    `${sum(({ fixed }) => fixed)}`,
    `${sum(({ files }) => files)}`,
    `${planted.length}`,
    `${planted.filter(({ mended }) => mended === "yes").length}`,
    ...checks.map((check) => `${holds(check)}/${made.length}`),
    `${sum(({ equal }) => equal)} (${sum(({ left }) => left)} left)`,
  ];
}

main(process.argv.slice(2));
