// Writing to the process's own streams.

import { writeSync } from "node:fs";
import { UserError } from "../lint/user-error.ts";

/** A report of which nobody knows how much arrived is no success. */
export function writeStdout(text: string): void {
  const why = writeAll(1, text);
  if (why !== null) throw new UserError(`cannot write to stdout: ${why}`);
}

/** Where even that cannot be said, nothing can. */
export function writeStderr(text: string): void {
  writeAll(2, text);
}

/** Synchronous and complete: the thread may end right after. Why it was not, or null. */
export function writeAll(descriptor: number, text: string): string | null {
  let rest: Uint8Array = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSome(descriptor, rest));
    return null;
  } catch (error) {
    const code = errorCode(error);
    // Nobody reads any more (`nixlint | head`), which is no reason to complain.
    return code === "EPIPE" ? null : (reasons[code] ?? code);
  }
}

/** How many bytes were written. */
function writeSome(descriptor: number, bytes: Uint8Array): number {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    if (errorCode(error) !== "EAGAIN") throw error;
    // A pipe that somebody made non-blocking is full: wait for its reader.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    return 0;
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file is too large",
  EIO: "the terminal or the disk is gone",
};
