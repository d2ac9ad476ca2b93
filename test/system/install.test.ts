// The packed tarball in an empty directory with nothing but Node on PATH, on this Node and on the newest; the tag of a
// release; and the flake at its root, built and run by the real Nix with a stand-in for nixpkgs.

import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { cloneProject, git, onlyNode, packProject, temporaryDirectory } from "./project.ts";

const directory = temporaryDirectory("install");
const root = fileURLToPath(new URL("../..", import.meta.url));
const flake = `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.nas = nixpkgs.lib.nixosSystem { modules = [ ./nas.nix ]; };
  };
}
`;

function run(command: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", ...options });
  return { status, stdout, stderr };
}

/** npm itself is a program for Node. */
function npmScript(): string {
  const found = run("node", [
    "-p",
    "require.resolve('npm/package.json', { paths: [process.execPath + '/../../lib/node_modules', '/usr/share/nodejs', '/usr/lib/node_modules', '/usr/local/lib/node_modules'] })",
  ]);
  return join(dirname(found.stdout.trim()), "bin/npm-cli.js");
}

describe("the tarball", () => {
  let tarball = "";
  const home = join(directory, "home");
  const empty = join(directory, "empty");
  beforeAll(() => {
    mkdirSync(home);
    mkdirSync(empty);
    tarball = packProject(directory);
  }, 120_000);

  test("is small, and needs nothing else", () => {
    expect(statSync(tarball).size).toBeLessThan(1_500_000);
    const manifest = JSON.parse(run("tar", ["-xOzf", tarball, "package/package.json"]).stdout);
    expect(manifest.dependencies ?? {}).toEqual({});
    const scripts = ["preinstall", "install", "postinstall"].filter((name) => manifest.scripts?.[name]);
    expect(scripts).toEqual([]);
    expect(run("tar", ["-tzf", tarball]).stdout).toContain("package/dist/LICENSES.txt");
  });

  test("installs without a network and runs with nothing but Node on PATH", () => {
    const env = { PATH: onlyNode(join(directory, "bin")), HOME: home };
    const installed = run("node", [npmScript(), "install", "--offline", "--no-audit", tarball], { cwd: empty, env });
    expect(installed).toMatchObject({ status: 0 });
    expect(readdirSync(join(empty, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["nixlint"]);
    useInstalled(env);
  });

  test("also on the newest Node that npm has", (context) => {
    const name = `node-${process.platform}-${process.arch}`;
    const place = join(directory, "newest");
    mkdirSync(place);
    const fetched = run("npm", ["install", "--no-save", "--ignore-scripts", "--prefix", place, name]);
    if (fetched.status !== 0) {
      console.log(`skipped: npm has no ${name} for this machine`);
      return context.skip();
    }
    const node = join(place, "node_modules", name, "bin/node");
    const { stdout } = run(node, ["--version"]);
    expect(Number(/^v(\d+)/.exec(stdout)?.[1])).toBeGreaterThan(Number(process.versions.node.split(".")[0]));
    useInstalled({ PATH: onlyNode(join(directory, "newest-bin"), node), HOME: home });
  }, 240_000);

  /** From its link, as a shell does it: `#!/usr/bin/env node`. */
  function useInstalled(env: NodeJS.ProcessEnv): void {
    const bin = join(empty, "node_modules/.bin/nixlint");
    const project = join(directory, "flake");
    mkdirSync(project, { recursive: true });
    writeFileSync(join(project, "flake.nix"), flake);
    writeFileSync(join(project, "nas.nix"), "{ services.radicale.enable = true; }\n");
    const use = (...args: string[]) => run(bin, args, { cwd: project, env });
    expect(use("--version").stdout).toMatch(/^nixlint \d/);
    expect(use()).toMatchObject({
      status: 1,
      stderr: "",
      stdout: expect.stringContaining("error[service-without-backup]"),
    });
    expect(use("explain", "service-without-backup").stdout).toContain("When to allow it");
    expect(use("eval", "--expr", "let f = n: if n == 0 then 0 else 1 + f (n - 1); in f 9000").stdout).toBe("9000\n");
    expect(use("--format", "sarif").stdout).toContain('"version": "2.1.0"');
    expect(use("init", "--yes", "--with-module").stdout).toContain("modules/backup/restic.nix");
    writeFileSync(join(project, "nas.nix"), "{ }\n");
    expect(use()).toMatchObject({ status: 0, stdout: expect.stringContaining("no findings in 1 host") });
  }
});

const standIn = `{
  outputs = _: {
    lib.genAttrs = names: f: builtins.listToAttrs (map (name: { inherit name; value = f name; }) names);
    legacyPackages = builtins.listToAttrs (map (system: { name = system; value = {
      runtimeShell = "/bin/sh";
      nodejs = ./nodejs;
      git = ./git;
      runCommand = name: _: script: derivation {
        inherit name system;
        builder = "/bin/sh";
        args = [ "-euc" "PATH=/usr/bin:/bin\\n\${script}" ];
      };
    }; }) [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ]);
  };
}
`;

describe("a release", () => {
  const project = join(directory, "project");
  beforeAll(() => {
    mkdirSync(project);
    cloneProject(project);
    // What is ignored is not in the way.
    symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
    writeFileSync(join(project, ".git/info/exclude"), "node_modules\n");
  }, 60_000);

  test("is a tag with the bundle in it, beside a branch without", () => {
    const before = git(project, "rev-parse", "HEAD");
    const env = {
      ...process.env,
      GIT_AUTHOR_NAME: "t",
      GIT_AUTHOR_EMAIL: "t@x",
      GIT_COMMITTER_NAME: "t",
      GIT_COMMITTER_EMAIL: "t@x",
    };
    const { status, stdout, stderr } = run("node", ["release.mjs"], { cwd: project, env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^v\d+\.\d+\.\d+: git push origin v/);
    expect(git(project, "rev-parse", "HEAD")).toBe(before);
    expect(git(project, "status", "--porcelain")).toBe("");
    const [tag] = git(project, "tag").trim().split("\n");
    const files = git(project, "ls-tree", "-r", "--name-only", tag!);
    expect(files).toContain("dist/nixlint.mjs\n");
    expect(files).not.toMatch(/^package-lock\.json$/m);
    const manifest = JSON.parse(git(project, "show", `${tag}:package.json`));
    expect(manifest.devDependencies).toBeUndefined();
    expect(manifest.bin).toEqual({ nixlint: "dist/nixlint.mjs" });
    // The same version once more is a mistake.
    expect(run("node", ["release.mjs"], { cwd: project, env }).status).not.toBe(0);
  });

  test("installs under pre-commit in a moment", (context) => {
    if (run("pre-commit", ["--version"]).status !== 0) return context.skip();
    const repository = join(directory, "hooked");
    mkdirSync(repository);
    git(repository, "init", "-q");
    const [rev] = git(project, "tag").trim().split("\n");
    writeFileSync(
      join(repository, ".pre-commit-config.yaml"),
      `repos:\n  - repo: ${project}\n    rev: ${rev}\n    hooks:\n      - id: nixlint\n`,
    );
    writeFileSync(join(repository, "flake.nix"), flake);
    writeFileSync(join(repository, "nas.nix"), "{ services.radicale.enable = true; }\n");
    git(repository, "add", "-A");
    const env = { ...process.env, PRE_COMMIT_HOME: join(directory, "cache") };
    const { status, stdout } = run("pre-commit", ["run", "--all-files"], { cwd: repository, env });
    expect(stdout).toContain("error[service-without-backup]");
    expect(status).toBe(1);
  }, 240_000);

  const hasNix = run("nix", ["--version"]).status === 0;
  if (!hasNix) console.log("skipped: Nix is not installed");

  test.skipIf(!hasNix)(
    "is a flake that Nix builds, checks and runs without a network",
    () => {
      const nixpkgs = join(directory, "nixpkgs");
      for (const name of ["nodejs", "git"]) mkdirSync(join(nixpkgs, name, "bin"), { recursive: true });
      writeFileSync(join(nixpkgs, "flake.nix"), standIn);
      symlinkSync(process.execPath, join(nixpkgs, "nodejs/bin/node"));
      symlinkSync(run("sh", ["-c", "command -v git"]).stdout.trim(), join(nixpkgs, "git/bin/git"));
      const store = join(directory, "nix");
      const env = {
        ...process.env,
        NIX_STORE_DIR: join(store, "store"),
        NIX_STATE_DIR: join(store, "var"),
        NIX_LOG_DIR: join(store, "log"),
        NIX_CONF_DIR: join(store, "etc"),
      };
      const options = [
        "--extra-experimental-features",
        "nix-command flakes",
        "--option",
        "sandbox",
        "false",
        "--option",
        "build-users-group",
        "",
        "--offline",
      ];
      const [tag] = git(project, "tag").trim().split("\n");
      const release = join(directory, "release");
      git(project, "worktree", "add", "-q", "--detach", release, tag!);
      const inputs = ["--no-write-lock-file", "--override-input", "nixpkgs", `path:${nixpkgs}`];
      const nix = (command: string[], ...rest: string[]) =>
        run("nix", [...options, ...command, ...inputs, ...rest], { cwd: release, env });

      const result = join(directory, "result");
      expect(nix(["build"], ".#default", "-o", result)).toMatchObject({ status: 0 });
      expect(run(join(result, "bin/nixlint"), ["check", join(root, "nix")])).toMatchObject({ status: 0, stderr: "" });
      expect(nix(["flake", "check"], ".")).toMatchObject({ status: 0 });
      expect(nix(["run"], ".", "--", "--version").stdout).toBe(readVersion());
      expect(buildSnippet({ result, nixpkgs, env })).toMatchObject({ status: 0 });
      // A revision that is no release says so.
      const head = run("nix", [...options, "build", ...inputs, ".#default"], { cwd: project, env });
      expect(head.stderr).toContain("this revision has no bundle in dist/; use a release's tag");
      expect(existsSync(join(project, "result"))).toBe(false);
    },
    240_000,
  );
});

interface Snippet {
  readonly result: string;
  readonly nixpkgs: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The README's check for flake-parts, with its arguments given by hand, built over the reference flake. */
function buildSnippet({ result, nixpkgs, env }: Snippet) {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const snippet = /```nix\n(\{ inputs, \.\.\. \}:\n[\s\S]*?)```/.exec(readme)?.[1];
  writeFileSync(join(directory, "snippet.nix"), snippet ?? "");
  const expression = `
    let
      pkgs = (import ${nixpkgs}/flake.nix).outputs { };
      module = import ${directory}/snippet.nix { inputs.self = ${root}nix; };
    in (module.perSystem {
      inputs'.nixlint.packages.default = builtins.storePath ${realpathSync(result)};
      pkgs = pkgs.legacyPackages.\${builtins.currentSystem};
    }).checks.nixlint`;
  const options = ["--option", "sandbox", "false", "--option", "build-users-group", "", "--no-out-link"];
  return run("nix-build", [...options, "--expr", expression], { env });
}

function readVersion(): string {
  return `nixlint ${JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version}\n`;
}
