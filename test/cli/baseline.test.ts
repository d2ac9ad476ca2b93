// The baseline as people use it: begin with what is there, see only what is new, and let it shrink.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flake, makeRepository, nothing, run, uncovered } from "./run.ts";

const file = ".nixlint-baseline.json";

async function withBaseline(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = makeRepository({ "flake.nix": flake, ...files });
  expect((await run(directory, ["baseline", "create"])).code).toBe(0);
  return directory;
}

const two = flake.replace(
  "nixosConfigurations.nas",
  "nixosConfigurations.attic = nixpkgs.lib.nixosSystem { modules = [ ./hosts/nas.nix ]; };\n    nixosConfigurations.nas",
);

describe("create", () => {
  test("writes one sorted line for each finding and host, without line numbers", async () => {
    const directory = makeRepository({ "flake.nix": two, "hosts/nas.nix": uncovered });
    const { code, stdout } = await run(directory, ["baseline", "create"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${file}: 2 entries\n` });
    const text = readFileSync(join(directory, file), "utf8");
    expect(text).toMatch(
      /^\{\n {2}"version": 1,\n {2}"findings": \[\n {4}\{"rule":"service-without-backup","subject":"services\.radicale","host":"attic","fingerprint":"[0-9a-f]{32}"\},\n/,
    );
    const hosts = JSON.parse(text).findings.map(({ host }: { host: string }) => host);
    expect(hosts).toEqual(["attic", "nas"]);
    expect(await run(directory, [])).toMatchObject({
      code: 0,
      stdout: "no findings in 2 hosts, 2 files, 1 baselined\n",
    });
  });

  test("never over another", async () => {
    const directory = await withBaseline({ "hosts/nas.nix": uncovered });
    expect(await run(directory, ["baseline", "create"])).toEqual({
      code: 2,
      stdout: "",
      stderr: `nixlint: \`${file}\` exists\nhint: \`nixlint baseline update\`; or delete it to begin anew\n`,
    });
  });

  test("not of a flake that is broken", async () => {
    const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": "{ a = ; }\n" });
    expect((await run(directory, ["baseline", "create"])).code).toBe(2);
  });

  test("of nothing is empty", async () => {
    const directory = await withBaseline({ "hosts/nas.nix": nothing });
    expect(JSON.parse(readFileSync(join(directory, file), "utf8"))).toEqual({ version: 1, findings: [] });
  });
});

