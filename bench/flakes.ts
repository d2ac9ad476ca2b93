// `npm run flakes -- DIR [--json]`: runs every flake below DIR and says what nixlint knows of it: hosts, jobs, how many
// of the jobs' values are known, findings by rule, what is undecided and why, seconds. Findings without a row in
// bench/verdicts.tsv are listed, so that somebody reads them.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { rules } from "../rules/index.ts";
import { Unknown } from "../src/eval/unknown.ts";
import { PartialString } from "../src/eval/value.ts";
import type { Job } from "../src/fleet/jobs.ts";
import { defaultConfig } from "../src/lint/config.ts";
import type { Diagnostic, Report } from "../src/lint/finding.ts";
import { lintFlake, loadFleet } from "../src/lint/lint-flake.ts";
import { DiskFileSystem } from "../src/source/disk-file-system.ts";
import { listTrackedFiles } from "../src/source/git.ts";

interface Measured {
  readonly flake: string;
  readonly hosts: readonly string[];
  readonly unresolved: readonly string[];
  readonly jobs: number;
  readonly values: number;
  readonly known: number;
  readonly findings: Readonly<Record<string, number>>;
  readonly undecided: Readonly<Record<string, number>>;
  readonly unjudged: readonly string[];
  readonly seconds: number;
}

const verdictsFile = "bench/verdicts.tsv";

function main(args: readonly string[]): void {
  const [directory] = args.filter((arg) => !arg.startsWith("--"));
  if (directory === undefined) {
    process.stderr.write("usage: npm run flakes -- DIR [--json]\n");
    process.exitCode = 2;
    return;
  }
  const verdicts = readVerdicts();
  const measured = findFlakes(resolve(directory)).map((root) => measure(root, verdicts));
  if (args.includes("--json")) process.stdout.write(`${JSON.stringify(measured, null, 2)}\n`);
  else for (const flake of measured) process.stdout.write(render(flake));
}

/** Directories with a flake.nix, not below another one. */
function findFlakes(directory: string): string[] {
  if (existsSync(join(directory, "flake.nix"))) return [directory];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith("."))
    .flatMap((entry) => findFlakes(join(directory, entry.name)))
    .sort();
}

function measure(root: string, verdicts: ReadonlySet<string>): Measured {
  const start = performance.now();
  const tracked = listTrackedFiles(root);
  const fs = new DiskFileSystem(root, tracked.kind === "tracked" ? { tracked: tracked.files } : {});
  const loaded = loadFleet({ root, fs, overrideInputs: new Map() }, defaultConfig);
  const report = lintFlake(loaded, { rules, config: defaultConfig, today: new Date().toISOString().slice(0, 10) });
  const seconds = (performance.now() - start) / 1000;
  const values = loaded.fleet.hosts.flatMap((host) => host.jobs.flatMap(jobValues));
  const flake = nameOf(root);
  return {
    flake,
    hosts: loaded.flake.hosts.map((host) => host.name),
    unresolved: loaded.flake.unresolved.map(({ name, why }) => `${name}: ${why.message}`),
    jobs: loaded.fleet.hosts.reduce((sum, host) => sum + host.jobs.length, 0),
    values: values.length,
    known: values.filter(isKnown).length,
    findings: countBy(report.diagnostics, (finding) => finding.rule),
    undecided: countBy(report.undecided, ({ rule, reasons }) => `${rule}: ${reasons[0]?.message ?? "no reason"}`),
    unjudged: unjudged(flake, root, report, verdicts),
    seconds,
  };
}

/** Repository, paths, user and schedule of a job. */
function jobValues(job: Job): unknown[] {
  const paths = [...job.paths.items.map((path) => path.text), ...(job.paths.rest ? [job.paths.rest] : [])];
  return [job.repository?.text ?? "", paths.find((path) => !isKnown(path)) ?? "", job.user.text, scheduleOf(job)];
}

function scheduleOf(job: Job): unknown {
  return job.timer.option?.value ?? "";
}

function isKnown(value: unknown): boolean {
  return !(value instanceof Unknown || value instanceof PartialString);
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

/** `owner/repository@commit`, from a checkout named `owner+repository`. */
function nameOf(root: string): string {
  const commit = execFileSync("git", ["-C", root, "rev-parse", "--short=12", "HEAD"], { encoding: "utf8" }).trim();
  return `${basename(root).replace("+", "/")}@${commit}`;
}

function readVerdicts(): ReadonlySet<string> {
  const rows = existsSync(verdictsFile) ? readFileSync(verdictsFile, "utf8").trimEnd().split("\n").slice(1) : [];
  return new Set(rows.map((row) => row.split("\t").slice(0, 4).join("\t")));
}

function unjudged(flake: string, root: string, report: Report, verdicts: ReadonlySet<string>): string[] {
  return report.diagnostics
    .map((finding) => ({ finding, key: [flake, finding.rule, finding.subject, finding.hosts.join(",")].join("\t") }))
    .filter(({ key }) => !verdicts.has(key))
    .map(({ finding, key }) => `${key}\t${placeOf(root, finding)}\t${finding.severity}: ${finding.message}`);
}

function placeOf(root: string, { at }: Diagnostic): string {
  return `${relative(root, at.file)}:${at.start}`;
}

function render(flake: Measured): string {
  const share = flake.values === 0 ? "-" : `${Math.round((100 * flake.known) / flake.values)} %`;
  const lines = [
    `${flake.flake}: ${flake.hosts.length} hosts, ${flake.jobs} jobs, ${flake.known}/${flake.values} values known (${share}), ${flake.seconds.toFixed(2)} s`,
    ...flake.unresolved.map((host) => `  unresolved ${host}`),
    ...Object.entries(flake.findings).map(([rule, count]) => `  ${count} × ${rule}`),
    ...Object.entries(flake.undecided).map(([reason, count]) => `  ${count} × undecided ${reason}`),
    ...flake.unjudged.map((finding) => `  no verdict: ${finding}`),
  ];
  return `${lines.join("\n")}\n`;
}

main(process.argv.slice(2));
