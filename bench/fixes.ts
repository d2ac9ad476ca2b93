// `node bench/run.mjs bench/fixes.ts DIR... [--verbose]`: applies every fix that nixlint offers for the flakes below DIR, in
// memory, and says whether each file still parses (by real Nix), the findings are gone, the fixes end, and nothing else
// in the fleet model changed.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { rules } from "../rules/index.ts";
import type { Safety } from "../src/edit/edit.ts";
import { defaultConfig } from "../src/lint/config.ts";
import type { Report } from "../src/lint/finding.ts";
import { type FixResult, runFixes } from "../src/lint/fix-loop.ts";
import { type LoadedFlake, lintFlake, loadFleet } from "../src/lint/lint-flake.ts";
import { fleetToJson } from "../src/report/fleet-json.ts";
import { patchText } from "../src/report/patch.ts";
import { DiskFileSystem } from "../src/source/disk-file-system.ts";
import type { FileSystem } from "../src/source/file-system.ts";
import { listTrackedFiles } from "../src/source/git.ts";
import { OverlayFileSystem } from "../src/source/overlay-file-system.ts";

const safeties: ReadonlySet<Safety> = new Set(["safe", "scaffold", "unsafe"]);

interface Row {
  readonly flake: string;
  readonly findings: number;
  readonly applied: number;
  readonly files: number;
  readonly troubles: readonly string[];
  readonly patch: string;
}

function main(args: readonly string[]): void {
  const roots = args.filter((arg) => !arg.startsWith("--")).flatMap((directory) => findFlakes(resolve(directory)));
  const rows = roots.map((root) => {
    const row = measure(root);
    process.stdout.write(`${row.flake}: ${counts(row)}\n`);
    for (const trouble of row.troubles) process.stdout.write(`  ${trouble}\n`);
    if (args.includes("--verbose")) process.stdout.write(row.patch);
    return row;
  });
  const sum = (pick: (row: Row) => number) => rows.reduce((total, row) => total + pick(row), 0);
  const total = {
    findings: sum((row) => row.findings),
    applied: sum((row) => row.applied),
    files: sum((row) => row.files),
    troubles: rows.flatMap((row) => row.troubles),
  };
  process.stdout.write(`${rows.length} flakes: ${counts(total)}\n`);
}

function counts({
  findings,
  applied,
  files,
  troubles,
}: Pick<Row, "findings" | "applied" | "files" | "troubles">): string {
  return `${findings} findings, ${applied} fixed in ${files} files, ${troubles.length} troubles`;
}

function findFlakes(directory: string): string[] {
  if (existsSync(join(directory, "flake.nix"))) return [directory];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .flatMap((entry) => findFlakes(join(directory, entry.name)))
    .sort();
}

function measure(root: string): Row {
  const tracked = listTrackedFiles(root);
  const fs = new DiskFileSystem(root, tracked.kind === "tracked" ? { tracked: tracked.files } : {});
  const load = (files: FileSystem) => loadFleet({ root, fs: files, overrideInputs: new Map() }, defaultConfig);
  const today = "2026-06-01";
  const lint = (loaded: LoadedFlake) => lintFlake(loaded, { rules, config: defaultConfig, today });
  const before = load(fs);
  let findings = 0;
  const result = runFixes({
    fs,
    safeties,
    lint: (files) => {
      const report = lint(files === fs ? before : load(files));
      if (files === fs) findings = report.diagnostics.length;
      return report;
    },
  });
  const changed = new OverlayFileSystem(fs, new Map(result.files.map(({ path, after }) => [path, after])));
  const troubles = [
    ...loopTroubles(result),
    ...parseTroubles(result),
    ...remaining(result),
    ...(result.files.length === 0 ? [] : modelTroubles(before, load(changed), result)),
  ];
  const { applied, files } = result;
  return {
    flake: basename(root),
    findings,
    applied: applied.length,
    files: files.length,
    troubles,
    patch: patchText(files, root),
  };
}

