// Applies fixes until none is left: lint, take those that do not overlap, apply, parse again, lint again. All of it in
// memory; what comes out is the text of every file that changes.

import { applyEdits, isSameEdit, overlaps } from "../edit/apply.ts";
import type { Edit, Fix, NewFile, Safety } from "../edit/edit.ts";
import { globalNames } from "../eval/globals.ts";
import type { FileSystem } from "../source/file-system.ts";
import { OverlayFileSystem } from "../source/overlay-file-system.ts";
import { parseNix } from "../syntax/parse.ts";
import type { Diagnostic, Report } from "./finding.ts";
import { membersOf } from "./gather.ts";

export interface FixRequest {
  readonly fs: FileSystem;
  /** Lints the flake as it is in a file system. */
  readonly lint: (fs: FileSystem) => Report;
  /** Narrows a report to what the user asked about. */
  readonly narrow?: (report: Report) => Report;
  readonly safeties: ReadonlySet<Safety>;
  /** Why a file may not be changed or, with its text, not be created; one clause. */
  readonly objection?: (path: string, created: string | null) => string | null;
}

/** A fix that was not applied because of a file that may not be touched. */
export interface Declined {
  readonly diagnostic: Diagnostic;
  readonly path: string;
  readonly why: string;
}

export interface ChangedFile {
  readonly path: string;
  /** Null: it is new. */
  readonly before: string | null;
  readonly after: string;
}

export interface FixResult {
  /** Sorted by path. */
  readonly files: readonly ChangedFile[];
  readonly applied: readonly Diagnostic[];
  /** Fixes after which a file would not parse: bugs of nixlint, not applied. */
  readonly refused: readonly Diagnostic[];
  readonly declined: readonly Declined[];
  /** Whether nothing was left to apply before the passes ran out. */
  readonly converged: boolean;
  /** Of the flake as it is after the fixes. */
  readonly report: Report;
}

const maxPasses = 10;

export function runFixes(request: FixRequest): FixResult {
  const { fs, narrow = (report) => report } = request;
  const applied: Diagnostic[] = [];
  const refused: Diagnostic[] = [];
  const declined: Declined[] = [];
  let texts: ReadonlyMap<string, string> = new Map();
  let report = request.lint(fs);
  const result = (converged: boolean) => {
    // What a later pass mended in another way is nothing to speak of.
    const left = declined.filter(({ diagnostic }) => countAlike(membersOf(report.diagnostics), diagnostic) > 0);
    return { ...resultOf(fs, texts), applied, refused, declined: left, converged, report };
  };
  for (let pass = 0; pass < maxPasses; pass++) {
    const done = [...refused, ...declined.map(({ diagnostic }) => diagnostic)];
    const { offered, objected } = offersOf(narrow(report), request, done);
    declined.push(...objected);
    const made = effectivePass(request, { texts, offered, before: report });
    applied.push(...made.taken);
    refused.push(...made.broken);
    declined.push(...made.useless.map(uselessFix));
    if (made.taken.length === 0) return result(true);
    texts = made.texts;
    report = made.report ?? report;
  }
  return result(false);
}

interface EffectivePass extends Pass {
  readonly texts: ReadonlyMap<string, string>;
  /** After which their findings would still be there. */
  readonly useless: readonly Diagnostic[];
  /** Null when nothing was taken. */
  readonly report: Report | null;
}

interface Start {
  readonly texts: ReadonlyMap<string, string>;
  readonly offered: readonly Diagnostic[];
  readonly before: Report;
}

/** One pass, made again without the fixes that mend nothing. */
function effectivePass({ fs, lint }: FixRequest, start: Start): EffectivePass {
  const useless: Diagnostic[] = [];
  for (;;) {
    const texts = new Map(start.texts);
    const offered = start.offered.filter((one) => !useless.includes(one));
    const pass = applyPass(new OverlayFileSystem(fs, start.texts), offered, texts);
    if (pass.taken.length === 0) return { ...pass, texts: start.texts, useless, report: null };
    const report = lint(new OverlayFileSystem(fs, texts));
    const counts = {
      before: membersOf(start.before.diagnostics),
      taken: pass.taken,
      after: membersOf(report.diagnostics),
    };
    const left = pass.taken.filter((one) => isStillFound(one, counts) || isDoubted(one, start.before, report));
    if (left.length === 0) return { ...pass, texts, useless, report };
    useless.push(...left);
  }
}

interface Counts {
  readonly before: readonly Diagnostic[];
  readonly taken: readonly Diagnostic[];
  readonly after: readonly Diagnostic[];
}

/** Whether more like it are left than those that were not taken. Lines move, so that place tells nothing. */
function isStillFound(one: Diagnostic, { before, taken, after }: Counts): boolean {
  return countAlike(after, one) > countAlike(before, one) - countAlike(taken, one);
}

/** A fix after which nobody knows has mended nothing. */
function isDoubted({ rule, subject, hosts }: Diagnostic, before: Report, after: Report): boolean {
  const doubts = ({ undecided }: Report) =>
    undecided.filter(
      (one) => one.rule === rule && one.subject === subject && one.hosts.some((host) => hosts.includes(host)),
    );
  return doubts(after).length > doubts(before).length;
}

/** On as many hosts: what is mended for one host at a time may take several passes. */
function countAlike(diagnostics: readonly Diagnostic[], { rule, subject, at, message, hosts }: Diagnostic): number {
  return diagnostics.filter(
    (other) =>
      other.rule === rule &&
      other.subject === subject &&
      other.message === message &&
      other.at.file === at.file &&
      other.hosts.length >= hosts.length,
  ).length;
}

