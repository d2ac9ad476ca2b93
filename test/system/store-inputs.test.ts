// `--inputs=store` with a real store: Nix puts a private vault there, and nixlint reads it by its hash alone.

import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const program = join(import.meta.dirname, "../../dist/nixlint.mjs");
const canAdd = spawnSync("nix-store", ["--version"]).status === 0 && isWritable("/nix/store");
if (!canAdd) console.warn("skipped: no Nix store that can be written to");

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const directory = mkdtempSync(join(tmpdir(), "nixlint-store-inputs-"));
const added: string[] = [];
afterAll(() => {
  for (const path of added) spawnSync("nix-store", ["--delete", path]);
  rmSync(directory, { recursive: true, force: true });
});

function addToStore(files: Readonly<Record<string, string>>): { readonly narHash: string } {
  const source = join(directory, "source");
  mkdirSync(source);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(source, name), text);
  const hash = ["--extra-experimental-features", "nix-command", "hash", "path", "--sri", source];
  const narHash = execFileSync("nix", hash, { encoding: "utf8" }).trim();
  added.push(execFileSync("nix-store", ["--add-fixed", "--recursive", "sha256", source], { encoding: "utf8" }).trim());
  return { narHash };
}

test.skipIf(!canAdd)("a vault in the store is evaluated", () => {
  const { narHash } = addToStore({
    "flake.nix": "{ outputs = { self }: { nixosModules.default = import ./vault.nix; from = self.outPath; }; }\n",
    "vault.nix": "{\n  services.radicale.enable = true;\n}\n",
  });
  const flake = join(directory, "flake");
  mkdirSync(flake);
  writeFileSync(
    join(flake, "flake.nix"),
    `{
  inputs.vault.url = "git+ssh://git@example.org/me/vault";
  outputs = { nixpkgs, vault, ... }: {
    nixosConfigurations.alder = nixpkgs.lib.nixosSystem { modules = [ vault.nixosModules.default ]; };
  };
}
`,
  );
  const locked = { type: "git", url: "ssh://git@example.org/me/vault", narHash };
  const lock = { version: 7, root: "root", nodes: { root: { inputs: { vault: "vault" } }, vault: { locked } } };
  writeFileSync(join(flake, "flake.lock"), JSON.stringify(lock));
  const check = (...flags: string[]) =>
    spawnSync("node", [program, "check", flake, "-f", "concise", ...flags], { encoding: "utf8" });
  expect(check("-v").stdout).toContain("the unread input `vault` defines no backup job");
  const { status, stdout } = check("--inputs=store");
  expect(stdout).toContain("service-without-backup: `radicale` keeps `/var/lib/radicale/collections`");
  expect(status).toBe(1);
});
