// The program proper: runs `main` and writes straight to the process's streams.

import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import type { Io } from "./io.ts";
import { main } from "./main.ts";

const io: Io = {
  stdout: (text) => writeAll(1, text),
  stderr: (text) => writeAll(2, text),
  env: process.env,
  cwd: process.cwd(),
  stdoutIsTerminal: isatty(1),
  stdinIsTerminal: isatty(0),
  now: () => new Date(),
};

/** `argv` without the interpreter and the script. */
export async function run(argv: readonly string[]): Promise<void> {
  process.exitCode = await main(argv, io);
}

/** Synchronous and complete: the thread may end right after. */
function writeAll(descriptor: number, text: string): void {
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