function uselessFix(diagnostic: Diagnostic): Declined {
  return { diagnostic, path: diagnostic.at.file, why: "its fix would not mend it" };
}

interface Offers {
  readonly offered: readonly Diagnostic[];
  readonly objected: readonly Declined[];
}

/** Diagnostics whose fixes may be applied now, without those that were turned down before. */
function offersOf({ diagnostics }: Report, { safeties, objection }: FixRequest, done: readonly Diagnostic[]): Offers {
  const offered: Diagnostic[] = [];
  const objected: Declined[] = [];
  for (const diagnostic of membersOf(diagnostics)) {
    const { fix } = diagnostic;
    if (fix === undefined || !safeties.has(fix.safety) || isAmong(diagnostic, done)) continue;
    const reason = objection && firstObjection(fix, objection);
    if (reason) objected.push({ diagnostic, ...reason });
    else offered.push(diagnostic);
  }
  return { offered, objected };
}

function firstObjection(
  { edits, newFiles = [] }: Fix,
  objection: NonNullable<FixRequest["objection"]>,
): Omit<Declined, "diagnostic"> | null {
  const created = new Map(newFiles.map(({ path, text }) => [path, text]));
  for (const path of new Set([...edits.map(({ span }) => span.file), ...created.keys()])) {
    const why = objection(path, created.get(path) ?? null);
    if (why !== null) return { path, why };
  }
  return null;
}

function isAmong({ fingerprint, hosts }: Diagnostic, others: readonly Diagnostic[]): boolean {
  return others.some((other) => other.fingerprint === fingerprint && other.hosts.join() === hosts.join());
}

function resultOf(fs: FileSystem, texts: ReadonlyMap<string, string>): Pick<FixResult, "files"> {
  const files = [...texts].map(([path, after]) => ({ path, before: readText(fs, path), after }));
  const changed = files.filter(({ before, after }) => before !== after);
  return { files: changed.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

interface Pass {
  readonly taken: readonly Diagnostic[];
  readonly broken: readonly Diagnostic[];
}

/** Puts the new texts into `texts`. */
function applyPass(fs: FileSystem, offered: readonly Diagnostic[], texts: Map<string, string>): Pass {
  const broken: Diagnostic[] = [];
  for (;;) {
    const taken = withoutOverlaps(
      fs,
      offered.filter((one) => !broken.includes(one)),
    );
    const written = writtenBy(fs, taken.map(fixOf));
    const bad = brokenIn(fs, written);
    if (bad.length === 0) {
      for (const [path, text] of written) texts.set(path, text);
      return { taken, broken };
    }
    // A fix applies whole or not at all: with it goes what it changes in other files.
    const touching = taken.filter((one) => filesOf(fixOf(one)).some((path) => bad.includes(path)));
    const alone = touching.filter((one) => brokenIn(fs, writtenBy(fs, [fixOf(one)])).length > 0);
    broken.push(...(alone.length > 0 ? alone : touching));
  }
}

function brokenIn(fs: FileSystem, written: ReadonlyMap<string, string>): string[] {
  return [...written].filter(([path, text]) => breaksFile(fs, path, text)).map(([path]) => path);
}

function fixOf({ fix }: Diagnostic): Fix {
  if (fix === undefined) throw new Error("a diagnostic without a fix among those to fix");
  return fix;
}

function filesOf({ edits, newFiles = [] }: Fix): string[] {
  return [...edits.map(({ span }) => span.file), ...newFiles.map(({ path }) => path)];
}

/** In report order: of two that get in each other's way the later one waits for the next pass. */
function withoutOverlaps(fs: FileSystem, offered: readonly Diagnostic[]): Diagnostic[] {
  const edits: Edit[] = [];
  const files: NewFile[] = [];
  return offered.filter((diagnostic) => {
    const fix = fixOf(diagnostic);
    const own = fix.edits.filter((edit) => !edits.some((other) => isSameEdit(edit, other)));
    const ownFiles = (fix.newFiles ?? []).filter((file) => !files.some((other) => isSameFile(file, other)));
    const blocked =
      own.some((edit) => edits.some((other) => overlaps(edit, other))) ||
      ownFiles.some(({ path }) => files.some((other) => other.path === path) || fs.kindOf(path) !== null);
    if (blocked) return false;
    edits.push(...own);
    files.push(...ownFiles);
    return true;
  });
}

function isSameFile(a: NewFile, b: NewFile): boolean {
  return a.path === b.path && a.text === b.text;
}

function writtenBy(fs: FileSystem, fixes: readonly Fix[]): Map<string, string> {
  const edits = new Map<string, Edit[]>();
  for (const edit of fixes.flatMap((fix) => fix.edits)) {
    const known = edits.get(edit.span.file) ?? [];
    if (!known.some((other) => isSameEdit(edit, other))) edits.set(edit.span.file, [...known, edit]);
  }
  const written = new Map<string, string>();
  for (const [path, own] of edits) written.set(path, applyEdits(readText(fs, path) ?? "", own));
  for (const { path, text } of fixes.flatMap((fix) => fix.newFiles ?? [])) written.set(path, text);
  return written;
}

/** Whether Nix that parsed would not parse any more. */
function breaksFile(fs: FileSystem, path: string, text: string): boolean {
  if (!path.endsWith(".nix")) return false;
  const before = readText(fs, path);
  const problems = (source: string) => parseNix({ path, text: source }, globalNames).problems.length;
  return problems(text) > (before === null ? 0 : problems(before));
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function readText(fs: FileSystem, path: string): string | null {
  const content = fs.readFile(path);
  return content.kind === "bytes" ? decoder.decode(content.bytes) : null;
}
