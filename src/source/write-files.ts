// The one way in which files are written: all of them are put beside their places first and synced, then renamed, so
// that whatever happens a file is the old one or the new one, and nothing is written over what somebody else changed.

import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { dirname, join } from "node:path";

export interface FileWrite {
  /** Absolute, symlinks resolved. */
  readonly path: string;
  /** What was there when the new text was made; null: nothing. */
  readonly before: Uint8Array | null;
  readonly after: Uint8Array;
}

/** The calls that change the disk; tests have some that fail. */
export type DiskCalls = Pick<
  typeof fs,
  | "openSync"
  | "writeSync"
  | "fchmodSync"
  | "fchownSync"
  | "fsyncSync"
  | "closeSync"
  | "renameSync"
  | "linkSync"
  | "unlinkSync"
  | "mkdirSync"
  | "rmdirSync"
>;

/** Why nothing (or, after `written`, nothing more) was written; `why` is one clause. */
export class WriteError extends Error {
  readonly path: string;
  readonly why: string;
  readonly written: readonly string[];

  constructor(path: string, why: string, written: readonly string[] = []) {
    super(`${path}: ${why}`);
    this.name = "WriteError";
    this.path = path;
    this.why = why;
    this.written = written;
  }
}

interface Staged {
  readonly write: FileWrite;
  readonly temporary: string;
}

const temporaryName = /^\.nixlint-[0-9a-f-]{36}\.tmp$/;

/** Throws `WriteError`; then every file is as it was, or (see `written`) some are new and the rest as they were. */
export function writeFiles(writes: readonly FileWrite[], calls: DiskCalls = fs): void {
  // New files first: nothing refers to a file that is not there yet, whenever this ends.
  const ordered = [...writes].sort((a, b) => Number(a.before !== null) - Number(b.before !== null));
  const waiting = ordered.filter((write) => !isDone(write));
  for (const write of waiting) checkPlace(write);
  for (const directory of new Set(ordered.map(({ path }) => dirname(path)))) removeLeftovers(directory, calls);
  const made: string[] = [];
  const staged: Staged[] = [];
  try {
    for (const write of waiting) staged.push(stage(write, made, calls));
    for (const { write } of staged) checkPlace(write);
  } catch (error) {
    discard(staged, made, calls);
    throw error;
  }
  replaceAll(staged, calls);
}

/** A run that was interrupted may have left some of its files. */
function isDone({ path, before, after }: FileWrite): boolean {
  return before === null && fs.existsSync(path) && equalBytes(readBytes(path), after);
}

function checkPlace({ path, before }: FileWrite): void {
  if (before === null) {
    if (fs.existsSync(path)) throw new WriteError(path, "it exists already");
    return;
  }
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new WriteError(path, "it was removed meanwhile");
  if (!stat.isFile()) throw new WriteError(path, "it is not a regular file");
  if ((stat.mode & 0o222) === 0) throw new WriteError(path, "it is read-only");
  if (!equalBytes(readBytes(path), before)) throw new WriteError(path, "it was changed meanwhile");
}

function readBytes(path: string): Uint8Array {
  try {
    return fs.readFileSync(path);
  } catch (error) {
    throw new WriteError(path, reasonOf(error));
  }
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Files of a run that was killed. Nobody else is at work here: the caller holds the lock. */
function removeLeftovers(directory: string, calls: DiskCalls): void {
  const names = fs.existsSync(directory) ? fs.readdirSync(directory) : [];
  for (const name of names) if (temporaryName.test(name)) attempt(() => calls.unlinkSync(join(directory, name)));
}

/** The new text beside its place, on the disk for sure, with the mode and the owner of the old file. */
function stage(write: FileWrite, made: string[], calls: DiskCalls): Staged {
  const { path, after } = write;
  const temporary = join(dirname(path), `.nixlint-${randomUUID()}.tmp`);
  try {
    makeDirectories(dirname(path), made, calls);
    const descriptor = calls.openSync(temporary, "wx", 0o666);
    try {
      copyOwnership(path, descriptor, calls);
      writeAll(descriptor, after, calls);
      calls.fsyncSync(descriptor);
    } finally {
      calls.closeSync(descriptor);
    }
    return { write, temporary };
  } catch (error) {
    attempt(() => calls.unlinkSync(temporary));
    throw error instanceof WriteError ? error : new WriteError(path, reasonOf(error));
  }
}

function makeDirectories(directory: string, made: string[], calls: DiskCalls): void {
  if (fs.existsSync(directory)) return;
  makeDirectories(dirname(directory), made, calls);
  calls.mkdirSync(directory);
  made.push(directory);
}

function copyOwnership(path: string, descriptor: number, calls: DiskCalls): void {
  const old = fs.statSync(path, { throwIfNoEntry: false });
  if (old === undefined) return;
  const own = fs.fstatSync(descriptor);
  // Only root can give files away; for others the file stays theirs, as every editor leaves it.
  if (own.uid !== old.uid || own.gid !== old.gid) attempt(() => calls.fchownSync(descriptor, old.uid, old.gid));
  calls.fchmodSync(descriptor, old.mode & 0o7777);
}

function writeAll(descriptor: number, bytes: Uint8Array, calls: DiskCalls): void {
  for (let offset = 0; offset < bytes.length; ) {
    offset += calls.writeSync(descriptor, bytes, offset, bytes.length - offset);
  }
}

function replaceAll(staged: readonly Staged[], calls: DiskCalls): void {
  const written: string[] = [];
  for (const [index, { write, temporary }] of staged.entries()) {
    try {
      replace(write, temporary, calls);
    } catch (error) {
      discard(staged.slice(index), [], calls);
      throw new WriteError(write.path, reasonOf(error), written);
    }
    written.push(write.path);
  }
  for (const directory of new Set(written.map((path) => dirname(path)))) syncDirectory(directory, calls);
}

function replace({ path, before }: FileWrite, temporary: string, calls: DiskCalls): void {
  if (before !== null) {
    calls.renameSync(temporary, path);
    return;
  }
  // A link never replaces what somebody put there in this very moment.
  calls.linkSync(temporary, path);
  attempt(() => calls.unlinkSync(temporary));
}

function syncDirectory(directory: string, calls: DiskCalls): void {
  attempt(() => {
    const descriptor = calls.openSync(directory, "r");
    try {
      calls.fsyncSync(descriptor);
    } finally {
      calls.closeSync(descriptor);
    }
  });
}

function discard(staged: readonly Staged[], made: readonly string[], calls: DiskCalls): void {
  for (const { temporary } of staged) attempt(() => calls.unlinkSync(temporary));
  for (const directory of [...made].reverse()) attempt(() => calls.rmdirSync(directory));
}

/** What is only tidying up must not hide why it is needed. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Leftovers are removed by the next run.
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EEXIST: "it exists already",
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}
