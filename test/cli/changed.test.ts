// Scope: `--changed` against revisions, the index of a hook, PATH filters; on real repositories.

import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { flake, makeDirectory, makeRepository, nothing, run, uncovered } from "./run.ts";

const covered = `{
  services.radicale.enable = true;
  imports = [ ./job.nix ];
}
`;
const job = `{
  services.restic.backups.radicale = {
    repository = "/mnt/nas/restic";
    passwordFile = "/run/secrets/restic";
    paths = [ "/var/lib/radicale" ];
    pruneOpts = [ "--keep-daily 7" ];
  };
}
`;

function git(directory: string, ...args: string[]): string {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.net", "-c", "commit.gpgsign=false"];
  return execFileSync("git", ["-C", directory, ...identity, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function commit(directory: string, message = "x"): void {
  git(directory, "add", "-A");
  git(directory, "commit", "-q", "--allow-empty", "-m", message);
}

/** A repository with one commit. */
function committed(files: Readonly<Record<string, string>>): string {
  const directory = makeRepository(files);
  commit(directory);
  return directory;
}

/** `rule file [hosts]` of each finding about backups, and the exit code. */
async function check(directory: string, argv: readonly string[] = [], extra: Partial<Io> = {}) {
  const { code, stdout, stderr } = await run(directory, ["-f", "json", ...argv], extra);
  if (stderr !== "") return { code, stderr };
  const findings = JSON.parse(stdout).findings as { rule: string; location: { path: string }; hosts: string[] }[];
  const backups = findings.filter(({ rule }) => rule !== "unmonitored-backup");
  return { code, findings: backups.map(({ rule, location, hosts }) => `${rule} ${location.path} ${hosts}`) };
}

const hook: Partial<Io> = { env: { GIT_INDEX_FILE: ".git/index" } };

describe("--changed", () => {
  test("reports what was not there at HEAD, wherever lines moved", async () => {
    const directory = committed({ "flake.nix": flake, "hosts/nas.nix": uncovered });
    expect((await check(directory)).findings).toHaveLength(1);
    expect(await check(directory, ["--changed"])).toEqual({ code: 0, findings: [] });
    writeFileSync(
      join(directory, "hosts/nas.nix"),
      `# A comment.\n\n{\n  services.openssh.enable = true;\n  services.radicale.enable   =   true;\n  services.grafana.enable = true;\n}\n`,
    );
    expect(await check(directory, ["--changed"])).toEqual({
      code: 1,
      findings: ["service-without-backup hosts/nas.nix nas"],
    });
    const { stdout } = await run(directory, ["--changed", "-f", "concise", "-q"]);
    expect(stdout).toContain("grafana");
  });

  test("a file that moved takes its findings with it", async () => {
    const directory = committed({ "flake.nix": flake, "hosts/nas.nix": uncovered });
    renameSync(join(directory, "hosts/nas.nix"), join(directory, "nas.nix"));
    writeFileSync(join(directory, "flake.nix"), flake.replace("./hosts/nas.nix", "./nas.nix"));
    git(directory, "add", "-A");
    expect(await check(directory, ["--changed"])).toEqual({ code: 0, findings: [] });
  });

  test("a job that is deleted with its file is found, in the file that did not change", async () => {
    const directory = committed({ "flake.nix": flake, "hosts/nas.nix": covered, "hosts/job.nix": job });
    expect(await check(directory)).toEqual({ code: 0, findings: [] });
    git(directory, "rm", "-q", "hosts/job.nix");
    const { code, findings } = await check(directory, ["--changed"], hook);
    expect(code).toBe(1);
    expect(findings).toContain("service-without-backup hosts/nas.nix nas");
  });

  test("another host with an old fault is new", async () => {
    const files = { "flake.nix": flake, "hosts/nas.nix": uncovered };
    const directory = committed(files);
    const two = flake.replace(
      "nixosConfigurations.nas",
      "nixosConfigurations.attic = nixpkgs.lib.nixosSystem { modules = [ ./hosts/nas.nix ]; };\n    nixosConfigurations.nas",
    );
    writeFileSync(join(directory, "flake.nix"), two);
    expect(await check(directory, ["--changed"])).toEqual({
      code: 1,
      findings: ["service-without-backup hosts/nas.nix attic"],
    });
  });

  test("against any revision", async () => {
    const directory = committed({ "flake.nix": flake, "hosts/nas.nix": nothing });
    git(directory, "tag", "before");
    writeFileSync(join(directory, "hosts/nas.nix"), uncovered);
    commit(directory);
    expect((await check(directory, ["--changed"])).findings).toEqual([]);
    expect((await check(directory, ["--changed=before"])).findings).toHaveLength(1);
    expect((await check(directory, ["--changed=HEAD~1"])).findings).toHaveLength(1);
  });

  test.each(["nowhere", "--upload-pack=x", "-x"])("an unknown revision: %s", async (revision) => {
    const directory = committed({ "flake.nix": flake, "hosts/nas.nix": nothing });
    expect(await run(directory, [`--changed=${revision}`])).toEqual({
      code: 2,
      stdout: "",
      stderr: `nixlint: unknown revision \`${revision}\`\nhint: as git names it: a branch, a tag, a commit\n`,
    });
  });

  test("in a shallow clone the hint is another", async () => {
    const directory = committed({ "flake.nix": flake, "hosts/nas.nix": nothing });
    commit(directory);
    const clone = join(makeDirectory({}), "clone");
    git("/", "clone", "-q", "--depth", "1", `file://${directory}`, clone);
    expect((await run(clone, ["--changed=HEAD~1"])).stderr).toContain("the clone is shallow");
  });

  test("outside of git there are no revisions", async () => {
    const directory = makeDirectory({ "flake.nix": flake, "hosts/nas.nix": nothing });
    const { code, stderr } = await run(directory, ["--changed"]);
    expect(code).toBe(2);
    expect(stderr).toContain("is in no git repository");
  });

  test("does not swallow the path behind it", async () => {
    const directory = committed({ "flake.nix": flake, "hosts/nas.nix": nothing });
    writeFileSync(join(directory, "hosts/nas.nix"), uncovered);
    expect((await check(directory, ["--changed", "hosts"])).findings).toHaveLength(1);
    expect((await check(directory, ["--changed", "flake.nix"])).findings).toHaveLength(0);
  });

  test("in the very first commit all is new", async () => {
    const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": uncovered });
    expect((await check(directory, ["--changed"])).findings).toHaveLength(1);
    expect((await check(directory, ["--changed"], hook)).findings).toHaveLength(1);
  });

  test("when the flake was none before, all is new", async () => {
    const directory = committed({ "hosts/nas.nix": uncovered });
    writeFileSync(join(directory, "flake.nix"), flake);
    git(directory, "add", "-A");
    expect((await check(directory, ["--changed"])).findings).toHaveLength(1);
    const broken = committed({ "flake.nix": flake, "hosts/nas.nix": uncovered, "nixlint.toml": "profile = 1\n" });
    writeFileSync(join(broken, "nixlint.toml"), "");
    expect((await check(broken, ["--changed"])).findings).toHaveLength(1);
  });

  test("each side has its own configuration", async () => {
    const off = `[rules.service-without-backup]\nseverity = "off"\n`;
    const directory = committed({ "flake.nix": flake, "hosts/nas.nix": uncovered, "nixlint.toml": off });
    writeFileSync(join(directory, "nixlint.toml"), "");
    expect((await check(directory, ["--changed"])).findings).toHaveLength(1);
  });

  test("what was undecided before is not counted again", async () => {
    const unknown = `{\n  services.radicale.enable = import (builtins.fetchTarball "https://example.net/x.tar.gz");\n}\n`;
    const directory = committed({ "flake.nix": flake, "hosts/nas.nix": unknown });
    expect((await run(directory, ["--fail-on-undecided"])).code).toBe(1);
    expect((await run(directory, ["--fail-on-undecided", "--changed"])).code).toBe(0);
  });
});

describe("in a hook", () => {
  test("the index counts, not the work tree", async () => {
    const directory = committed({ "flake.nix": flake, "hosts/nas.nix": nothing });
    writeFileSync(join(directory, "hosts/nas.nix"), uncovered);
    expect((await check(directory, [], hook)).findings).toEqual([]);
    git(directory, "add", "-A");
    writeFileSync(join(directory, "hosts/nas.nix"), nothing);
    expect((await check(directory)).findings).toEqual([]);
    expect((await check(directory, [], hook)).findings).toHaveLength(1);
  });

  test("the index that `git commit FILE` makes up counts", async () => {
    const directory = committed({ "flake.nix": flake, "hosts/nas.nix": nothing });
    writeFileSync(join(directory, "hosts/nas.nix"), uncovered);
    const other = join(directory, ".git/next-index");
    execFileSync("git", ["-C", directory, "read-tree", "HEAD"], { env: { ...process.env, GIT_INDEX_FILE: other } });
    execFileSync("git", ["-C", directory, "add", "hosts"], { env: { ...process.env, GIT_INDEX_FILE: other } });
    expect((await check(directory, [], hook)).findings).toEqual([]);
    expect((await check(directory, [], { env: { GIT_INDEX_FILE: other } })).findings).toHaveLength(1);
  });

  test("from a subdirectory, in a flake below the root", async () => {
    const directory = committed({ "nix/flake.nix": flake, "nix/hosts/nas.nix": uncovered });
    expect((await check(join(directory, "nix/hosts"), [], hook)).findings).toHaveLength(1);
    expect((await check(join(directory, "nix/hosts"), ["--changed"], hook)).findings).toEqual([]);
  });

  test("in a worktree", async () => {
    const directory = committed({ "flake.nix": flake, "hosts/nas.nix": nothing });
    const tree = join(makeDirectory({}), "tree");
    git(directory, "worktree", "add", "-q", tree);
    writeFileSync(join(tree, "hosts/nas.nix"), uncovered);
    const index = git(tree, "rev-parse", "--git-path", "index").trim();
    expect((await check(tree, ["--changed"], { env: { GIT_INDEX_FILE: index } })).findings).toEqual([]);
    git(tree, "add", "-A");
    expect((await check(tree, ["--changed"], { env: { GIT_INDEX_FILE: index } })).findings).toHaveLength(1);
  });

  test("a hook of one repository says nothing about another", async () => {
    const [one, other] = [
      committed({ "flake.nix": flake, "hosts/nas.nix": nothing }),
      makeRepository({ "flake.nix": flake, "hosts/nas.nix": uncovered }),
    ];
    expect((await check(one, [other], { env: { GIT_INDEX_FILE: join(one, ".git/index") } })).findings).toHaveLength(1);
  });

  test("a file that is only intended to be added is not in the commit", async () => {
    const directory = committed({ "flake.nix": flake, "hosts/nas.nix": "{ imports = [ ../new.nix ]; }\n" });
    writeFileSync(join(directory, "new.nix"), nothing);
    git(directory, "add", "-N", "new.nix");
    expect((await check(directory, [], hook)).findings).toEqual(["untracked-import hosts/nas.nix "]);
    git(directory, "add", "new.nix");
    expect((await check(directory, [], hook)).findings).toEqual([]);
  });

  test("configuration and baseline are those of the index", async () => {
    const off = `[rules.service-without-backup]\nseverity = "off"\n`;
    const directory = committed({ "flake.nix": flake, "hosts/nas.nix": uncovered });
    writeFileSync(join(directory, "nixlint.toml"), off);
    expect((await check(directory)).findings).toEqual([]);
    expect((await check(directory, [], hook)).findings).toHaveLength(1);
    git(directory, "add", "nixlint.toml");
    expect((await check(directory, [], hook)).findings).toEqual([]);
  });

  test("a flake that the commit deletes is none", async () => {
    const directory = committed({ "flake.nix": flake, "hosts/nas.nix": nothing });
    git(directory, "rm", "-q", "--cached", "flake.nix");
    expect((await check(directory, [], hook)).stderr).toContain("`flake.nix` is not tracked by git");
  });
});

describe("PATHs", () => {
  test("a finding is reported for its cause and for its notes", async () => {
    const directory = makeRepository({
      "flake.nix": flake.replace("./hosts/nas.nix", "./hosts/nas.nix ./service.nix"),
      "hosts/nas.nix": "{\n  my.radicale.enable = true;\n}\n",
      "service.nix": `{ config, lib, ... }: {\n  options.my.radicale.enable = lib.mkEnableOption "it";\n  config = lib.mkIf config.my.radicale.enable {\n    services.radicale.enable = true;\n  };\n}\n`,
    });
    for (const path of ["hosts/nas.nix", "service.nix", "hosts"]) {
      expect((await check(directory, [path])).findings).toEqual(["service-without-backup hosts/nas.nix nas"]);
    }
    expect((await check(directory, ["flake.nix"])).findings).toEqual([]);
  });

  test("many of them", async () => {
    const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": uncovered });
    mkdirSync(join(directory, "d"));
    const paths = Array.from({ length: 500 }, (_, index) => join("d", `${index}.nix`));
    for (const path of paths) writeFileSync(join(directory, path), nothing);
    expect((await check(directory, paths)).findings).toEqual([]);
    expect((await check(directory, [...paths, "hosts/nas.nix"])).findings).toHaveLength(1);
    rmSync(join(directory, "d"), { recursive: true });
  });
});
