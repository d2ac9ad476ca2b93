// `nixlint check --hook` as git runs it: real commits, each refused or let through, at once where nothing is touched.

import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundledExecutable } from "../cli/bundle.ts";
import { makeRepository, uncovered } from "../cli/run.ts";

const bin = bundledExecutable();

const flake = `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.nas = nixpkgs.lib.nixosSystem {
      modules = [ { services.jellyfin.enable = builtins.readFile ./name == "media"; } ]
        ++ map (name: ./hosts + "/\${name}") (builtins.attrNames (builtins.readDir ./hosts));
    };
  };
}
`;
const files = {
  "flake.nix": flake,
  name: "nas",
  "hosts/a.nix": "{ }\n",
  "README.md": "",
  ".github/workflows/x.yaml": "",
};

/** A repository whose hook runs nixlint; one commit was made, and one more so that the hook has run. */
function hooked(argv = "check --hook"): string {
  const directory = makeRepository(files);
  commit(directory, "--no-verify");
  writeHook(directory, argv);
  expect(commitWith(directory, { "hosts/a.nix": "{ }\n\n" })).toBe("checked");
  return directory;
}

function writeHook(directory: string, argv: string): void {
  const hook = join(directory, ".git/hooks/pre-commit");
  mkdirSync(dirname(hook), { recursive: true });
  writeFileSync(hook, `#!/bin/sh\nexec "${process.execPath}" "${bin}" ${argv}\n`);
  chmodSync(hook, 0o755);
}

function git(directory: string, ...args: string[]) {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.net", "-c", "commit.gpgsign=false"];
  return spawnSync("git", ["-C", directory, ...identity, ...args], { encoding: "utf8" });
}

type Outcome = "refused" | "checked" | "skipped";

/** Whether the commit went through, and whether nixlint looked. */
function commit(directory: string, ...args: string[]): Outcome {
  const { status, stdout, stderr } = git(directory, "commit", "-q", "--allow-empty", "-m", "x", ...args);
  if (status !== 0) return "refused";
  return /no findings|error|warning/.test(stdout + stderr) ? "checked" : "skipped";
}

function commitWith(directory: string, changes: Readonly<Record<string, string>>, ...args: string[]): Outcome {
  for (const [path, text] of Object.entries(changes)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  git(directory, "add", "-A");
  return commit(directory, ...args);
}

test("a commit that touches nothing is let through at once", () => {
  const directory = hooked();
  const harmless = [
    { "README.md": "more\n" },
    { ".github/workflows/x.yaml": "on: push\n" },
    { "notes/new.txt": "x" },
    {},
    { "notes/new.txt": "y", "README.md": "again\n" },
  ];
  for (const changes of harmless) expect([changes, commitWith(directory, changes)]).toEqual([changes, "skipped"]);
});

describe("a commit is checked", () => {
  test("when it touches what counts", () => {
    const directory = hooked();
    const relevant = {
      "a Nix file, read or not": { "unused.nix": "{ }\n" },
      "a file that is read": { name: "attic" },
      "a new file in a directory that is listed": { "hosts/x": "{ }\n" },
      "a secret": { "secrets/new": "x" },
      data: { "a/b.yaml": "x: 1\n" },
      settings: { "nixlint.toml": "" },
      "a lock file": { "flake.lock": "{}" },
    };
    for (const [what, changes] of Object.entries(relevant)) {
      expect([what, commitWith(directory, changes)]).toEqual([what, "checked"]);
    }
    expect(commitWith(directory, { name: "media" })).toBe("refused");
  });

  test("when what is read changed behind the hook's back", () => {
    const directory = hooked();
    const reads = flake.replace("./name", "./README.md");
    expect(commitWith(directory, { "flake.nix": reads }, "--no-verify")).toBe("skipped");
    expect(commitWith(directory, { "README.md": "attic" })).toBe("checked");
    expect(commitWith(directory, { "notes.txt": "attic" })).toBe("skipped");
  });

  test("when its record is broken, or of another command line", () => {
    const directory = hooked();
    const [name] = readdirSync(join(directory, ".git/nixlint"));
    writeFileSync(join(directory, ".git/nixlint", name!), "{");
    expect(commitWith(directory, { "README.md": "more\n" })).toBe("checked");
    writeHook(directory, "--hook --profile strict");
    expect(commitWith(directory, { "README.md": "even more\n" })).toBe("checked");
  });
});

describe("a commit is refused", () => {
  test("for a fault, until it is mended", () => {
    const directory = hooked();
    expect(commitWith(directory, { "hosts/a.nix": uncovered })).toBe("refused");
    expect(commitWith(directory, { "README.md": "still staged\n" })).toBe("refused");
    expect(commitWith(directory, { "hosts/a.nix": "{ }\n" })).toBe("checked");
  });

  test("for a fault in part of a file; not for one that is not staged", () => {
    const directory = hooked();
    writeFileSync(join(directory, "hosts/a.nix"), uncovered);
    git(directory, "add", "-A");
    writeFileSync(join(directory, "hosts/a.nix"), "{ }\n");
    expect(commit(directory)).toBe("refused");
    git(directory, "add", "-A");
    writeFileSync(join(directory, "hosts/a.nix"), uncovered);
    expect(commit(directory)).not.toBe("refused");
    expect(commit(directory, "-a")).toBe("refused");
    expect(commit(directory, "hosts/a.nix")).toBe("refused");
  });

  test("when it only deletes the file with the job, also with --changed", () => {
    for (const argv of ["check --hook", "check --hook --changed"]) {
      const directory = hooked(argv);
      const job = `{ services.restic.backups.a = { repository = "sftp:n:/b"; passwordFile = "/p"; paths = [ "/var/lib/radicale" ]; }; }\n`;
      expect(commitWith(directory, { "hosts/a.nix": uncovered, "hosts/job.nix": job })).toBe("checked");
      git(directory, "rm", "-q", "hosts/job.nix");
      expect(commit(directory)).toBe("refused");
    }
  });

  test("when it is the very first", () => {
    const directory = makeRepository({ ...files, "hosts/a.nix": uncovered });
    writeHook(directory, "check --hook");
    expect(commit(directory)).toBe("refused");
    expect(commitWith(directory, { "hosts/a.nix": "{ }\n" })).toBe("checked");
  });
});
