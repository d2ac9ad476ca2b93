// One trial: a flake in a copy, as it is or with a fault planted; the fixes that are offered are made there, and everything
// that has to hold afterwards is looked at.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { rules } from "../../rules/index.ts";
import { applyEdits } from "../../src/edit/apply.ts";
import type { Safety } from "../../src/edit/edit.ts";
import { defaultConfig } from "../../src/lint/config.ts";
import type { Diagnostic, Report } from "../../src/lint/finding.ts";
import { type FixResult, runFixes } from "../../src/lint/fix-loop.ts";
import { membersOf } from "../../src/lint/gather.ts";
import { type LoadedFlake, lintFlake, loadFleet } from "../../src/lint/lint-flake.ts";
import { patchText } from "../../src/report/patch.ts";
import type { FileSystem } from "../../src/source/file-system.ts";
import type { Fault } from "../faults/kinds.ts";
import { openFlake } from "../flake-directories.ts";
import { differencesOf, modelOf, showDifference, unmeant } from "./model.ts";
import { evaluateWritten, parseTroubles } from "./real-nix.ts";

export const checks = [
  "converges",
  "parses",
  "applies",
  "is gone",
  "is stable",
  "changes no more",
  "means it",
] as const;
export type Check = (typeof checks)[number];

export interface Trouble {
  readonly check: Check;
  readonly text: string;
}

export interface Trial {
  readonly name: string;
  readonly findings: number;
  readonly fixed: number;
  readonly files: number;
  /** Definitions for which real Nix gives what nixlint says, and those it could not be asked about. */
  readonly equal: number;
  readonly left: number;
  /** Of a planted fault: what became of it. */
  readonly mended: "yes" | "no" | null;
  readonly notes: readonly string[];
  readonly troubles: readonly Trouble[];
  readonly patch: string;
}

export interface Setting {
  readonly root: string;
  /** A directory with `lib/`, for real Nix. */
  readonly lib: string | null;
}

const safeties: ReadonlySet<Safety> = new Set(["safe", "scaffold", "unsafe"]);

export interface State {
  readonly loaded: LoadedFlake;
  readonly report: Report;
}

export function stateOf(root: string, fs: FileSystem = openFlake(root)): State {
  const loaded = loadFleet({ root, fs, overrideInputs: new Map() }, defaultConfig);
  return { loaded, report: lintFlake(loaded, { rules, config: defaultConfig, today: "2026-06-01" }) };
}

/** All fixes that a flake is offered as it is. */
export function tryAsItIs(setting: Setting, before: State): Trial {
  const { undo, ...made } = trial(setting, "as it is", { before, narrow: (report) => report });
  undo();
  return made;
}

interface Planting {
  readonly fault: Fault;
  readonly sound: State;
}

/** Only what is new because of the fault. Null: it breaks the flake. */
export function tryFault(setting: Setting, name: string, { fault, sound }: Planting): Trial | null {
  const restore = plant(fault);
  try {
    const before = stateOf(setting.root);
    if (before.report.broken.length > sound.report.broken.length) return null;
    const known = new Set(membersOf(sound.report.diagnostics).map(keyOf));
    const narrow = (report: Report) => ({
      ...report,
      diagnostics: membersOf(report.diagnostics).filter((one) => !known.has(keyOf(one))),
    });
    const { undo, ...made } = trial(setting, name, { before, narrow });
    const outcome = outcomeOf(fault, { sound, planted: before, now: stateOf(setting.root) });
    undo();
    return { ...made, ...outcome };
  } finally {
    restore();
  }
}

function plant({ edits }: Fault): () => void {
  const texts = new Map(edits.map(({ span }) => [span.file, readFileSync(span.file, "utf8")]));
  for (const [file, text] of texts) {
    const own = edits.filter(({ span }) => span.file === file);
    writeFileSync(file, applyEdits(text, own));
  }
  return () => {
    for (const [file, text] of texts) writeFileSync(file, text);
  };
}

function git(root: string, args: readonly string[], input = "") {
  return spawnSync("git", ["-C", root, ...args], { input, encoding: "utf8", maxBuffer: 1 << 26 });
}

function keyOf({ rule, subject, hosts, message }: Diagnostic): string {
  return JSON.stringify([rule, subject, hosts, message]);
}

interface Start {
  readonly before: State;
  /** What of a report is to be fixed. */
  readonly narrow: (report: Report) => Report;
}

