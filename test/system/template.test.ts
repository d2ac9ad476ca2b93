// `nix flake init -t` with real Nix: the template becomes a new homelab, file by file, and nixlint has nothing to say
// about it. The inputs are stand-ins on disk, for nothing here may fetch.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { globbySync } from "globby";
import { afterAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const missing = spawnSync("nix", ["--version"]).status !== 0;
if (missing) console.warn("SKIPPED: nix is not installed, so the template is not tried");

const directory = mkdtempSync(join(tmpdir(), "nixlint-template-"));
afterAll(() => {
  spawnSync("chmod", ["-R", "u+w", directory]);
  rmSync(directory, { recursive: true, force: true });
});

describe.skipIf(missing)("the template", () => {
  test("gives a new homelab that nixlint passes", () => {
    const source = join(directory, "source");
    const homelab = join(directory, "homelab");
    cpSync(join(root, "nix"), source, { recursive: true });
    makeRepository(source);
    const inputs = ["nixpkgs", "sops-nix"].flatMap((name) => ["--override-input", name, `path:${makeInput(name)}`]);
    nix(source, "flake", "lock", ...inputs);
    execFileSync("git", ["add", "--all"], { cwd: source });

    makeRepository(homelab);
    nix(homelab, "flake", "init", "-t", `git+file://${source}`);
    execFileSync("git", ["add", "--all"], { cwd: homelab });

    expect(readFiles(homelab)).toEqual(readFiles(join(root, "nix")));
    const check = spawnSync(process.execPath, ["dist/nixlint.mjs", "check", homelab, "-v"], {
      cwd: root,
      encoding: "utf8",
    });
    expect(check).toMatchObject({ status: 0, stdout: expect.stringMatching(/^no findings in 3 hosts/) });
  });
});

function makeRepository(path: string): void {
  mkdirSync(path, { recursive: true });
  execFileSync("git", ["init", "--quiet"], { cwd: path });
  execFileSync("git", ["add", "--all"], { cwd: path });
}

function makeInput(name: string): string {
  const path = join(directory, name);
  mkdirSync(path);
  writeFileSync(join(path, "flake.nix"), "{ outputs = _: { }; }\n");
  return path;
}

const storeVariables = {
  NIX_STORE_DIR: join(directory, "nix/store"),
  NIX_STATE_DIR: join(directory, "nix/var/nix"),
  NIX_LOG_DIR: join(directory, "nix/var/log"),
  NIX_REMOTE: "local",
};

/** In a store of its own. */
function nix(cwd: string, ...args: readonly string[]): void {
  const experimental = ["--extra-experimental-features", "nix-command flakes"];
  const { status, stderr } = spawnSync("nix", [...experimental, ...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, HOME: directory, ...storeVariables },
  });
  if (status !== 0) throw new Error(stderr);
}

function readFiles(path: string): Readonly<Record<string, string>> {
  const names = globbySync("**", { cwd: path, dot: true, ignore: [".git", "flake.lock"] }).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(path, name), "utf8")]));
}
