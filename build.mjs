// Bundles the command line and the library into dist/, with the parser module and the rules' pages beside them. The
// executable is a few lines that start the program's thread: only that thread reads the large bundle.
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const entryPoints = { nixlint: "src/cli/bin.ts", worker: "src/cli/worker.ts", index: "src/index.ts" };
const repository = fileURLToPath(new URL(".", import.meta.url));

/** Replaces `outdir`, an absolute path or one relative to the repository. */
export async function bundle(outdir) {
  await rm(outdir, { recursive: true, force: true });
  await mkdir(`${outdir}/rules`, { recursive: true });
  await build({
    absWorkingDir: repository,
    entryPoints,
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    minify: true,
    sourcemap: false,
    legalComments: "none",
    // commander is CommonJS and requires Node's own modules.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  await copyFile(`${repository}src/syntax/nix-parser.wasm`, `${outdir}/nix-parser.wasm`);
  for (const name of await readdir(`${repository}rules`)) {
    if (name.endsWith(".md")) await copyFile(`${repository}rules/${name}`, `${outdir}/rules/${name}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(`${repository}dist`);
