// Writing to the process's own streams.

import { writeSync } from "node:fs";

/** Synchronous and complete: the thread may end right after. */
export function writeAll(descriptor: number, text: string): void {
  let rest: Uint8Array = Buffer.from(text);
  while (rest.length > 0) {
    const written = tryWrite(descriptor, rest);
    if (written === null) return;
    rest = rest.subarray(written);
  }
}

/** Bytes written; null when nobody reads any more (`nixlint | head`), which is no reason to complain. */
function tryWrite(descriptor: number, bytes: Uint8Array): number | null {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EPIPE") return null;
    if (code !== "EAGAIN") throw error;
    // A pipe that somebody made non-blocking is full: wait for its reader.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    return 0;
  }
}
