// `nixlint check` from arguments to exit code, on real directories.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flake, makeDirectory, makeRepository, nothing, run, uncovered } from "./run.ts";

const bad = { "flake.nix": flake, "hosts/nas.nix": uncovered };
const good = { "flake.nix": flake, "hosts/nas.nix": nothing };

describe("exit codes", () => {
  test("0 when there is nothing", async () => {
    const { code, stdout, stderr } = await run(makeRepository(good), []);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "no findings in 1 host, 2 files\n", stderr: "" });
  });

  test("1 from the fail level on", async () => {
    const directory = makeRepository({
      ...bad,
      "nixlint.toml": `[rules.service-without-backup]\nseverity = "warning"\n`,
    });
    const codeOf = async (...argv: string[]) => (await run(directory, argv)).code;
    expect(await codeOf()).toBe(0);
    expect(await codeOf("--fail-on", "warning")).toBe(1);
    expect(await codeOf("--fail-on=info")).toBe(1);
    expect(await codeOf("--fail-on=info", "--exit-zero")).toBe(0);
    expect((await run(makeRepository(bad), [])).code).toBe(1);
  });

  test("1 for what is undecided only on request", async () => {
    const unknown = `{\n  services.radicale.enable = import (builtins.fetchTarball "https://example.net/x.tar.gz");\n}\n`;
    const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": unknown });
    const first = await run(directory, []);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/no findings in .*, [1-9]\d* undecided/);
    expect((await run(directory, ["--fail-on-undecided"])).code).toBe(1);
  });

  test("2 for a file of the configuration that does not parse, whatever else is said", async () => {
    const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": "{ a = ; }\n" });
    const { code, stdout } = await run(directory, ["--exit-zero"]);
    expect(code).toBe(2);
    expect(stdout).toContain("error[syntax-error]");
    const shelved = makeRepository({ ...good, "shelf.nix": "{ a = ; }\n" });
    expect(await run(shelved, [])).toMatchObject({ code: 0, stdout: expect.stringContaining("warning[syntax-error]") });
  });

  test("2 when not one host can be evaluated", async () => {
    const directory = makeRepository({ "flake.nix": '{ outputs = _: { nixosConfigurations = throw "no"; }; }\n' });
    const { code, stdout } = await run(directory, []);
    expect(code).toBe(2);
    expect(stdout).toContain("not checked");
  });
});

test("a secret of the running machine that evaluation reads is found on a real disk too", async () => {
  const text = `{\n  environment.etc.token.text = builtins.readFile "/run/secrets/token";\n}\n`;
  const { code, stdout } = await run(makeRepository({ "flake.nix": flake, "hosts/nas.nix": text }), []);
  expect(code).toBe(1);
  expect(stdout).toContain("error[secret-read-at-eval]");
  expect(stdout).toContain("--> hosts/nas.nix:2:");
});

describe("which flake", () => {
  test("the one around the current directory", async () => {
    const directory = makeRepository({ ...bad, "docs/a.md": "" });
    expect((await run(join(directory, "docs"), [])).stdout).toContain("--> hosts/nas.nix:2:3");
  });

  test("never above the git root", async () => {
    const outer = makeDirectory(bad);
    const inner = join(outer, "inner", "deep");
    mkdirSync(inner, { recursive: true });
    execFileSync("git", ["-C", join(outer, "inner"), "init", "-q"]);
    const { code, stderr } = await run(inner, []);
    expect(code).toBe(2);
    expect(stderr).toBe(`nixlint: no \`flake.nix\` found\nhint: looked in ${inner}, ${join(outer, "inner")}\n`);
  });

  test("of the path that is given; a path that is no flake narrows the report", async () => {
    const directory = makeRepository({
      "flake.nix": flake.replace("./hosts/nas.nix", "./hosts/nas.nix ./hosts/web.nix"),
      "hosts/nas.nix": uncovered,
      "hosts/web.nix": "{\n  imports = [ ./gone.nix ];\n}\n",
    });
    const rulesIn = async (...argv: string[]) => {
      const { stdout } = await run("/", ["--format", "json", ...argv]);
      return JSON.parse(stdout).findings.map((finding: { rule: string }) => finding.rule);
    };
    expect(await rulesIn(directory)).toEqual(["service-without-backup", "missing-import"]);
    expect(await rulesIn(join(directory, "hosts/web.nix"))).toEqual(["missing-import"]);
    expect(await rulesIn(join(directory, "hosts"))).toHaveLength(2);
  });

  test("reached through a symlink", async () => {
    const directory = makeRepository(bad);
    const links = makeDirectory({});
    symlinkSync(directory, join(links, "link"));
    expect((await run(links, ["link"])).stdout).toContain("--> hosts/nas.nix:2:3");
  });

  test("an untracked flake.nix is none", async () => {
    const directory = makeRepository({ "hosts/nas.nix": uncovered }, { "flake.nix": flake });
    const { code, stderr } = await run(directory, []);
    expect(code).toBe(2);
    expect(stderr).toBe("nixlint: `flake.nix` is not tracked by git, so there is no flake\nhint: git add flake.nix\n");
  });

  test("an untracked import is a finding", async () => {
    const directory = makeRepository(
      { "flake.nix": flake, "hosts/nas.nix": "{ imports = [ ../new.nix ]; }\n" },
      { "new.nix": nothing },
    );
    const { code, stdout } = await run(directory, ["--format", "concise", "-q"]);
    expect(code).toBe(1);
    expect(stdout).toBe(
      "hosts/nas.nix:1:15: error untracked-import: `new.nix` is not tracked by git, so the flake does not contain it\n",
    );
  });

  test("outside of git every file counts", async () => {
    expect((await run(makeDirectory(bad), [])).code).toBe(1);
  });
});

