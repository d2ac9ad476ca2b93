// The other commands, mistakes on the command line, and bugs.

import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { rules } from "../../rules/index.ts";
import { flake, makeRepository, run, uncovered } from "./run.ts";

describe("mistakes", () => {
  test.each([
    [["--hots", "x"], "nixlint: unknown option '--hots'\nhint: did you mean `--host`?\n"],
    [["--zzzzz"], "nixlint: unknown option '--zzzzz'\nhint: `nixlint --help` lists commands and flags\n"],
    [
      ["--fail-on", "never"],
      "nixlint: option '--fail-on <severity>' argument 'never' is invalid. Allowed choices are error, warning, info.\nhint: `nixlint --help` lists commands and flags\n",
    ],
    [["explian", "x"], "nixlint: `explian`: no such file or directory\nhint: did you mean `nixlint explain`?\n"],
    [["explain"], "nixlint: missing required argument 'RULE'\nhint: `nixlint --help` lists commands and flags\n"],
    [
      ["explain", "service-without-bakup"],
      "nixlint: unknown rule `service-without-bakup`\nhint: did you mean `service-without-backup`?\n",
    ],
    [["config"], "nixlint: `nixlint config` needs one of `schema`, `show`\n"],
    [["baseline"], "nixlint: `nixlint baseline` needs one of `create`, `update`, `prune`\n"],
    [["config", "shwo"], "nixlint: unknown command 'shwo'\nhint: did you mean `show`?\n"],
    [
      ["--profile", "stict"],
      "nixlint: option '--profile <profile>' argument 'stict' is invalid. Allowed choices are recommended, strict.\nhint: `nixlint --help` lists commands and flags\n",
    ],
    [["explain", "zzz"], "nixlint: unknown rule `zzz`\nhint: `nixlint rules` lists them\n"],
    [["nowhere.nix"], "nixlint: `nowhere.nix`: no such file or directory\n"],
    [
      ["--override-input", "x"],
      "nixlint: option '--override-input <name=path>' argument 'x' is invalid. Write it as NAME PATH.\nhint: `nixlint --help` lists commands and flags\n",
    ],
  ])("%j", async (argv, stderr) => {
    expect(await run("/", argv)).toEqual({ code: 2, stdout: "", stderr });
  });

  test("a bug says so, with its stack", async () => {
    const io = {
      stdout: () => {
        throw new TypeError("broken");
      },
    };
    const { code, stderr } = await run("/", ["rules"], io);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^TypeError: broken\n\s+at .*\nnixlint \d+\.\d+\.\d+: this is a bug in nixlint\n$/s);
  });
});

test("help and version", async () => {
  const help = await run("/", ["--help"]);
  expect(help.code).toBe(0);
  expect(help.stdout).toContain("explain");
  expect((await run("/", ["check", "--help"])).stdout).toContain("--fail-on-undecided");
  expect((await run("/", ["--version"])).stdout).toMatch(/^nixlint \d+\.\d+\.\d+\n$/);
});

describe("rules", () => {
  test("lists all", async () => {
    const { stdout } = await run("/", ["rules"]);
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => line.split(" ")[0]),
    ).toEqual(rules.map(({ id }) => id));
    expect(JSON.parse((await run("/", ["rules", "--json"])).stdout)).toHaveLength(rules.length);
  });
});

