// Whatever a flake tries, nothing from outside of its tree reaches it: neither what a file holds nor that it is there.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how Nix interpolates

import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { makeDirectory, run } from "../cli/run.ts";

const canary = "CANARY-7f3a";

/** Beside the flake there is what it must not see; `%` stands for that place. */
function makeFlake(files: Readonly<Record<string, string>>): { readonly outside: string; readonly flake: string } {
  const outside = makeDirectory({
    "canary.txt": canary,
    "only-there": "",
    "canary.nix": `"${canary}"`,
    "canary.json": `{ "text": "${canary}" }`,
    "other/flake.nix": `{ outputs = _: { text = "${canary}"; }; }`,
    "other/default.nix": `"${canary}"`,
  });
  const flake = join(outside, "flake");
  mkdirSync(join(flake, "sub"), { recursive: true });
  writeFileSync(join(flake, "inside.txt"), canary);
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(flake, name), text.replaceAll("%canary%", canary).replaceAll("%", outside));
  symlinkSync("../canary.txt", join(flake, "link.txt"));
  symlinkSync(join(outside, "canary.nix"), join(flake, "link.nix"));
  symlinkSync("link.txt", join(flake, "chain.txt"));
  symlinkSync("..", join(flake, "up"));
  symlinkSync("/", join(flake, "sub/root"));
  symlinkSync(".git/config", join(flake, "git.txt"));
  symlinkSync(".git", join(flake, "git"));
  symlinkSync("untracked.txt", join(flake, "untracked-link.txt"));
  execFileSync("git", ["-C", flake, "init", "-q"]);
  execFileSync("git", ["-C", flake, "add", "-A"]);
  writeFileSync(join(flake, "untracked.txt"), canary);
  appendFileSync(join(flake, ".git/config"), `[http]\n\textraheader = ${canary}\n`);
  return { outside, flake };
}

/** Each gives the canary, or a value that only knows it is there, when it reaches what it must not. */
const attempts: Readonly<Record<string, string>> = {
  "a path above": "builtins.readFile ../canary.txt",
  "an absolute path": "builtins.readFile %/canary.txt",
  "an absolute path as text": 'builtins.readFile "%/canary.txt"',
  "the root and a text": 'builtins.readFile (/. + "%/canary.txt")',
  "dots in a text": 'builtins.readFile "${./.}/../canary.txt"',
  "dots after self": 'builtins.readFile "${self}/../canary.txt"',
  "dots after outPath": 'builtins.readFile (self.outPath + "/sub/../../canary.txt")',
  "import above": "import ../canary.nix",
  "import of a directory": "import ../other",
  "import of a text": 'import "%/canary.nix"',
  scopedImport: "builtins.scopedImport { } %/canary.nix",
  "readDir above": "toString (builtins.attrNames (builtins.readDir ../.))",
  "readDir of the machine": 'toString (builtins.attrNames (builtins.readDir "%"))',
  readFileType: "builtins.readFileType ../canary.txt",
  pathExists: 'if builtins.pathExists ../canary.txt then "%canary%" else ""',
  "pathExists of a text": 'if builtins.pathExists "%/canary.txt" then "%canary%" else ""',
  hashFile: 'builtins.hashFile "sha256" %/canary.txt',
  path: 'builtins.readFile "${builtins.path { path = %; name = "x"; }}/canary.txt"',
  filterSource: 'builtins.readFile "${builtins.filterSource (_: _: true) %}/canary.txt"',
  "fetchurl of a file": 'builtins.readFile (builtins.fetchurl "file://%/canary.txt")',
  fetchTarball: 'import (builtins.fetchTarball "file://%/canary.tar.gz")',
  fetchGit: 'import "${builtins.fetchGit "file://%/other"}"',
  "fetchTree of a path": 'import "${builtins.fetchTree { type = "path"; path = "%/other"; }}"',
  "getFlake of a path": '(builtins.getFlake "path:%/other").text',
  "getFlake of a plain path": '(builtins.getFlake "%/other").text',
  "the search path": "import <canary/canary.nix>",
  findFile: 'builtins.readFile (builtins.findFile [ { prefix = ""; path = "%"; } ] "canary.txt")',
  nixPath: 'builtins.concatStringsSep " " (map (entry: entry.path) builtins.nixPath)',
  getEnv: 'builtins.getEnv "CANARY"',
  "the home directory": "builtins.readFile ~/canary.txt",
  "the environment of a process": "builtins.readFile /proc/self/environ",
  "a device": "builtins.readFile /dev/stdin",
  "a symlink": "builtins.readFile ./link.txt",
  "an absolute symlink": "import ./link.nix",
  "a symlink to a symlink": "builtins.readFile ./chain.txt",
  "a directory that is a symlink": "builtins.readFile ./up/canary.txt",
  "a symlink to the root": 'builtins.readFile "${./sub/root}%/canary.txt"',
  "a listed symlink": "toString (builtins.attrNames (builtins.readDir ./up))",
  "git's own files": "builtins.readFile ./.git/config",
  "a symlink to git's own files": "builtins.readFile ./git.txt",
  "a symlink to git's own directory": "builtins.readFile ./git/config",
  "what git does not track": "builtins.readFile ./untracked.txt",
  "a symlink to what git does not track": "builtins.readFile ./untracked-link.txt",
  "an input above": "inputs.above.text",
  "an absolute input": "inputs.absolute.text",
  "an input that is a repository": "inputs.repository.text",
  "an input that only the lock knows": "inputs.locked.text",
  "an input without a flake": 'import "${inputs.plain}"',
  fileContents: "lib.fileContents %/canary.txt",
  importJSON: "(lib.importJSON %/canary.json).text",
  listFilesRecursive: "toString (lib.filesystem.listFilesRecursive %)",
  fileset: "toString (lib.fileset.toList %)",
  exec: 'builtins.exec [ "cat" "%/canary.txt" ]',
};

