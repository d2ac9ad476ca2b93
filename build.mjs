// Bundles the command line and the library into dist/, with the parser module and the rules' pages beside them. The
// executable is a few lines that start the program's thread: only that thread reads the large bundle.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const entryPoints = { nixlint: "src/cli/bin.ts", worker: "src/cli/worker.ts", index: "src/index.ts" };
const repository = fileURLToPath(new URL(".", import.meta.url));

/** Replaces `outdir`, an absolute path or one relative to the repository. */
export async function bundle(outdir) {
  await rm(outdir, { recursive: true, force: true });
  await mkdir(`${outdir}/rules`, { recursive: true });
  const { metafile } = await build({
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
    metafile: true,
    legalComments: "none",
    // commander is CommonJS and requires Node's own modules.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  await writeFile(`${outdir}/LICENSES.txt`, await licenses(metafile));
  await copyFile(`${repository}src/syntax/nix-parser.wasm`, `${outdir}/nix-parser.wasm`);
  for (const name of await readdir(`${repository}rules`)) {
    if (name.endsWith(".md")) await copyFile(`${repository}rules/${name}`, `${outdir}/rules/${name}`);
  }
}

/** Of the packages that the bundle holds parts of, as they ask for. */
async function licenses({ inputs }) {
  const packages = new Set(Object.keys(inputs).map((path) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]));
  const texts = [];
  for (const directory of [...packages].filter((path) => path !== undefined).sort()) {
    const { name, version } = JSON.parse(await readFile(`${repository}${directory}/package.json`, "utf8"));
    const file = (await readdir(`${repository}${directory}`)).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no licence text`);
    texts.push(`${name} ${version}\n\n${(await readFile(`${repository}${directory}/${file}`, "utf8")).trim()}\n`);
  }
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(`${repository}dist`);
