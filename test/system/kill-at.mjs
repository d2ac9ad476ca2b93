// Loaded before nixlint (`node --import`): kills the process with SIGKILL at the call of NIXLINT_KILL_AT among those that
// change the disk; a write is cut in half first, every other call is made or not (NIXLINT_KILL_WHEN).

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const killAt = Number(process.env.NIXLINT_KILL_AT);
const isAfter = process.env.NIXLINT_KILL_WHEN === "after";
const names = [
  "openSync",
  "writeSync",
  "writeFileSync",
  "fchmodSync",
  "fsyncSync",
  "closeSync",
  "renameSync",
  "linkSync",
];
const more = ["unlinkSync", "rmSync", "mkdirSync"];
let count = 0;

for (const name of [...names, ...more]) {
  const call = fs[name];
  fs[name] = (...args) => {
    if (name === "openSync" && !/[wax+]/.test(String(args[1] ?? "r"))) return call(...args);
    // Standard output and error are no files.
    if (name === "writeSync" && args[0] <= 2) return call(...args);
    count += 1;
    if (count !== killAt) return call(...args);
    if (name === "writeSync") call(args[0], args[1], args[2] ?? 0, Math.floor((args[3] ?? args[1].length) / 2));
    else if (isAfter) call(...args);
    process.kill(process.pid, "SIGKILL");
    // Until it arrives.
    for (;;);
  };
}
syncBuiltinESMExports();
