// What nixlint finds in flakes on disk: `node bench/run.mjs bench/hosts.ts DIRECTORY…` prints hosts, roles, and what stayed unknown.

import { resolve } from "node:path";
import { loadFlake } from "../src/flake/load.ts";
import { DiskFileSystem } from "../src/source/disk-file-system.ts";
import { listTrackedFiles } from "../src/source/git.ts";

const verbose = process.argv.includes("-v");

for (const argument of process.argv.slice(2).filter((word) => word !== "-v")) {
  const root = resolve(argument);
  const started = performance.now();
  const tracked = listTrackedFiles(root);
  const flake = loadFlake(root, new DiskFileSystem(root, tracked.kind === "tracked" ? { tracked: tracked.files } : {}));
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  console.log(`${argument}: ${flake.hosts.length} hosts, ${flake.roles.length} roles, ${seconds} s`);
  for (const host of flake.hosts) {
    const unread = [...new Set(host.unread.map(({ input }) => input))];
    console.log(
      `  ${host.name} (${host.system ?? "?"}): ${host.modules.length} modules, unread: ${unread.join(", ") || "-"}`,
    );
  }
  if (flake.roles.length > 0) console.log(`  roles: ${flake.roles.map((role) => role.name).join(" ")}`);
  for (const { name, why } of flake.unresolved) {
    const at = why.span ? ` at ${why.span.file}:${why.span.start}` : "";
    console.log(`  UNRESOLVED ${name}: ${why.reason}: ${why.message}${at}`);
  }
  if (verbose) for (const problem of flake.files.problems) console.log("  problem", problem.kind, problem.path);
}
