// What nix-parser.wasm is made of, as hashes: files by content, the two npm packages by locked version.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const files = ["grammar.js", "scanner.c", "shim.c", "arena.h", "src/parser.c", "src/tree_sitter/parser.h", "build.mjs"];
const packages = ["tree-sitter", "tree-sitter-nix"];

export function sha256(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

export function inputHashes() {
  const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8"));
  const hashes = files.map((file) => [file, sha256(join(here, file))]);
  const versions = packages.map((name) => [name, lock.packages[`node_modules/${name}`].integrity]);
  return Object.fromEntries([...hashes, ...versions]);
}
