// The hooks under the real pre-commit: as `repo: <path>` in a scratch repository, and by try-repo.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { cloneProject, git, temporaryDirectory } from "./project.ts";

const version = spawnSync("pre-commit", ["--version"], { encoding: "utf8" });
const isThere = version.status === 0;
if (!isThere) console.log("skipped: pre-commit is not installed");

const directory = temporaryDirectory("pre-commit");
const project = join(directory, "nixlint");
const env = { ...process.env, PRE_COMMIT_HOME: join(directory, "cache"), PRE_COMMIT_COLOR: "never" };

const role = "{ ... }: {\n  services.radicale.enable = true;\n}\n";
const job = `{ ... }: {
  services.restic.backups.radicale = {
    repository = "sftp:nas:/backup";
    passwordFile = "/run/secrets/restic";
    paths = [ "/var/lib/radicale" ];
  };
}
`;
const files = {
  "flake.nix": `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.nas = nixpkgs.lib.nixosSystem {
      modules = map (name: ./nas + "/\${name}") (builtins.attrNames (builtins.readDir ./nas));
    };
  };
}
`,
  "nas/role.nix": role,
  "nas/job.nix": job,
  "README.md": "",
};

function write(repository: string, changes: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(changes)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
}

interface Attempt {
  readonly refused: boolean;
  readonly output: string;
  readonly milliseconds: number;
}

function commit(cwd: string, ...args: string[]): Attempt {
  const started = performance.now();
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.net", "-c", "commit.gpgsign=false"];
  const { status, stdout, stderr } = spawnSync("git", [...identity, "commit", "-m", "x", ...args], {
    cwd,
    env,
    encoding: "utf8",
  });
  return { refused: status !== 0, output: stdout + stderr, milliseconds: performance.now() - started };
}

function commitWith(repository: string, changes: Readonly<Record<string, string>>): Attempt {
  write(repository, changes);
  git(repository, "add", "-A");
  return commit(repository);
}

/** A repository with the hooks installed, as people do it. */
function hooked(name: string, hooks: string): string {
  const repository = join(directory, name);
  mkdirSync(repository);
  git(repository, "init", "-q");
  const rev = git(project, "rev-parse", "HEAD").trim();
  const config = `repos:\n  - repo: ${project}\n    rev: ${rev}\n    hooks:\n${hooks}`;
  write(repository, { ...files, ".pre-commit-config.yaml": config });
  const installed = spawnSync("pre-commit", ["install"], { cwd: repository, env, encoding: "utf8" });
  expect(installed.status).toBe(0);
  return repository;
}

describe.skipIf(!isThere)("pre-commit", () => {
  let repository = "";
  beforeAll(() => {
    mkdirSync(project);
    cloneProject(project);
    repository = hooked("flake", "      - id: nixlint\n");
  }, 60_000);

  test("installs it and checks the very first commit", () => {
    write(repository, files);
    rmSync(join(repository, "nas/job.nix"));
    git(repository, "add", "-A");
    const first = commit(repository);
    expect(first.output).toContain("error[service-without-backup]");
    expect(first.refused).toBe(true);
    expect(commitWith(repository, { "nas/job.nix": job })).toMatchObject({ refused: false });
  }, 600_000);

  test("refuses a commit that only deletes the file with the job", () => {
    git(repository, "rm", "-q", "nas/job.nix");
    const { refused, output } = commit(repository);
    expect(output).toContain("nas/role.nix:2:3");
    expect(refused).toBe(true);
    git(repository, "reset", "-q", "--hard");
  });

  test("a commit that touches nothing is let through without looking", () => {
    commitWith(repository, { "nas/job.nix": `${job}\n` });
    const checked = commitWith(repository, { "nas/job.nix": job });
    const skipped = commitWith(repository, { "README.md": "more\n" });
    expect(skipped.refused).toBe(false);
    expect(skipped.milliseconds).toBeLessThan(checked.milliseconds);
    const verbose = spawnSync("pre-commit", ["run", "--verbose"], { cwd: repository, env, encoding: "utf8" });
    // By hand there is no commit under way: everything is checked.
    expect(verbose.stdout).toContain("2 warnings");
  });

  test("partially staged files: the index counts", () => {
    write(repository, { "nas/other.nix": "{ services.grafana.enable = true; }\n" });
    git(repository, "add", "-A");
    write(repository, { "nas/other.nix": "{ }\n" });
    const { refused, output } = commit(repository);
    expect(output).toContain("`grafana`");
    expect(refused).toBe(true);
    expect(readFileSync(join(repository, "nas/other.nix"), "utf8")).toBe("{ }\n");
    git(repository, "add", "-A");
    write(repository, { "nas/other.nix": "{ services.grafana.enable = true; }\n" });
    expect(commit(repository).refused).toBe(false);
    git(repository, "reset", "-q", "--hard");
  });

  test("from a subdirectory, and in a worktree", () => {
    write(repository, { "nas/role.nix": role.replace("radicale", "grafana") });
    git(repository, "add", "-A");
    expect(commit(join(repository, "nas")).output).toContain("`grafana`");
    git(repository, "reset", "-q", "--hard");
    const tree = join(directory, "tree");
    git(repository, "worktree", "add", "-q", tree);
    expect(commitWith(tree, { "nas/role.nix": role.replace("radicale", "grafana") }).output).toContain("`grafana`");
    expect(commitWith(tree, { "nas/role.nix": `${role}\n` }).refused).toBe(false);
  });

  test("nixlint-fix repairs what it may, and then the commit is refused once", () => {
    const fixing = hooked("fixing", "      - id: nixlint-fix\n");
    const allowed = "# nixlint: allow missing-import -- it comes with the next commit\n";
    const { refused, output } = commitWith(fixing, { "nas/other.nix": `${allowed}{ }\n` });
    expect(output).toContain("files were modified by this hook");
    expect(refused).toBe(true);
    expect(readFileSync(join(fixing, "nas/other.nix"), "utf8")).toBe("{ }\n");
    git(fixing, "add", "-A");
    expect(commit(fixing).refused).toBe(false);
  });

  test("try-repo", () => {
    write(repository, { "nas/role.nix": role.replace("radicale", "grafana") });
    const { status, stdout } = spawnSync("pre-commit", ["try-repo", project, "nixlint", "--all-files"], {
      cwd: repository,
      env,
      encoding: "utf8",
    });
    expect(stdout).toContain("error[service-without-backup]: `grafana`");
    expect(status).toBe(1);
    git(repository, "reset", "-q", "--hard");
  }, 600_000);
});
