// Runs the program's bundle, with the code that V8 compiled of it in an earlier run where there is some.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";
import { openCache, readKept } from "./cache.ts";

/** What the bundle exports; it ends by setting the process's exit code. */
interface Program {
  run(argv: readonly string[], build: string): Promise<void>;
}

/** What tells this build from all others; the bundler puts it in. */
declare const __BUILD__: string;

type Wrapper = (module: { exports: Partial<Program> }, require: NodeJS.Require, filename: string) => void;

export interface Place {
  /** Where the bundle is. */
  readonly directory: string;
  /** What is kept of the code is what that use of it needs. */
  readonly use: "evaluating" | "telling";
}

export const build: string = __BUILD__;

export async function runProgram(argv: readonly string[], { directory, use }: Place): Promise<void> {
  const cache = openCache(argv, process.env);
  const name = `code-${use}-${build}-${process.version}-${process.arch}`;
  // The build may have brought some along.
  const kept = cache?.read(name) ?? readKept(directory, name);
  const filename = join(directory, "program.cjs");
  // The bundle is ASCII.
  const source = `(function(module,require,__filename){"use strict";${readFileSync(filename, "latin1")}\n})`;
  const script = new Script(source, { filename, ...(kept && { cachedData: kept }) });
  await programOf(script, filename).run(argv, build);
  // Afterwards, so that what the run compiled is in it.
  if (kept === null || script.cachedDataRejected) cache?.write(name, script.createCachedData());
}

function programOf(script: Script, filename: string): Program {
  const module: { exports: Partial<Program> } = { exports: {} };
  (script.runInThisContext() as Wrapper)(module, createRequire(filename), filename);
  const { run } = module.exports;
  if (run === undefined) throw new Error(`${filename} is no bundle`);
  return { run };
}