function trial({ root, lib }: Setting, name: string, { before, narrow }: Start): Trial & { readonly undo: () => void } {
  const { fs } = before.loaded.flake.session;
  const lint = (files: FileSystem) => (files === fs ? before.report : stateOf(root, files).report);
  const result = runFixes({ fs, safeties, narrow, lint });
  const { files, applied } = result;
  const base = {
    name,
    findings: narrow(before.report).diagnostics.length,
    fixed: applied.length,
    files: files.length,
    patch: patchText(files, root),
    mended: null,
    undo: () => undone(root, files),
    notes: [
      ...result.declined.map(({ diagnostic: { rule, subject }, why }) => `not applied: ${rule} ${subject}: ${why}`),
      ...narrow(result.report).diagnostics.map(
        ({ rule, subject, at }) => `left: ${rule} ${subject} ${at.file}:${at.start}`,
      ),
    ],
  };
  const loop = loopTroubles(result);
  // What is too new for this Nix before is so afterwards.
  const parsed = files.map(({ path }) => path).filter((path) => existsSync(path) && parseTroubles([path]).length === 0);
  if (files.length === 0) return { ...base, equal: 0, left: 0, troubles: loop };
  const applying = applyTroubles(root, base.patch, files);
  const after = stateOf(root);
  const values = lib === null ? { equal: 0, left: 0, troubles: [] } : evaluateWritten(files, after.loaded, lib);
  const troubles = [
    ...loop,
    ...named(
      "parses",
      parseTroubles([...parsed, ...files.flatMap(({ path, before: old }) => (old === null ? [path] : []))]),
    ),
    ...named("applies", applying),
    ...named("is gone", remaining(applied, after.report)),
    ...named("is stable", secondRun(result, after, { root, narrow })),
    ...named("changes no more", modelTroubles(before, after, applied)),
    ...named("means it", values.troubles),
  ];
  return { ...base, equal: values.equal, left: values.left, troubles };
}

function named(check: Check, texts: readonly string[]): Trouble[] {
  return texts.map((text) => ({ check, text }));
}

function loopTroubles({ converged, refused }: FixResult): Trouble[] {
  const broken = refused.map(({ rule, subject }) => `would break a file: ${rule} ${subject}`);
  return [...named("converges", converged ? [] : ["not within ten passes"]), ...named("parses", broken)];
}

/** `git apply` takes the diff, and what is on the disk then is what `--fix` writes. */
function applyTroubles(root: string, patch: string, files: FixResult["files"]): string[] {
  const { status, stderr } = git(root, ["apply", "--whitespace=nowarn", "-"], patch);
  if (status !== 0) return [`git apply: ${stderr.trim()}`];
  const created = files.filter(({ before }) => before === null).map(({ path }) => path);
  if (created.length > 0) git(root, ["add", "--intent-to-add", ...created]);
  return files
    .filter(({ path, after }) => readFileSync(path, "utf8") !== after)
    .map(({ path }) => `other bytes: ${path}`);
}

function undone(root: string, files: FixResult["files"]): void {
  for (const { path, before } of files) {
    if (before !== null) writeFileSync(path, before);
    else if (existsSync(path)) {
      rmSync(path);
      git(root, ["rm", "-q", "--cached", path]);
    }
  }
}

function remaining(applied: readonly Diagnostic[], { diagnostics }: Report): string[] {
  const left = new Set(membersOf(diagnostics).map(keyOf));
  return applied.map(keyOf).filter((key) => left.has(key));
}

/** A second run has nothing to do. */
function secondRun(
  { declined }: FixResult,
  { loaded, report }: State,
  { root, narrow }: { readonly root: string; readonly narrow: (report: Report) => Report },
): string[] {
  const { fs } = loaded.flake.session;
  const lint = (files: FileSystem) => (files === fs ? report : stateOf(root, files).report);
  // What mended nothing the first time would mend nothing now: only that it is tried again costs time.
  const given = new Set(declined.map(({ diagnostic }) => diagnostic.fingerprint));
  const fresh = (one: Report) => ({
    ...narrow(one),
    diagnostics: membersOf(narrow(one).diagnostics).filter(({ fingerprint }) => !given.has(fingerprint)),
  });
  return runFixes({ fs, safeties, narrow: fresh, lint }).files.map(
    ({ path }) => `changes ${relative(root, path)} again`,
  );
}

function modelTroubles(before: State, after: State, applied: readonly Diagnostic[]): string[] {
  return unmeant(differencesOf(modelOf(before.loaded), modelOf(after.loaded)), applied).map(showDifference);
}

interface Planted {
  readonly sound: State;
  readonly planted: State;
  readonly now: State;
}

/** Whether what was planted is gone, and what is otherwise than before it was planted. */
function outcomeOf({ subjects }: Fault, { sound, planted, now }: Planted): Pick<Trial, "mended" | "notes"> {
  const known = new Set(membersOf(sound.report.diagnostics).map(keyOf));
  const fresh = ({ report }: State) =>
    membersOf(report.diagnostics).filter((one) => subjects.includes(one.subject) && !known.has(keyOf(one)));
  if (fresh(planted).length === 0) return { mended: null, notes: ["not found"] };
  const left = fresh(now);
  if (left.length > 0)
    return {
      mended: "no",
      notes: left.map(({ rule, subject, fix }) => `left: ${rule} ${subject} (${fix?.title ?? "no fix"})`),
    };
  const differences = differencesOf(modelOf(sound.loaded), modelOf(now.loaded));
  const shown = differences.filter(({ noun }) => noun !== "unknown");
  return { mended: "yes", notes: shown.map((one) => `unlike before: ${showDifference(one)}`) };
}
