// `--fix`, `nixlint fix` and `--diff` on repositories on disk: what is written, what is not, and what the exit code says.

import { execFileSync } from "node:child_process";
import { chmodSync, lstatSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flake, makeDirectory, makeRepository, run } from "./run.ts";

const stale = "{\n  services.openssh.enable = true; # nixlint: allow missing-import -- was one\n}\n";
const clean = "{\n  services.openssh.enable = true;\n}\n";
const other = stale.replace("missing-import", "service-without-backup");

const read = (directory: string, path: string) => readFileSync(join(directory, path), "utf8");

/** A secret of root that a job reads as another user, and something else too: only an unsafe fix. */
const mismatch = `{ config, ... }:
{
  sops.secrets.restic = { };
  environment.etc.other.text = config.sops.secrets.restic.path;
  services.restic.backups.home = {
    user = "backup";
    repository = "sftp:nas:home";
    passwordFile = config.sops.secrets.restic.path;
    paths = [ "/home" ];
    pruneOpts = [ "--keep-daily 7" ];
  };
  systemd.services.restic-backups-home.onFailure = [ "tell.service" ];
}
`;

test("writes what is safe, says so, and has nothing to do the second time", async () => {
  const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": stale });
  const first = await run(directory, ["check", "--fix"]);
  expect(first).toMatchObject({ code: 0, stderr: "" });
  expect(first.stdout).toContain("fixed[unused-suppression]: hosts/nas.nix: `missing-import`: remove it");
  expect(first.stdout).toContain("1 fixed");
  expect(read(directory, "hosts/nas.nix")).toBe(clean);
  const second = await run(directory, ["fix"]);
  expect(second.stdout).toBe("no findings in 1 host, 2 files\n");
});

test("a value comes only behind the sign: --fix and a path", async () => {
  const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": stale });
  expect(await run(directory, ["--fix", "hosts"])).toMatchObject({ code: 0 });
  expect(read(directory, "hosts/nas.nix")).toBe(clean);
  expect((await run(directory, ["--fix=some"])).code).toBe(2);
});

test("unsafe fixes need to be asked for", async () => {
  const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": mismatch });
  const report = await run(directory, ["--fix"]);
  expect(report.code).toBe(1);
  expect(report.stdout).toMatch(/\d fixable with --unsafe-fixes/);
  expect(read(directory, "hosts/nas.nix")).toBe(mismatch);
  await run(directory, ["--fix", "--unsafe-fixes"]);
  expect(read(directory, "hosts/nas.nix")).toContain('owner = "backup";');
});

test("paths and hosts narrow what is fixed", async () => {
  const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": stale, "roles/x.nix": other });
  await run(directory, ["fix", "roles"]);
  expect(read(directory, "hosts/nas.nix")).toBe(stale);
  expect(read(directory, "roles/x.nix")).toBe(clean);
});

describe("--diff", () => {
  test("is what git apply takes, and writes nothing", async () => {
    const directory = makeRepository({ "sub/flake.nix": flake, "sub/hosts/nas.nix": stale });
    const { code, stdout } = await run(join(directory, "sub"), ["--diff"]);
    expect(code).toBe(1);
    expect(read(directory, "sub/hosts/nas.nix")).toBe(stale);
    execFileSync("git", ["apply", "-"], { cwd: directory, input: stdout });
    expect(read(directory, "sub/hosts/nas.nix")).toBe(clean);
    expect(await run(join(directory, "sub"), ["--diff"])).toMatchObject({ code: 0, stdout: "" });
  });

  test("names with blanks, quotes and letters of any language; line ends and a missing last one", async () => {
    const name = 'hosts/a "b" ü\t.nix';
    const text = `${stale.trimEnd().replaceAll("\n", "\r\n")}`;
    const directory = makeRepository({
      "flake.nix": flake.replace("./hosts/nas.nix", '(./hosts + "/a \\"b\\" ü\\t.nix")'),
      [name]: text,
    });
    const { code, stdout } = await run(directory, ["--diff"]);
    expect(code).toBe(1);
    execFileSync("git", ["apply", "-"], { cwd: directory, input: stdout });
    expect(read(directory, name)).toBe(clean.trimEnd().replaceAll("\n", "\r\n"));
  });

  test("exits 1 also when what remains would be fine, 2 when something is broken", async () => {
    const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": "{ imports = [ ./x.nix ]; a = ; }" });
    expect((await run(directory, ["--diff"])).code).toBe(2);
  });

  test("a report may still be written to a file", async () => {
    const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": stale });
    const { stdout } = await run(directory, ["--diff", "--format", "json", "--output-file", "report.json"]);
    expect(stdout).toMatch(/^diff --git/);
    expect(JSON.parse(read(directory, "report.json"))).toMatchObject({ summary: { warnings: 0 } });
  });
});

