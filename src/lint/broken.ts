// Files that the configuration needs and that cannot be evaluated: with any of them, no result is a pass.

import type { FlakeFiles } from "../flake/files.ts";
import type { BrokenFile, Report } from "./finding.ts";
import { compareText } from "./order.ts";

/** Sorted by path, one per file. What no host, role or output reaches is only worth a warning and is not here. */
export function brokenFiles(files: FlakeFiles): BrokenFile[] {
  const broken = new Map<string, string>();
  for (const [path, file] of files.parsed) {
    if (file.problems.length > 0 && files.reached.has(path)) broken.set(path, "does not parse");
  }
  for (const problem of files.problems) {
    if (problem.kind === "unreadable-file") broken.set(problem.path, `cannot be read (${problem.why})`);
  }
  return [...broken].map(([path, why]) => ({ path, why })).sort((a, b) => compareText(a.path, b.path));
}

/** Whether the run says nothing of the flake: a file it needs is broken, or not one host could be evaluated. */
export function isUnusable({ broken, unresolved, hosts }: Report): boolean {
  return broken.length > 0 || (hosts === 0 && unresolved.length > 0);
}
