// Bundles a TypeScript program of this folder and runs it: `node bench/run.mjs bench/flakes.ts ARGS`.
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

const [entry, ...args] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), "nixlint-bench-"));
const outfile = join(directory, "program.mjs");
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  loader: { ".md": "text" },
  logLevel: "error",
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});
copyFileSync("src/syntax/nix-parser.wasm", join(directory, "nix-parser.wasm"));
// The pages of the rules are looked for beside the bundle.
cpSync("rules", join(directory, "rules"), { recursive: true, filter: (path) => !path.endsWith(".ts") });
const { status } = spawnSync(process.execPath, ["--stack-size=7000", outfile, ...args], { stdio: "inherit" });
rmSync(directory, { recursive: true });
process.exitCode = status ?? 1;
