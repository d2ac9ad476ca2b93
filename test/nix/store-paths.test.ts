// Where Nix keeps a fetched tree follows from its hash alone: judged by Nix itself.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseHash } from "../../src/eval/store-hash.ts";
import { fixedPath } from "../../src/eval/store-path.ts";

const hasNix = spawnSync("nix-instantiate", ["--version"]).status === 0;
if (!hasNix) console.warn("skipped: nix-instantiate is not installed, so no store path is compared with Nix");

const root = mkdtempSync(join(tmpdir(), "nixlint-store-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function makeTree(name: string, files: Readonly<Record<string, string>>): string {
  const directory = join(root, name);
  mkdirSync(directory);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text);
  symlinkSync("nowhere", join(directory, "link"));
  return directory;
}

test.skipIf(!hasNix).each([
  ["a flake", { "flake.nix": "{ outputs = _: { }; }\n" }],
  ["other files", { "a.txt": "a", "b.txt": "", ümlaut: "ß" }],
  ["only a link", {}],
])("the store path of a tree with %s", (name, files) => {
  const directory = makeTree(name, files);
  const hash = ["--extra-experimental-features", "nix-command", "hash", "path", "--sri", directory];
  const narHash = execFileSync("nix", hash, { encoding: "utf8" }).trim();
  const expression = `"\${builtins.path { path = ${JSON.stringify(directory)}; name = "source"; }}"`;
  const path = execFileSync("nix-instantiate", ["--eval", "--store", "dummy://", "-E", expression], {
    encoding: "utf8",
  });
  const parsed = parseHash(narHash, "sha256");
  expect(typeof parsed === "string" ? parsed : fixedPath("source", parsed, true)).toBe(JSON.parse(path));
});