describe("hosts", () => {
  test("--host narrows, and knows the names", async () => {
    const directory = makeRepository(bad);
    expect((await run(directory, ["--host", "nas"])).code).toBe(1);
    const { code, stderr } = await run(directory, ["--host", "nsa"]);
    expect(code).toBe(2);
    expect(stderr).toBe("nixlint: unknown host `nsa`\nhint: did you mean `nas`?\n");
  });
});

describe("outputs", () => {
  test("several formats, each in its place", async () => {
    const directory = makeRepository(bad);
    const { stdout } = await run(directory, [
      ..."--format json --output-file out.json -o out.txt -f concise --format text".split(" "),
    ]);
    expect(stdout).toContain("error[service-without-backup]");
    expect(JSON.parse(readFileSync(join(directory, "out.json"), "utf8")).summary.errors).toBe(1);
    expect(readFileSync(join(directory, "out.txt"), "utf8")).toMatch(/^hosts\/nas.nix:2:3: error/);
  });

  test("two formats cannot share stdout", async () => {
    const { code, stderr } = await run(makeRepository(bad), ["--format", "json", "--format", "text"]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      "nixlint: `json` and `text` cannot both go to stdout\nhint: give each but one an `--output-file`\n",
    );
  });

  test("a forge's log has annotations when no format is asked for", async () => {
    const directory = makeDirectory({ "machines/flake.nix": flake, "machines/hosts/nas.nix": uncovered });
    execFileSync("git", ["-C", directory, "init", "-q"]);
    execFileSync("git", ["-C", directory, "add", "-A"]);
    const env = { GITHUB_ACTIONS: "true" };
    const { code, stdout } = await run(join(directory, "machines"), [], { env });
    expect(code).toBe(1);
    expect(stdout).toContain("error[service-without-backup]");
    expect(stdout).toMatch(/^::error file=machines\/hosts\/nas\.nix,line=2,endLine=2,col=3,/m);
    // Text alone has none, and commands are off while it lasts.
    const { stdout: text } = await run(join(directory, "machines"), ["--format", "text"], { env });
    expect(text).toMatch(/^::stop-commands::/);
    expect(text).not.toMatch(/^::(error|warning|notice)/m);
  });

  test("a format that is none", async () => {
    const { code, stderr } = await run(makeRepository(bad), ["--format", "jsn"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "nixlint: unknown format `jsn`\nhint: did you mean `json`?\n",
    });
  });

  test("the same flake gives the same bytes wherever it lies", async () => {
    const [one, other] = [makeRepository(bad), makeDirectory(bad)];
    const first = await run(one, ["-v", "--format", "json"]);
    expect(await run(other, ["-v", "--format", "json"])).toEqual(first);
  });

  test.each([
    [["--color"], {}, false, true],
    [["--color", "never"], { FORCE_COLOR: "1" }, true, false],
    [[], {}, true, true],
    [[], {}, false, false],
    [[], { NO_COLOR: "1" }, true, false],
    [[], { FORCE_COLOR: "1" }, false, true],
    [[], { TERM: "dumb" }, true, false],
  ] as const)("colour: %j %j terminal=%j", async (argv, env, stdoutIsTerminal, colored) => {
    const { stdout } = await run(makeRepository(bad), [...argv], { env, stdoutIsTerminal });
    expect(stdout.includes("\u001b[")).toBe(colored);
  });
});

