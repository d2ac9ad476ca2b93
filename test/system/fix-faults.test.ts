// `--fix` under real faults: a process that is killed at every call that changes the disk, a disk that is full, one that
// is read-only, and two processes at once. Every file is the old one or the new one, and the next run ends the work.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { bundledExecutable } from "../cli/bundle.ts";
import { git, temporaryDirectory } from "./project.ts";

const nixlint = bundledExecutable();
const killer = fileURLToPath(new URL("kill-at.mjs", import.meta.url));

const flake = `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.nas = nixpkgs.lib.nixosSystem { modules = [ ./cards.nix ./flows.nix ./old.nix ]; };
  };
}
`;

const job = (name: string, path: string) => `  services.restic.backups.${name} = {
    repository = "sftp:backup:${name}";
    passwordFile = "/etc/restic";
    paths = [ "${path}" ];
    pruneOpts = [ "--keep-daily 7" ];
  };
`;

const files: Readonly<Record<string, string>> = {
  "flake.nix": flake,
  // What is fixed is in these files alone.
  "nixlint.toml": '[rules]\nunmonitored-backup.severity = "off"\n',
  "cards.nix": `{\n  services.radicale.enable = true;\n${job("radicale", "/var/lib/radicale")}}\n`,
  "flows.nix": "{\n  services.node-red.enable = true;\n}\n",
  "old.nix": "{\n  services.couchdb.enable = true; # nixlint: allow missing-import -- was one\n}\n",
};

function fill(directory: string): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  git(directory, "init", "-q");
  git(directory, "add", "-A");
  git(directory, "commit", "-q", "-m", "x");
  return directory;
}

function textsIn(directory: string): Record<string, string> {
  return Object.fromEntries(Object.keys(files).map((path) => [path, readFileSync(join(directory, path), "utf8")]));
}

function reset(directory: string): void {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(directory, path), text);
}

function fix(directory: string, env: Readonly<Record<string, string>> = {}) {
  const preload = "NIXLINT_KILL_AT" in env ? ["--import", killer] : [];
  return spawnSync(process.execPath, [...preload, nixlint, "--fix", "--exit-zero"], {
    cwd: directory,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
}

/** What a run of nixlint may leave: nothing. */
function leftovers(directory: string): string[] {
  const own = readdirSync(directory, { recursive: true, encoding: "utf8" });
  return own.filter((path) => /nixlint/.test(path) && !(path in files));
}

const scratch = temporaryDirectory("faults");

function wanted(): Record<string, string> {
  const directory = fill(mkdtempSync(join(scratch, "wanted-")));
  expect(fix(directory)).toMatchObject({ status: 0, stderr: "" });
  const texts = textsIn(directory);
  expect(Object.keys(files).filter((path) => texts[path] !== files[path])).toEqual(["flows.nix", "old.nix"]);
  return texts;
}

test.each(["before", "after"])("killed %s each call that changes the disk", { timeout: 300_000 }, (when) => {
  const after = wanted();
  const directory = fill(mkdtempSync(join(scratch, "killed-")));
  let killed = 0;
  for (let at = 1; ; at++) {
    const { signal, status } = fix(directory, { NIXLINT_KILL_AT: `${at}`, NIXLINT_KILL_WHEN: when });
    if (signal !== "SIGKILL") {
      expect(status).toBe(0);
      break;
    }
    killed += 1;
    for (const [path, text] of Object.entries(textsIn(directory)))
      expect([files[path], after[path]], `${path}, killed at ${at}`).toContain(text);
    expect(fix(directory), `after being killed at ${at}`).toMatchObject({ status: 0, stderr: "" });
    expect(textsIn(directory)).toEqual(after);
    expect(leftovers(directory).filter((path) => !path.startsWith(".git/"))).toEqual([]);
    reset(directory);
  }
  expect(killed).toBeGreaterThan(10);
});

test("two at once write what one would", { timeout: 120_000 }, async () => {
  const after = wanted();
  for (let round = 0; round < 5; round++) {
    const directory = fill(mkdtempSync(join(scratch, "two-")));
    const codes = await Promise.all([0, 1].map(() => fixInBackground(directory)));
    expect(codes).toContain(0);
    for (const code of codes) expect([0, 2]).toContain(code);
    expect(textsIn(directory)).toEqual(after);
    expect(leftovers(directory)).toEqual([]);
  }
});

function fixInBackground(directory: string): Promise<number | null> {
  const child = spawn(process.execPath, [nixlint, "--fix", "--exit-zero"], { cwd: directory, stdio: "ignore" });
  return new Promise((resolve) => child.on("exit", resolve));
}

const mountPoint = mkdtempSync(join(tmpdir(), "nixlint-disk-"));
const canMount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", mountPoint]).status === 0;
if (canMount) spawnSync("umount", [mountPoint]);
else console.error("skipped: full and read-only disks (this user may not mount)");

describe.skipIf(!canMount)("a small disk", () => {
  afterEach(() => {
    spawnSync("umount", [mountPoint]);
  });

  function mounted(): string {
    expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", mountPoint]).status).toBe(0);
    mkdirSync(join(mountPoint, "flake"));
    return fill(join(mountPoint, "flake"));
  }

  test("that is full: nothing changes, and the run says so; with room again it does", () => {
    const after = wanted();
    const directory = mounted();
    const filler = join(mountPoint, "filler");
    spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=4k"], { stdio: "ignore" });
    expect(statSync(filler).size).toBeGreaterThan(0);
    const { status, stderr } = fix(directory);
    expect(stderr).toMatch(/no space left/i);
    expect(status).toBe(2);
    expect(textsIn(directory)).toEqual(files);
    rmSync(filler);
    expect(fix(directory).status).toBe(0);
    expect(textsIn(directory)).toEqual(after);
    expect(leftovers(directory)).toEqual([]);
  });

  test("that has room for some of the files: none of them changes", () => {
    const directory = mounted();
    const filler = join(mountPoint, "filler");
    spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=4k"], { stdio: "ignore" });
    // A page for the lock and one for the first file.
    const size = statSync(filler).size;
    spawnSync("truncate", ["-s", `${size - 8192}`, filler]);
    const { status } = fix(directory);
    expect(status).toBe(2);
    expect(textsIn(directory)).toEqual(files);
    expect(leftovers(directory)).toEqual([]);
  });

  test("that is read-only: nothing changes, and the run says so", () => {
    const directory = mounted();
    expect(spawnSync("mount", ["-o", "remount,ro", mountPoint]).status).toBe(0);
    const { status, stderr } = fix(directory);
    expect(stderr).toMatch(/read-only/i);
    expect(status).toBe(2);
    expect(textsIn(directory)).toEqual(files);
  });
});
