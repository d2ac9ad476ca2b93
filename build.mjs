// Bundles the command line and the library into dist/, with the parser module and the rules' pages beside them. The
// executable is a few lines that start the program: only the thread that runs it reads the large bundle.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

// CommonJS in a bundle knows where it is by another name.
const commonJs = {
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  define: { "import.meta.url": "__url" },
  banner: { js: 'const __url = require("node:url").pathToFileURL(__filename).href;' },
};
const modules = {
  format: "esm",
  outExtension: { ".js": ".mjs" },
  // Some packages are CommonJS and require Node's own modules.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
};
const repository = fileURLToPath(new URL(".", import.meta.url));

/** Replaces `outdir`, an absolute path or one relative to the repository. */
export async function bundle(outdir) {
  await rm(outdir, { recursive: true, force: true });
  await mkdir(`${outdir}/rules`, { recursive: true });
  const metafiles = [
    await bundleFiles(outdir, { program: "src/cli/process.ts" }, commonJs),
    await bundleFiles(outdir, { index: "src/index.ts" }, modules),
  ];
  const program = await readFile(`${outdir}/program.cjs`);
  // It is read as Latin-1, which is quicker. esbuild escapes strings, and not regular expressions.
  if (program.some((byte) => byte > 127)) throw new Error("the bundle is not ASCII: write \\u in regular expressions");
  const id = createHash("sha256").update(program).digest("hex").slice(0, 16);
  const define = { ...commonJs.define, __BUILD__: JSON.stringify(id) };
  await bundleFiles(outdir, { start: "src/cli/start.ts", worker: "src/cli/worker.ts" }, { ...commonJs, define });
  await bundleFiles(outdir, { nixlint: "src/cli/bin.ts" }, { ...modules, banner: {} });
  await writeFile(`${outdir}/LICENSES.txt`, await licenses(metafiles));
  await copyFile(`${repository}src/syntax/nix-parser.wasm`, `${outdir}/nix-parser.wasm`);
  for (const name of await readdir(`${repository}rules`)) {
    if (name.endsWith(".md")) await copyFile(`${repository}rules/${name}`, `${outdir}/rules/${name}`);
  }
}

async function bundleFiles(outdir, entryPoints, options) {
  const { metafile } = await build({
    absWorkingDir: repository,
    entryPoints,
    outdir,
    bundle: true,
    platform: "node",
    target: "node20",
    minify: true,
    metafile: true,
    legalComments: "none",
    ...options,
  });
  return metafile;
}

/** Of the packages that the bundle holds parts of, as they ask for. */
async function licenses(metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const packages = new Set(inputs.map((path) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]));
  const texts = [];
  for (const directory of [...packages].filter((path) => path !== undefined).sort()) {
    const { name, version } = JSON.parse(await readFile(`${repository}${directory}/package.json`, "utf8"));
    const file = (await readdir(`${repository}${directory}`)).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no licence text`);
    texts.push(`${name} ${version}\n\n${(await readFile(`${repository}${directory}/${file}`, "utf8")).trim()}\n`);
  }
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

/** What V8 compiles of the bundle in a run, kept beside it: this Node need not do it again, not even the first time. */
async function compile(outdir) {
  const home = await mkdtemp(join(tmpdir(), "nixlint-build-"));
  const env = { ...process.env, XDG_CACHE_HOME: home };
  spawnSync(process.execPath, [`${outdir}/nixlint.mjs`, `${repository}nix`], { env });
  for (const name of await readdir(join(home, "nixlint")).catch(() => [])) {
    if (name.startsWith("code-")) await writeFile(join(outdir, name), await readFile(join(home, "nixlint", name)));
  }
  await rm(home, { recursive: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundle(`${repository}dist`);
  await compile(`${repository}dist`);
}