describe("configuration", () => {
  test("a mistake in it is told with its line", async () => {
    const directory = makeRepository({ ...bad, "nixlint.toml": `\n[rules.service-without-bakup]\n` });
    const { code, stdout, stderr } = await run(directory, ["--exit-zero"]);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "nixlint: nixlint.toml:2:8: unknown rule `service-without-bakup`\n 2 | [rules.service-without-bakup]\n   |        ^^^^^^^^^^^^^^^^^^^^^\nhint: did you mean `service-without-backup`?\n",
    });
  });

  test("--profile alone says on stderr what the stages took, and changes nothing else", async () => {
    const directory = makeRepository(bad);
    const plain = await run(directory, []);
    const timed = await run(directory, ["--profile"]);
    expect({ ...timed, stderr: "" }).toEqual(plain);
    const stages = timed.stderr
      .trimEnd()
      .split("\n")
      .map((line) => line.trim().split(/ ms +/));
    expect(stages.map(([, stage]) => stage)).toEqual(
      "start files parse lower evaluate model rules fixes report total".split(" "),
    );
    const times = stages.map(([time]) => Number(time));
    expect(times.every((time) => time >= 0)).toBe(true);
    expect(times.at(-1)).toBeCloseTo(
      times.slice(0, -1).reduce((sum, time) => sum + time, 0),
      0,
    );
    expect(await run(directory, ["--profile", "--", "nowhere"])).toMatchObject({ code: 2 });
  });

  test("another file by --config, another profile by --profile", async () => {
    const directory = makeRepository({ ...bad, "strict.toml": `[rules.service-without-backup]\nseverity = "off"\n` });
    expect((await run(directory, ["--config", "strict.toml"])).code).toBe(0);
    expect((await run(directory, ["--config", "none.toml"])).stderr).toBe("nixlint: `none.toml`: no such file\n");
    expect((await run(directory, ["--profile", "stict"])).code).toBe(2);
  });

  test.each(["..", "/etc", "link"])("it cannot send nixlint out of the repository: %s", async (path) => {
    const directory = makeRepository({ ...bad, "nixlint.toml": `[inputs]\nprivate = "${path}"\n` });
    symlinkSync("/etc", join(directory, "link"));
    const { code, stderr } = await run(directory, []);
    expect(code).toBe(2);
    expect(stderr).toContain("the input `private` lies outside of the repository");
  });
});

describe("inputs", () => {
  const files = {
    "flake.nix": `{
  inputs.private.url = "git+ssh://git@example.net/private";
  outputs = { nixpkgs, private, ... }: {
    nixosConfigurations.nas = nixpkgs.lib.nixosSystem { modules = [ private.nixosModules.nas ]; };
  };
}
`,
    "private/flake.nix": "{ outputs = _: { nixosModules.nas = ./nas.nix; }; }\n",
    "private/nas.nix": uncovered,
  };

  test("are read from where --override-input says, also outside of the repository", async () => {
    const { "private/flake.nix": flakeFile, "private/nas.nix": module, ...own } = files;
    const directory = makeRepository(own);
    const elsewhere = makeDirectory({ "flake.nix": flakeFile, "nas.nix": module });
    expect((await run(directory, [])).code).toBe(0);
    const { code, stdout } = await run(directory, ["--override-input", `private=${elsewhere}`, "-f", "concise", "-q"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/nas\.nix:2:3: error service-without-backup/);
  });

  test("are read from where --override-input says in Nix's spelling, with a name and a path", async () => {
    const directory = makeRepository(files);
    const argv = ["--override-input", "private", "./private", "-f", "concise", "-q"];
    expect(await run(directory, argv)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("private/nas.nix:2:3"),
    });
    expect((await run(directory, ["--override-input", "private"])).stderr).toContain("Write it as NAME PATH.");
    expect((await run(directory, ["--override-input", "private", "nowhere"])).stderr).toBe(
      "nixlint: `nowhere`: no such directory\n",
    );
  });

  test("that the flake does not have cannot be overridden", async () => {
    const directory = makeRepository(files);
    const { code, stderr } = await run(directory, ["--override-input", "privat=private"]);
    expect(code).toBe(2);
    expect(stderr).toBe("nixlint: the flake has no input `privat`\nhint: did you mean `private`?\n");
    const configured = makeRepository({ ...files, "nixlint.toml": `[inputs]\nvault = "private"\n` });
    expect((await run(configured, [])).stderr).toBe(
      'nixlint: nixlint.toml:2:9: the flake has no input `vault`\n 2 | vault = "private"\n   |         ^^^^^^^^^\nhint: inputs: nixpkgs, private\n',
    );
  });

  test("are read from where the configuration says, inside of it", async () => {
    const directory = makeRepository({ ...files, "nixlint.toml": `[inputs]\nprivate = "private"\n` });
    const { code, stdout } = await run(directory, ["-f", "concise", "-q"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^private\/nas\.nix:2:3: error service-without-backup/);
  });
});
