// `npm run faults -- DIR [-v] [--most=2] [--kind=PATTERN]`: plants one fault at a time in copies of the flakes below DIR,
// chosen from the model and not by the text, and says whether the right rule finds it in the right file: by kind, and
// with -v each place. Of each kind in each flake as many as `--most` says.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import type { Edit } from "../src/edit/edit.ts";
import { defaultConfig } from "../src/lint/config.ts";
import type { Diagnostic, Report } from "../src/lint/finding.ts";
import { membersOf } from "../src/lint/gather.ts";
import { faultKinds, switchedOn } from "./faults/all.ts";
import type { Fault, FaultKind } from "./faults/kinds.ts";
import { placesOf } from "./faults/places.ts";
import { findFlakes } from "./flake-directories.ts";
import { runFlake, versionOf } from "./run-flake.ts";

interface Choice {
  /** Of each kind in each flake. */
  readonly most: number;
  readonly kinds: readonly FaultKind[];
}

/** The default, and rules of the strict profile that have faults here. */
const config = {
  ...defaultConfig,
  rules: new Map([...switchedOn].map((rule) => [rule, { severity: "warning" as const, options: {} }])),
};

interface Outcome {
  readonly flake: string;
  readonly kind: FaultKind;
  readonly result: "found" | "other file" | "undecided" | "missed" | "does not parse";
  readonly place: string;
  readonly why: string;
}

function main(args: readonly string[]): void {
  const [directory] = args.filter((arg) => !arg.startsWith("-"));
  if (directory === undefined) {
    process.stderr.write("usage: npm run faults -- DIR [-v]\n");
    process.exitCode = 2;
    return;
  }
  const choice = choiceOf(args);
  const outcomes = findFlakes(resolve(directory)).flatMap((original) => plantAll(original, choice));
  if (args.includes("-v")) for (const outcome of outcomes) process.stdout.write(`${describe(outcome)}\n`);
  process.stdout.write(table(outcomes, choice.kinds));
}

function choiceOf(args: readonly string[]): Choice {
  const after = (flag: string) => args.find((arg) => arg.startsWith(flag))?.slice(flag.length);
  const pattern = new RegExp(after("--kind=") ?? "");
  const kinds = faultKinds.filter(({ rule, name }) => pattern.test(`${rule}: ${name}`));
  return { most: Number(after("--most=") ?? 2), kinds };
}

function plantAll(original: string, { most, kinds }: Choice): Outcome[] {
  const directory = mkdtempSync(join(tmpdir(), "nixlint-faults-"));
  const root = join(directory, "flake");
  // Not a clone: that has not what a checkout without its largest files lacks.
  cpSync(original, root, { recursive: true, verbatimSymlinks: true });
  try {
    const before = runFlake(root, config);
    const places = placesOf(before.flake.files);
    const known = new Set(membersOf(before.report.diagnostics).map(keyOf));
    return kinds.flatMap((kind) =>
      choose(kind.plant(before, places), most).map((fault) => ({
        flake: versionOf(original),
        kind,
        place: fault.edits.map(({ span }) => `${relative(root, span.file)}:${span.start}`).join(" "),
        ...judge(root, fault, { rule: kind.rule, known }),
      })),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The first places, no two with the same edits in the same file. */
function choose(faults: Iterable<Fault>, most: number): readonly Fault[] {
  const chosen = new Map<string, Fault>();
  for (const fault of faults) {
    const key = fault.edits.map(({ span }) => `${span.file}:${span.start}`).join(" ");
    if (!chosen.has(key)) chosen.set(key, fault);
    if (chosen.size >= most) break;
  }
  return [...chosen.values()];
}

interface Wanted {
  readonly rule: string;
  readonly known: ReadonlySet<string>;
}

function judge(root: string, fault: Fault, wanted: Wanted): Pick<Outcome, "result" | "why"> {
  const texts = new Map(fault.edits.map(({ span }) => [span.file, readFileSync(span.file, "utf8")]));
  for (const [file, text] of texts)
    writeFileSync(
      file,
      applied(
        text,
        fault.edits.filter(({ span }) => span.file === file),
      ),
    );
  for (const [file, text] of fault.newFiles ?? []) writeFileSync(file, text);
  try {
    return resultOf(root, runFlake(root, config).report, fault, wanted);
  } finally {
    for (const [file, text] of texts) writeFileSync(file, text);
    for (const file of fault.newFiles?.keys() ?? []) rmSync(file);
  }
}

/** Edits from the end to the start, so that offsets stay what they are. */
function applied(text: string, edits: readonly Edit[]): string {
  const inOrder = edits.map((edit, index) => ({ ...edit, index }));
  inOrder.sort((a, b) => b.span.start - a.span.start || b.index - a.index);
  return inOrder.reduce(
    (result, { span, text: by }) => result.slice(0, span.start) + by + result.slice(span.end),
    text,
  );
}

function resultOf(
  root: string,
  report: Report,
  fault: Fault,
  { rule, known }: Wanted,
): Pick<Outcome, "result" | "why"> {
  const fresh = membersOf(report.diagnostics).filter((finding) => !known.has(keyOf(finding)));
  const broken = fresh.find((finding) => finding.rule === "syntax-error");
  if (broken && rule !== "syntax-error") return { result: "does not parse", why: broken.message };
  const right = fresh.filter((finding) => finding.rule === rule && fault.subjects.includes(finding.subject));
  if (right.some(({ at }) => fault.files.includes(at.file))) return { result: "found", why: "" };
  if (right[0]) return { result: "other file", why: relative(root, right[0].at.file) };
  const doubt = report.undecided.find((other) => other.rule === rule && fault.subjects.includes(other.subject));
  if (doubt) return { result: "undecided", why: doubt.reasons[0]?.message ?? "" };
  return { result: "missed", why: `new: ${fresh.map((finding) => `${finding.rule} ${finding.subject}`).join(", ")}` };
}

function keyOf({ rule, subject, hosts, message }: Diagnostic): string {
  return JSON.stringify([rule, subject, hosts, message]);
}

function describe({ flake, kind, result, place, why }: Outcome): string {
  return [flake, kind.rule, kind.name, result, place, why].join("\t");
}

function table(outcomes: readonly Outcome[], kinds: readonly FaultKind[]): string {
  const rows = kinds.map((kind) =>
    rowOf(
      `${kind.rule}: ${kind.name}`,
      outcomes.filter((one) => one.kind === kind),
    ),
  );
  return `${["fault\tflakes\tplanted\tfound\tshare", ...rows, rowOf("all", outcomes)].join("\n")}\n`;
}

function rowOf(name: string, outcomes: readonly Outcome[]): string {
  const planted = outcomes.filter(({ result }) => result !== "does not parse");
  const found = planted.filter(({ result }) => result === "found").length;
  const share = planted.length === 0 ? "-" : `${Math.round((100 * found) / planted.length)} %`;
  return [name, new Set(planted.map(({ flake }) => flake)).size, planted.length, found, share].join("\t");
}

main(process.argv.slice(2));
