// One nixlint at a time writes into a repository: a lock file with the number of the process that holds it.

import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import process from "node:process";
import { UserError } from "../lint/user-error.ts";

const retries = 100;
const pauseMs = 50;

/** Waits a few seconds for another nixlint to finish; the lock of one that is gone does not count. */
export function withLock<Result>(path: string, action: () => Result): Result {
  for (let attempt = 0; !tryLock(path); attempt++) {
    if (isAbandoned(path)) rmSync(path, { force: true });
    else if (attempt < retries) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    else throw new UserError("another nixlint is writing into this repository", `if it is not, remove \`${path}\``);
  }
  try {
    return action();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryLock(path: string): boolean {
  try {
    const descriptor = openSync(path, "wx");
    writeSync(descriptor, `${process.pid}\n`);
    closeSync(descriptor);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw new UserError(`cannot write: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isAbandoned(path: string): boolean {
  const holder = readHolder(path);
  if (holder === null) return false;
  try {
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

/** Null while the other one has not written its number yet. */
function readHolder(path: string): number | null {
  try {
    const number = Number.parseInt(readFileSync(path, "utf8"), 10);
    return number > 0 ? number : null;
  } catch {
    return null;
  }
}
