// `npm run flakes -- DIR [--json]`: runs every flake below DIR and says what nixlint knows of it: hosts, jobs, how many
// of the jobs' values are known, findings by rule and by verdict, what is undecided and why, seconds. Findings without
// a row in bench/verdicts.tsv are listed, so that somebody reads them; at the end the reasons of what is not known, the
// most frequent first. Each flake runs in a process of its own: one that is too large is a line of the report.

import { spawnSync } from "node:child_process";
import { relative, resolve } from "node:path";
import type { Diagnostic } from "../src/lint/finding.ts";
import { findFlakes } from "./flake-directories.ts";
import { valuesOf } from "./job-values.ts";
import { type Counts, renderRanking } from "./ranking.ts";
import { runFlake, versionOf } from "./run-flake.ts";
import { readVerdicts, type Verdicts, verdictOf, verdicts } from "./verdicts.ts";

interface Measured {
  readonly flake: string;
  readonly hosts: readonly string[];
  readonly unresolved: readonly string[];
  readonly jobs: number;
  readonly values: number;
  readonly known: number;
  /** Why the others are not known, by value and reason. */
  readonly unknown: Counts;
  readonly findings: Counts;
  readonly errors: number;
  readonly verdicts: Counts;
  readonly undecided: Counts;
  readonly unjudged: readonly string[];
  readonly seconds: number;
}

interface Crashed {
  readonly flake: string;
  readonly crash: string;
}

/** A flake that needs more of either is a line of the report, and not the end of it. */
const mostMegabytes = 1500;
const mostMilliseconds = 60_000;

function main(args: readonly string[]): void {
  const [directory] = args.filter((arg) => !arg.startsWith("--"));
  if (directory === undefined) {
    process.stderr.write("usage: npm run flakes -- DIR [--json]\n");
    process.exitCode = 2;
    return;
  }
  if (args.includes("--alone")) {
    process.stdout.write(JSON.stringify(measure(directory, readVerdicts())));
    return;
  }
  const measured = findFlakes(resolve(directory)).map(measureAlone);
  const text = args.includes("--json") ? `${JSON.stringify(measured, null, 2)}\n` : renderAll(measured);
  process.stdout.write(text);
}

function measureAlone(root: string): Measured | Crashed {
  const [node, program = ""] = process.argv;
  const flags = [...process.execArgv, `--max-old-space-size=${mostMegabytes}`];
  const { status, stdout, stderr } = spawnSync(node ?? "", [...flags, program, root, "--alone"], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    timeout: mostMilliseconds,
  });
  if (status !== 0) return { flake: versionOf(root), crash: stderr.trim().split("\n").find(isTelling) ?? "no message" };
  return JSON.parse(stdout) as Measured;
}

function isTelling(line: string): boolean {
  return /error/i.test(line);
}

function measure(root: string, rows: Verdicts): Measured {
  const { flake, fleet, report, seconds } = runFlake(root);
  const values = fleet.hosts.flatMap(({ host, jobs }) => jobs.flatMap((job) => valuesOf(host, job)));
  const name = versionOf(root);
  const doubts = values.flatMap((value) => (value.doubt ? [`${value.name}: ${value.doubt.message}`] : []));
  const judged = report.diagnostics.map((finding) => ({ finding, verdict: verdictOf(name, finding, rows) }));
  return {
    flake: name,
    hosts: flake.hosts.map((host) => host.name),
    unresolved: flake.unresolved.map(({ name: host, why }) => `${host}: ${why.message}`),
    jobs: fleet.hosts.reduce((sum, host) => sum + host.jobs.length, 0),
    values: values.length,
    known: values.length - doubts.length,
    unknown: countBy(doubts),
    findings: countBy(report.diagnostics.map(({ rule }) => rule)),
    errors: report.diagnostics.filter(({ severity }) => severity === "error").length,
    verdicts: countBy(judged.map(({ verdict }) => verdict ?? "none")),
    undecided: countBy(report.undecided.map(({ rule, reasons }) => `${rule}: ${reasons[0]?.message ?? "no reason"}`)),
    unjudged: judged.flatMap(({ finding, verdict }) => (verdict ? [] : [describe(name, root, finding)])),
    seconds,
  };
}

function countBy(keys: readonly string[]): Counts {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

/** A row of bench/verdicts.tsv up to the verdict, then what its reader needs. */
function describe(flake: string, root: string, { rule, subject, hosts, at, severity, message }: Diagnostic): string {
  const place = `${relative(root, at.file)}:${at.start}`;
  return [flake, rule, subject, hosts.join(","), place, `${severity}: ${message}`].join("\t");
}

function renderAll(measured: readonly (Measured | Crashed)[]): string {
  const all = measured.flatMap((flake) => ("crash" in flake ? [] : [flake]));
  const sum = (count: (flake: Measured) => number) => all.reduce((total, flake) => total + count(flake), 0);
  const judged = verdicts.map((verdict) => `${sum((flake) => flake.verdicts[verdict] ?? 0)} ${verdict}`);
  return [
    ...measured.map((flake) => ("crash" in flake ? `${flake.flake}: crashed: ${flake.crash}\n` : render(flake))),
    `${all.length} flakes, ${sum(({ hosts }) => hosts.length)} hosts, ${sum(({ jobs }) => jobs)} jobs, `,
    `${sum(({ known }) => known)}/${sum(({ values }) => values)} values known, `,
    `${judged.join(", ")}, ${sum(({ unjudged }) => unjudged.length)} without a verdict\n`,
    renderRanking(all),
  ].join("");
}

function render(flake: Measured): string {
  const share = flake.values === 0 ? "-" : `${Math.round((100 * flake.known) / flake.values)} %`;
  const known = `${flake.known}/${flake.values} values known (${share})`;
  const judged = verdicts.map((verdict) => `${flake.verdicts[verdict] ?? 0} ${verdict}`).join(", ");
  const lines = [
    `${flake.flake}: ${flake.hosts.length} hosts, ${flake.jobs} jobs, ${known}, findings ${judged}, ${flake.seconds.toFixed(2)} s`,
    ...flake.unresolved.map((host) => `  unresolved ${host}`),
    ...Object.entries(flake.unknown).map(([value, count]) => `  ${count} × unknown ${value}`),
    ...Object.entries(flake.findings).map(([rule, count]) => `  ${count} × ${rule}`),
    ...Object.entries(flake.undecided).map(([reason, count]) => `  ${count} × undecided ${reason}`),
    ...flake.unjudged.map((finding) => `  no verdict: ${finding}`),
  ];
  return `${lines.join("\n")}\n`;
}

main(process.argv.slice(2));