function loopTroubles({ converged, refused, declined, report }: FixResult): string[] {
  // What was tried and mended nothing is not applied, and that is all that can be asked of it.
  const given = new Set(declined.map(({ diagnostic }) => diagnostic.fingerprint));
  const again = report.diagnostics.filter(
    ({ fix, fingerprint }) => fix !== undefined && safeties.has(fix.safety) && !given.has(fingerprint),
  );
  return [
    ...(converged ? [] : ["does not converge"]),
    ...refused.map(({ rule, subject }) => `breaks a file: ${rule} ${subject}`),
    ...(converged ? again.map(({ rule, subject }) => `offered again: ${rule} ${subject}`) : []),
  ];
}

function parseTroubles({ files }: FixResult): string[] {
  const directory = mkdtempSync(join(tmpdir(), "nixlint-parse-"));
  try {
    return files
      .filter(({ path }) => path.endsWith(".nix"))
      .flatMap(({ path, after }) => {
        const copy = join(directory, "file.nix");
        writeFileSync(copy, after);
        try {
          execFileSync("nix-instantiate", ["--parse", copy], { stdio: ["ignore", "ignore", "pipe"] });
          return [];
        } catch (error) {
          return [`real Nix does not parse ${path}: ${error instanceof Error ? error.message.split("\n")[1] : ""}`];
        }
      });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What was fixed must not be found any more. */
function remaining({ applied, report }: FixResult): string[] {
  const key = ({ rule, subject, at }: Report["diagnostics"][number]) => `${rule} ${subject} ${basename(at.file)}`;
  const left = new Set(report.diagnostics.map(key));
  return applied.filter((one) => left.has(key(one))).map((one) => `still found: ${key(one)}`);
}

/** Jobs, their timers and secrets may come, and the modules that make them; nothing else may change. */
function modelTroubles(before: LoadedFlake, after: LoadedFlake, { applied }: FixResult): string[] {
  const [old, now] = [modelOf(before), modelOf(after)];
  const troubles: string[] = [];
  for (const [host, model] of Object.entries(old)) {
    for (const [noun, entries] of Object.entries(model)) {
      const then = now[host]?.[noun] ?? {};
      for (const [name, text] of Object.entries(entries)) {
        if (then[name] === text || isMeant(name, noun, applied)) continue;
        troubles.push(`${host}: ${noun} ${name} ${then[name] === undefined ? "is gone" : "changed"}`);
      }
      for (const name of Object.keys(then)) {
        if (entries[name] === undefined && !/^(backupJobs|secrets|timers|dumps|modules|unknown)$/.test(noun))
          troubles.push(`${host}: ${noun} ${name} is new`);
      }
    }
  }
  return troubles;
}

/** A job that another path was added to, a secret that was given to somebody else. */
function isMeant(name: string, noun: string, applied: FixResult["applied"]): boolean {
  if (noun === "modules" || noun === "unknown") return true;
  return applied.some(({ subject, fix }) => subject.includes(name) || fix?.title.includes(`\`${name}\``));
}

type Model = Record<string, Record<string, Record<string, string>>>;

function modelOf({ flake, fleet }: LoadedFlake): Model {
  const atlas = { root: flake.root, sources: { get: (file: string) => flake.session.files.get(file)?.source } };
  const json = fleetToJson({ fleet, atlas, only: [], now: new Date("2026-06-01T00:00:00Z") });
  const model: Model = {};
  for (const host of [...json.hosts, ...json.roles]) {
    const nouns: Record<string, Record<string, string>> = {};
    for (const [noun, value] of Object.entries(host)) {
      if (!Array.isArray(value)) continue;
      nouns[noun] = Object.fromEntries(
        value.map((entry: unknown, index) => [nameIn(entry, index), withoutPlaces(entry)]),
      );
    }
    model[host.name] = nouns;
  }
  return model;
}

function nameIn(entry: unknown, index: number): string {
  if (typeof entry !== "object" || entry === null) return String(entry);
  const named = entry as { readonly name?: unknown; readonly unit?: unknown; readonly job?: unknown };
  return String(named.name ?? named.unit ?? named.job ?? index);
}

function withoutPlaces(entry: unknown): string {
  return JSON.stringify(entry, (key, value: unknown) => (key === "location" ? undefined : value));
}

main(process.argv.slice(2));