describe("explain", () => {
  test("prints the page", async () => {
    const { code, stdout } = await run("/", ["explain", "missing-import"]);
    expect(code).toBe(0);
    expect(stdout).toContain("missing-import\n");
    expect(stdout).toContain("    {\n      imports = [ ./hass.nix ];\n");
    expect(stdout).not.toContain("```");
    expect(stdout).not.toContain("\u001b");
  });

  test("fits the terminal, and code stays as it is", async () => {
    const { stdout } = await run("/", ["explain", "service-without-backup"], { columns: 60 });
    const prose = stdout.split("\n").filter((line) => !/^ |<https/.test(line));
    expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(stdout).toMatch(/^ {4}#.*\^ `home-assistant` keeps `\/var\/lib\/hass` and no backup job covers it$/m);
    const wide = (await run("/", ["explain", "service-without-backup"], { columns: 300 })).stdout;
    expect(wide.replace(/\s+/g, " ")).toBe(stdout.replace(/\s+/g, " "));
  });

  test("names the options of the rule, with what they may be", async () => {
    const { stdout } = await run("/", ["explain", "service-without-backup"]);
    expect(stdout).toContain(
      "\nOptions\n\nIn `nixlint.toml`, below `[rules.service-without-backup]`:\n\n- `coverage`: ",
    );
    expect(stdout.replace(/\s+/g, " ")).toContain('(of `"host"`, `"role"`; default `"host"`)');
    expect((await run("/", ["explain", "missing-import"])).stdout).not.toContain("\nOptions\n");
  });

  test("is coloured on a terminal alone", async () => {
    const colored = async (...argv: string[]) =>
      (await run("/", ["explain", "missing-import", ...argv], { stdoutIsTerminal: true })).stdout;
    expect(await colored()).toContain("\u001b[1m");
    expect(await colored("--color=never")).not.toContain("\u001b");
  });
});

describe("fleet", () => {
  const files = {
    "flake.nix": flake,
    "hosts/nas.nix": `{
  ${uncovered.trim().slice(1, -1).trim()}
  services.restic.backups.docs = {
    repository = "rest:https://me:hunter2@example.net/docs";
    passwordFile = "/run/secrets/restic";
    paths = [ "/srv/docs" ];
    timerConfig = { OnCalendar = "03:00"; Persistent = true; };
  };
}
`,
  };
  const schema = JSON.parse(readFileSync(new URL("../../schema/fleet.schema.json", import.meta.url), "utf8"));

  test("as JSON matches the published schema", async () => {
    const { code, stdout } = await run(makeRepository(files), ["fleet", "--format", "json"]);
    expect(code).toBe(0);
    const json = JSON.parse(stdout);
    const validate = new Ajv2020({ strict: true, formats: { "date-time": true } }).compile(schema);
    validate(json);
    expect(validate.errors).toBeNull();
    const [host] = json.hosts;
    expect(host).toMatchObject({ name: "nas", system: "x86_64-linux", modules: ["hosts/nas.nix"] });
    expect(host.backupJobs[0]).toMatchObject({
      name: "docs",
      repository: "rest:https://me:***@example.net/docs",
      paths: ["/srv/docs"],
      schedule: { calendar: ["03:00"], persistent: true },
    });
    expect(host.timers[0].next[0]).toBe("2026-06-02T03:00:00.000Z");
  });

  test("as tables", async () => {
    const { stdout } = await run(makeRepository(files), ["fleet"]);
    expect(stdout).toContain("nas (x86_64-linux, 1 modules)\n");
    expect(stdout).toMatch(/radicale +radicale +\/var\/lib\/radicale/);
    expect(stdout).not.toContain("hunter2");
  });

  test("SOURCE_DATE_EPOCH is its clock", async () => {
    const env = { SOURCE_DATE_EPOCH: String(Date.UTC(2030, 0, 1) / 1000) };
    const { stdout } = await run(makeRepository(files), ["fleet", "--format", "json"], { env });
    expect(JSON.parse(stdout).hosts[0].timers[0].next[0]).toBe("2030-01-01T03:00:00.000Z");
  });
});

describe("eval", () => {
  const files = {
    "flake.nix": flake,
    "hosts/nas.nix": `{\n  networking.hostName = "nas";\n}\n`,
    "set.nix": `{ a."b.c" = [ 1 2 ]; fail = 1 + "x"; env = import (builtins.fetchTarball "https://example.net/x.tar.gz"); }\n`,
    "lib/default.nix": "{ twice = x: x * 2; }\n",
  };

  test.each([
    [["--expr", "1 + 2"], "3\n"],
    [["--strict", "--expr", "map (x: x * 2) [ 1 2 ]"], "[ 2 4 ]\n"],
    [["--json", "--expr", '{ a = [ 1 "x" null ]; }'], '{"a":[1,"x",null]}\n'],
    [["--file", "set.nix", "--attr", 'a."b.c".1'], "2\n"],
    [["--file", "set.nix", "-A", "env"], "«unknown: "],
    [["-I", "mine=lib", "--expr", "(import <mine>).twice 21"], "42\n"],
    [[".#nixosConfigurations.nas.config.networking.hostName"], '"nas"\n'],
  ])("%j", async (argv, stdout) => {
    const result = await run(makeRepository(files), ["eval", ...argv]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(result.stdout.startsWith(stdout)).toBe(true);
  });

  test("an error prints its message and its place", async () => {
    const directory = makeRepository(files);
    const { code, stdout, stderr } = await run(directory, ["eval", "--file", "set.nix", "-A", "fail"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`  --> ${directory}/set.nix:1:`);
    expect(stderr).toMatch(/^error: .*\n {2}--> .*\n 1 \| \{ a\..*\n {3}\| +\^+\n$/);
  });

  test("a missing attr names its neighbour", async () => {
    const { code, stderr } = await run(makeRepository(files), ["eval", "--file", "set.nix", "-A", "fial"]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "error: attribute `fial` missing; did you mean `fail`?\n" });
  });

  test("one source at a time", async () => {
    expect(await run("/", ["eval", "--expr", "1", "--file", "x"])).toMatchObject({
      code: 2,
      stderr: "nixlint: give one of PATH#ATTRPATH, --expr and --file\n",
    });
  });
});
