// What a repository's own configuration would have git start is not started, and git does not go anywhere.

import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { flake, makeDirectory, makeRepository, nothing, run, uncovered } from "../cli/run.ts";

const files = { "flake.nix": flake, "hosts/nas.nix": uncovered };

interface Trap {
  readonly program: string;
  /** Whether somebody stepped on it. */
  wasStarted(): boolean;
}

/** A program that leaves a mark when it is started. */
function makeTrap(): Trap {
  const directory = makeDirectory({});
  const [program, mark] = [join(directory, "trap.sh"), join(directory, "started")];
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >>${mark}\nexit 1\n`);
  chmodSync(program, 0o755);
  return { program, wasStarted: () => existsSync(mark) };
}

function configure(root: string, settings: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(settings)) execFileSync("git", ["-C", root, "config", name, value]);
}

/** Every hook that git knows of, and all that names a program. */
function layTraps(root: string, { program }: Trap): void {
  const hooks = join(root, ".git/trapped-hooks");
  mkdirSync(hooks);
  const names = ["post-index-change", "pre-commit", "post-checkout", "fsmonitor-watchman", "reference-transaction"];
  for (const name of names) {
    writeFileSync(join(hooks, name), readFileSync(program));
    chmodSync(join(hooks, name), 0o755);
  }
  const aliases = ["ls-files", "ls-tree", "rev-parse", "diff-files", "cat-file", "add", "check-ignore", "remote"];
  configure(root, {
    "core.fsmonitor": program,
    "core.hooksPath": hooks,
    "core.pager": program,
    "core.editor": program,
    "core.sshCommand": program,
    "core.gitProxy": program,
    "core.askPass": program,
    "diff.external": program,
    "gpg.program": program,
    "credential.helper": program,
    "uploadpack.packObjectsHook": program,
    "remote.origin.url": root,
    "remote.origin.uploadpack": program,
    "remote.origin.vcs": "trap",
    "remote.origin.promisor": "true",
    "extensions.partialClone": "origin",
    ...Object.fromEntries(aliases.map((name) => [`alias.${name}`, `!${program}`])),
    ...Object.fromEntries(aliases.map((name) => [`pager.${name}`, program])),
  });
}

const commands = ["check -v", "check --changed", "check --hook", "check --diff", "check --fix"];
const others = ["fleet", "eval .", "baseline create", "init --yes"];

test.each([...commands, ...others])("%s starts nothing that the repository names", async (line) => {
  const root = makeRepository(files);
  execFileSync("git", ["-C", root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first"]);
  const trap = makeTrap();
  writeFileSync(join(root, "hosts/nas.nix"), `${uncovered}# changed\n`);
  layTraps(root, trap);
  const words = line.split(" ");
  const { stderr } = await run(root, words);
  const hook = await run(root, words, { env: { GIT_INDEX_FILE: join(root, ".git/index") } });
  expect(stderr + hook.stderr).not.toContain("bug in nixlint");
  expect(trap.wasStarted()).toBe(false);
});

test("the trap works", () => {
  const root = makeRepository(files);
  const trap = makeTrap();
  layTraps(root, trap);
  execFileSync("git", ["-C", root, "status"], { stdio: "ignore" });
  expect(trap.wasStarted()).toBe(true);
});

/** A directory of a pull request may look like a repository, with a configuration that its author wrote. */
test("a committed directory that looks like a repository is none", async () => {
  const trap = makeTrap();
  const root = makeRepository({
    ...files,
    "flake.nix": flake.replace("outputs", 'inputs.other.url = "github:a/b";\n  outputs'),
    "nixlint.toml": '[inputs]\nother = "embedded"\n',
    "embedded/HEAD": "ref: refs/heads/main\n",
    "embedded/objects/keep": "",
    "embedded/refs/keep": "",
    "embedded/config": `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = worktree\n\tfsmonitor = ${trap.program}\n`,
    "embedded/worktree/keep": "",
    "embedded/default.nix": nothing,
  });
  copyFileSync(join(root, ".git/index"), join(root, "embedded/index"));
  const { stdout } = await run(root, ["check", "-v"]);
  expect(stdout).toContain("radicale");
  expect(trap.wasStarted()).toBe(false);
  execFileSync("git", ["-C", join(root, "embedded"), "ls-files"], { stdio: "ignore" });
  expect(trap.wasStarted()).toBe(true);
});

test("names and revisions that look like flags are none", async () => {
  const root = makeRepository({
    "flake.nix": flake.replace("./hosts/nas.nix", "./-c.nix ./--upload-pack.nix"),
    "-c.nix": uncovered,
    "--upload-pack.nix": nothing,
  });
  const { code, stdout } = await run(root, ["check"]);
  expect(stdout).toContain("--> -c.nix:2:3");
  expect(code).toBe(1);
  expect((await run(root, ["check", "--", "-c.nix"])).stdout).toContain("--> -c.nix:2:3");
  const changed = await run(root, ["check", "--changed=--output=stolen"]);
  expect(changed.stderr).toContain("unknown revision");
  expect(existsSync(join(root, "stolen"))).toBe(false);
  const fixed = await run(root, ["check", "--fix"]);
  expect(fixed.stderr).not.toContain("bug in nixlint");
});

test("a repository of somebody else is not looked into", async () => {
  const root = makeRepository(files);
  if (process.getuid?.() !== 0) return;
  execFileSync("chown", ["-R", "65534:65534", root]);
  const { code, stderr } = await run(root, ["check"]);
  expect(stderr).toContain("dubious ownership");
  expect(code).toBe(2);
});
