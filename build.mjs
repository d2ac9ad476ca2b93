// Bundles the command line and the library into dist/, each one file, with the parser module beside them.
import { copyFile, mkdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { build } from "esbuild";

const entries = { nixlint: "src/cli/bin.ts", index: "src/index.ts" };
const present = Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path)));

await mkdir("dist", { recursive: true });
await build({
  entryPoints: present,
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  minify: true,
  sourcemap: false,
  legalComments: "none",
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});
if (existsSync("src/syntax/nix-parser.wasm")) await copyFile("src/syntax/nix-parser.wasm", "dist/nix-parser.wasm");
