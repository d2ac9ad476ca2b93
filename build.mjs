// Bundles the command line and the library into dist/, with the parser module and the rules' pages beside them. The
// executable is a few lines that start the program's thread: only that thread reads the large bundle.
import { copyFile, cp, mkdir, readdir, rm } from "node:fs/promises";
import { build } from "esbuild";

const entries = { nixlint: "src/cli/bin.ts", worker: "src/cli/worker.ts", index: "src/index.ts" };

await rm("dist", { recursive: true, force: true });
await mkdir("dist/rules", { recursive: true });
await build({
  entryPoints: entries,
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  minify: true,
  keepNames: false,
  sourcemap: false,
  legalComments: "none",
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});
await copyFile("src/syntax/nix-parser.wasm", "dist/nix-parser.wasm");
for (const name of await readdir("rules")) if (name.endsWith(".md")) await cp(`rules/${name}`, `dist/rules/${name}`);