describe("what is written", () => {
  test("keeps its mode, and a symlink stays one", async () => {
    const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": stale });
    renameSync(join(directory, "hosts/nas.nix"), join(directory, "shared.nix"));
    chmodSync(join(directory, "shared.nix"), 0o750);
    symlinkSync("../shared.nix", join(directory, "hosts/nas.nix"));
    execFileSync("git", ["add", "-A"], { cwd: directory });
    await run(directory, ["fix"]);
    expect(lstatSync(join(directory, "hosts/nas.nix")).isSymbolicLink()).toBe(true);
    expect(read(directory, "shared.nix")).toBe(clean);
    expect(statSync(join(directory, "shared.nix")).mode & 0o777).toBe(0o750);
  });

  test("a link to what git does not track is left alone", async () => {
    const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": stale });
    renameSync(join(directory, "hosts/nas.nix"), join(directory, "local.nix"));
    symlinkSync("../local.nix", join(directory, "hosts/nas.nix"));
    execFileSync("git", ["add", "hosts"], { cwd: directory });
    const { stdout } = await run(directory, ["fix"]);
    // For Nix the link leads nowhere.
    expect(stdout).toContain("error[untracked-import]: `hosts/nas.nix`");
    expect(read(directory, "local.nix")).toBe(stale);
  });

  test("a read-only file is not, and the run says so", async () => {
    const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": stale });
    chmodSync(join(directory, "hosts/nas.nix"), 0o444);
    const { code, stderr } = await run(directory, ["fix"]);
    expect(code).toBe(2);
    expect(stderr).toBe("nixlint: cannot write `hosts/nas.nix`: it is read-only\nhint: nothing was written\n");
    expect(read(directory, "hosts/nas.nix")).toBe(stale);
  });

  test("also outside of git", async () => {
    const directory = makeDirectory({ "flake.nix": flake, "hosts/nas.nix": stale });
    expect((await run(directory, ["fix"])).code).toBe(0);
    expect(read(directory, "hosts/nas.nix")).toBe(clean);
  });

  test("JSON says what was fixed and what could be", async () => {
    const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": stale });
    const offered = JSON.parse((await run(directory, ["--format", "json"])).stdout);
    expect(offered.summary.fixable).toBe(1);
    expect(offered.findings[0].fix).toEqual({
      title: "remove it",
      safety: "safe",
      commands: [],
      edits: [{ path: "hosts/nas.nix", start: { line: 2, column: 34 }, end: { line: 2, column: 77 }, text: "" }],
      newFiles: [],
    });
    const { stdout } = await run(directory, ["fix", "--format", "json"]);
    expect(JSON.parse(stdout).fixed).toEqual([
      {
        rule: "unused-suppression",
        subject: "missing-import",
        hosts: [],
        path: "hosts/nas.nix",
        title: "remove it",
        safety: "safe",
        commands: [],
      },
    ]);
  });
});

test("a waiver whose time is over goes from the configuration, and what it allowed is found again", async () => {
  const waiver = '[[waive]]\nrule = "missing-import"\nsubject = "hosts/gone.nix"\nreason = "a move"\n';
  const directory = makeRepository({
    "flake.nix": flake,
    "hosts/nas.nix": "{\n  imports = [ ./gone.nix ];\n}\n",
    "nixlint.toml": `# House rules.\nprofile = "strict"\n\n${waiver}until = 2026-01-31\n`,
  });
  const { stdout } = await run(directory, ["--fix", "--format", "json"]);
  expect(read(directory, "nixlint.toml")).toBe('# House rules.\nprofile = "strict"\n');
  const { fixed, findings } = JSON.parse(stdout);
  expect(fixed.map(({ rule }: { rule: string }) => rule)).toEqual(["expired-waiver"]);
  expect(findings.map(({ rule }: { rule: string }) => rule)).toEqual(["missing-import"]);
});

test("a lock of a process that is gone does not stop anybody", async () => {
  const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": stale });
  writeFileSync(join(directory, ".git/.nixlint.lock"), "999999999\n");
  expect((await run(directory, ["fix"])).code).toBe(0);
  expect(read(directory, "hosts/nas.nix")).toBe(clean);
});
