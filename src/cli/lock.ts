// One nixlint at a time writes into a repository: a lock file with the number of the process that holds it.

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import process from "node:process";
import { UserError } from "../lint/user-error.ts";

const retries = 100;
const pauseMs = 50;

/** Waits a few seconds for another nixlint to finish; the lock of one that is gone does not count. */
export function withLock<Result>(path: string, action: () => Result): Result {
  for (let attempt = 0; !tryLock(path); attempt++) {
    if (takeAway(path)) continue;
    if (attempt < retries) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    else throw new UserError("another nixlint is writing into this repository", `if it is not, remove \`${path}\``);
  }
  try {
    return action();
  } finally {
    rmSync(path, { force: true });
  }
}

/** The number is in the lock from the moment it is there, whenever a process is killed. */
function tryLock(path: string): boolean {
  const own = `${path}.${process.pid}`;
  try {
    writeFileSync(own, `${process.pid}\n`);
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw new UserError(`cannot write: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    rmSync(own, { force: true });
  }
}

/** Takes a lock away whose process is gone. Of several that want to, one does. */
function takeAway(path: string): boolean {
  if (!isAbandoned(path)) return false;
  const aside = `${path}.${process.pid}.gone`;
  try {
    renameSync(path, aside);
    // Somebody else was faster, and this is the lock that they have now.
    if (!isAbandoned(aside)) linkSync(aside, path);
  } catch {
    return false;
  } finally {
    rmSync(aside, { force: true });
  }
  return true;
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

/** Null when it is gone, or no lock of nixlint. */
function readHolder(path: string): number | null {
  try {
    const number = Number.parseInt(readFileSync(path, "utf8"), 10);
    return number > 0 ? number : null;
  } catch {
    return null;
  }
}