const names = Object.keys(attempts);
const inputs = `
  inputs.above.url = "path:../other";
  inputs.absolute.url = "path:%/other";
  inputs.repository.url = "git+file://%/other";
  inputs.plain = { url = "path:%/other"; flake = false; };
`;
const lock = JSON.stringify({
  version: 7,
  root: "root",
  nodes: {
    root: { inputs: { locked: "locked", above: "locked" } },
    locked: {
      locked: { type: "path", path: "%/other", narHash: "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" },
      original: { type: "path", path: "%/other" },
    },
  },
});
const flakeNix = `{${inputs}
  outputs = { self, nixpkgs, ... }@inputs: let lib = nixpkgs.lib; in {
    attempts = [
${names.map((name) => `      (${attempts[name]})`).join("\n")}
    ];
    inside = builtins.readFile ./inside.txt;
    nixosConfigurations.plain = lib.nixosSystem { modules = [ { services.radicale.enable = true; } ]; };
    nixosConfigurations.nas = lib.nixosSystem {
      modules = lib.imap0 (index: repository: {
        services.restic.backups."job-\${toString index}" = {
          inherit repository; paths = [ "/srv" ]; passwordFile = "/run/key";
        };
      }) self.attempts;
    };
  };
}
`;

describe("from outside of the tree nothing is read by", () => {
  let place: ReturnType<typeof makeFlake>;
  beforeEach(() => {
    place = makeFlake({ "flake.nix": flakeNix, "flake.lock": lock });
    vi.stubEnv("HOME", place.outside);
    vi.stubEnv("NIX_PATH", `canary=${place.outside}:${place.outside}`);
    vi.stubEnv("CANARY", canary);
    return () => vi.unstubAllEnvs();
  });

  test("any attempt of a flake that is evaluated", async () => {
    for (const [index, name] of names.entries()) {
      for (const flags of [[], ["--strict"], ["--json"]]) {
        const { stdout, stderr } = await run(place.flake, ["eval", `.#attempts.${index}`, ...flags]);
        expect([name, stdout + stderr]).toEqual([name, expect.not.stringContaining(canary)]);
        // Names of what is there are known to nobody, and no hash of it.
        expect([name, stdout]).toEqual([name, expect.not.stringMatching(/only-there|"regular"|^"[0-9a-f]{64}"/)]);
      }
    }
    expect((await run(place.flake, ["eval", ".#inside"])).stdout).toBe(`"${canary}"\n`);
  });

  test.each(["text", "concise", "json", "sarif", "github", "gitlab"])("a report as %s", async (format) => {
    const { stdout, stderr } = await run(place.flake, ["check", "-v", "--format", format]);
    expect(stdout + stderr).not.toContain(canary);
    expect(stdout).toContain("radicale");
  });

  test.each(["table", "json"])("the model as %s", async (format) => {
    const { code, stdout } = await run(place.flake, ["fleet", "--format", format]);
    expect(stdout).not.toContain(canary);
    expect(code).toBe(0);
  });
});