describe("check", () => {
  test("shows what is new, in old files too, wherever lines moved", async () => {
    const directory = await withBaseline({ "hosts/nas.nix": uncovered });
    writeFileSync(
      join(directory, "hosts/nas.nix"),
      "# moved\n\n{\n  services.radicale.enable = true;\n  services.grafana.enable = true;\n}\n",
    );
    const { code, stdout } = await run(directory, ["-f", "concise"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^hosts\/nas\.nix:5:3: error service-without-backup: `grafana` .*\n1 error, 1 baselined\n$/);
  });

  test("names only the hosts that are not in it", async () => {
    const directory = await withBaseline({ "hosts/nas.nix": uncovered });
    writeFileSync(join(directory, "flake.nix"), two);
    const { stdout } = await run(directory, ["-f", "concise"]);
    expect(stdout).toContain("[attic]\n1 error, 1 baselined\n");
  });

  test("marks them in every format", async () => {
    const directory = await withBaseline({ "hosts/nas.nix": uncovered });
    const output = async (...argv: string[]) => (await run(directory, argv)).stdout;
    expect(await output("-v")).toContain("baselined[service-without-backup]: hosts/nas.nix:2:3");
    expect(await output("-v", "-f", "concise")).toContain("hosts/nas.nix:2:3: baselined service-without-backup");
    expect(JSON.parse(await output("-f", "json")).baselined).toHaveLength(1);
    const [result] = JSON.parse(await output("-f", "sarif")).runs[0].results;
    expect(result).toMatchObject({ baselineState: "unchanged", suppressions: [{ kind: "external" }] });
    expect(await output("-f", "github")).toContain("1 baselined");
    expect(JSON.parse(await output("-f", "gitlab"))[0].description).toContain("(in the baseline)");
  });

  test("--host and PATHs narrow it as they do findings", async () => {
    const directory = await withBaseline({ "hosts/nas.nix": uncovered });
    expect((await run(directory, ["flake.nix"])).stdout).not.toContain("baselined");
    expect((await run(directory, ["--host", "nas"])).stdout).toContain("1 baselined");
  });

  test.each([
    ["{\n", `${file}:1:2: not valid JSON`],
    ["{\n<<<<<<< ours\n", `${file}:2:1: the file has a merge conflict in it`],
    ['{"version": 2, "findings": []}', `${file} is no baseline of this version of nixlint: \`version\` is not`],
    ['{"version": 1, "findings": [{"rule": 1}]}', "version of nixlint: `findings[0].rule` is not"],
  ])("a file that is none: %s", async (text, message) => {
    const directory = makeRepository({ "flake.nix": flake, "hosts/nas.nix": uncovered, [file]: text });
    const { code, stderr } = await run(directory, ["--exit-zero"]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe("what is stale", () => {
  test("is told, and pruned", async () => {
    const directory = await withBaseline({ "hosts/nas.nix": uncovered });
    writeFileSync(join(directory, "hosts/nas.nix"), nothing);
    const { code, stdout } = await run(directory, []);
    expect(code).toBe(0);
    expect(stdout).toBe(
      "no findings in 1 host, 2 files, 1 stale entry in the baseline\n`nixlint baseline prune` drops what is stale\n",
    );
    expect(JSON.parse((await run(directory, ["-f", "json"])).stdout).staleBaseline).toHaveLength(1);
    expect((await run(directory, ["-v"])).stdout).toContain("stale[service-without-backup]: `services.radicale` [nas]");
    expect((await run(directory, ["baseline", "prune"])).stdout).toBe(`${file}: 0 entries, 0 changed, 1 gone\n`);
    expect((await run(directory, [])).stdout).toBe("no findings in 1 host, 2 files\n");
  });

  test("is not what could not be told", async () => {
    const unknown = `{\n  services.radicale.enable = import (builtins.fetchTarball "https://example.net/x.tar.gz");\n}\n`;
    const off = `[rules.service-without-backup]\nseverity = "off"\n`;
    const cases = [
      { "hosts/nas.nix": unknown },
      { "hosts/nas.nix": "{ a = ; }\n" },
      { "hosts/nas.nix": nothing, "nixlint.toml": off },
      {
        "flake.nix": flake
          .replace("system =", 'x = throw "no"; system =')
          .replace("nixosSystem {", 'nixosSystem (throw "no") {'),
      },
    ];
    for (const change of cases) {
      const directory = await withBaseline({ "hosts/nas.nix": uncovered });
      for (const [path, text] of Object.entries(change)) writeFileSync(join(directory, path), text ?? "");
      expect((await run(directory, [])).stdout).not.toContain("stale");
    }
  });
});

describe("update and prune", () => {
  test("bring up to date what changed, and let nothing new in", async () => {
    const directory = await withBaseline({ "hosts/nas.nix": uncovered });
    writeFileSync(
      join(directory, "hosts/nas.nix"),
      "{\n  services = { radicale.enable = true; grafana.enable = true; };\n}\n",
    );
    // The text that is flagged changed, so it is a finding again.
    expect((await run(directory, [])).stdout).toContain("2 errors, 1 stale entry in the baseline");
    expect((await run(directory, ["baseline", "update"])).stdout).toBe(`${file}: 1 entry, 1 changed, 0 gone\n`);
    const { code, stdout } = await run(directory, ["-f", "concise"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/`grafana`[^\n]*\n1 error, 1 baselined\n$/);
    expect((await run(directory, ["baseline", "prune"])).stdout).toBe(`${file}: 1 entry, 0 changed, 0 gone\n`);
  });

  test("need one", async () => {
    const directory = await withBaseline({ "hosts/nas.nix": nothing });
    rmSync(join(directory, file));
    for (const verb of ["update", "prune"]) {
      expect(await run(directory, ["baseline", verb])).toEqual({
        code: 2,
        stdout: "",
        stderr: `nixlint: no \`${file}\` yet\nhint: nixlint baseline create\n`,
      });
    }
  });

  test("a misspelt verb", async () => {
    const { code, stderr } = await run("/", ["baseline", "craete"]);
    expect(code).toBe(2);
    expect(stderr).toContain("did you mean `create`?");
  });
});
