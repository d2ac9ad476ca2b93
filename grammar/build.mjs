// Builds src/syntax/nix-parser.wasm and the manifest of what it was built from. Needs Debian's clang, lld, wasi-libc
// and libclang-rt-*-dev-wasm32 (README.md). `--out FILE` writes the module there and leaves the manifest alone.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { inputHashes, sha256 } from "./inputs.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { out: { type: "string" } } });
const committed = join(here, "../src/syntax/nix-parser.wasm");
const out = values.out ?? committed;

const runtime = join(here, "node_modules/tree-sitter/vendor/tree-sitter/lib");
const stackBytes = 1 << 20; // tree-sitter's own recursion is shallow; the default of 64 KiB leaves no margin

execFileSync(
  "clang",
  [
    "--target=wasm32-wasi",
    "-mexec-model=reactor",
    "-O3",
    "-DNDEBUG",
    "-D_WASI_EMULATED_PROCESS_CLOCKS",
    "-Wl,--strip-all",
    `-Wl,-z,stack-size=${stackBytes}`,
    // Paths of the building machine must not end up in the module.
    `-ffile-prefix-map=${here}=grammar`,
    `-I${join(runtime, "include")}`,
    `-I${join(runtime, "src")}`,
    `-I${join(here, "src")}`,
    ...["shim.c", "src/parser.c", "scanner.c"].map((file) => join(here, file)),
    "-o",
    out,
    "-lwasi-emulated-process-clocks",
  ],
  { stdio: "inherit" },
);

if (out === committed) {
  const manifest = { module: sha256(committed), inputs: inputHashes() };
  writeFileSync(join(here, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
