// The role that watches backups where nothing does: what it asks, who asks it, where it goes, and when there is none.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fixFlake, flakeOf, memoryOf, stateOf } from "./fixed-flake.ts";

const rule = "unmonitored-backup";

const job = (name: string, repository = `rest:https://backup/${name}`) => `  services.restic.backups.${name} = {
    repository = "${repository}";
    passwordFile = "/etc/restic";
    paths = [ "/srv/${name}" ];
  };
`;

const host = (text: string) => `{ ... }:\n{\n${text}}\n`;

/** What the fixes write; afterwards nothing is unwatched, and nothing new is found. */
function watched(files: Record<string, string>): Readonly<Record<string, string>> {
  const before = stateOf(memoryOf(files)).report.diagnostics.filter((one) => one.rule !== rule);
  const { texts, report, converged } = fixFlake(files, { rule });
  expect(converged).toBe(true);
  expect(report.diagnostics.map((one) => one.message)).toEqual(before.map((one) => one.message));
  expect(fixFlake({ ...files, ...texts }, { rule }).texts).toEqual({});
  return texts;
}

describe("nothing monitors anything", () => {
  test("one repository: the exporter, and a Prometheus that asks it", () => {
    const texts = watched({ "flake.nix": flakeOf({ nas: ["./hosts/nas.nix"] }), "hosts/nas.nix": host(job("docs")) });
    expect(texts["hosts/nas.nix"]).toContain("imports = [ ../roles/monitoring-restic.nix ];");
    const role = texts["roles/monitoring-restic.nix"] ?? "";
    expect(role).toMatch(/inherit \(job\)\n +environmentFile\n/);
    expect(role).toContain('targets = [ "localhost:9753" ];');
    expect(role).toContain("> 26 * 3600");
  });

  test("several repositories: their units", () => {
    const texts = watched({
      "flake.nix": flakeOf({ nas: ["./nas.nix"] }),
      "nas.nix": host(job("docs") + job("mail")),
    });
    expect(texts["roles/monitoring-backups.nix"]).toContain('targets = [ "localhost:9558" ];');
    expect(Object.keys(texts)).toHaveLength(2);
  });

  test("hosts share the role, which is where they take others from", () => {
    const texts = watched({
      "flake.nix": flakeOf({ nas: ["./hosts/nas"], box: ["./hosts/box"] }),
      "hosts/nas/default.nix": `{\n  imports = [ ../../profiles/base.nix ];\n${job("docs")}}\n`,
      "hosts/box/default.nix": `{\n  imports = [\n    ../../profiles/base.nix\n  ];\n${job("mail")}}\n`,
      "profiles/base.nix": "{ }\n",
    });
    expect(Object.keys(texts).sort()).toEqual([
      "hosts/box/default.nix",
      "hosts/nas/default.nix",
      "profiles/monitoring-restic.nix",
    ]);
    expect(texts["hosts/box/default.nix"]).toContain(
      "    ../../profiles/base.nix\n    ../../profiles/monitoring-restic.nix\n",
    );
  });

  test("a key that the exporter could not see", () => {
    const texts = watched({
      "flake.nix": flakeOf({ nas: ["./nas.nix"] }),
      "nas.nix": host(job("docs", "sftp:me@backup:docs")),
    });
    expect(Object.keys(texts)).toContain("roles/monitoring-backups.nix");
  });
});

test("the Prometheus of the host asks", () => {
  const texts = watched({
    "flake.nix": flakeOf({ nas: ["./nas.nix"] }),
    "nas.nix": host(`${job("docs")}  services.prometheus.enable = true;\n`),
  });
  expect(texts["roles/monitoring-restic.nix"]).not.toContain('listenAddress = "127.0.0.1";\n    scrape');
  expect(texts["roles/monitoring-restic.nix"]).toContain("    services.prometheus = {\n      scrapeConfigs = [");
});

test("an option of the flake's own takes the target, and brings its module along", () => {
  const texts = watched({
    "flake.nix": flakeOf({ nas: ["./nas.nix"], mon: ["./mon.nix"] }),
    "nas.nix": host(job("docs")),
    "mon.nix": "{\n  imports = [ ./modules/monitoring ];\n}\n",
    "modules/monitoring/default.nix": `{ config, lib, ... }:
{
  options.my.extraScrapeTargets = lib.mkOption {
    type = lib.types.listOf (lib.types.submodule {
      options = {
        job = lib.mkOption { type = lib.types.str; };
        targets = lib.mkOption { type = lib.types.listOf lib.types.str; };
      };
    });
    default = [ ];
  };
  config.environment.etc."alloy/config.alloy".text = lib.concatMapStrings (one: toString one.targets) config.my.extraScrapeTargets;
}
`,
  });
  const role = texts["roles/monitoring-restic.nix"] ?? "";
  expect(role).toContain("../modules/monitoring");
  expect(role).toContain('my.extraScrapeTargets = [\n      {\n        job = "restic";');
  expect(role).not.toContain("scrapeConfigs");
});

test("a host without a file of its own names it in its list of modules", () => {
  const texts = watched({
    "flake.nix": flakeOf({ nas: ["./all.nix", "./nas.nix"], box: ["./all.nix"] }),
    "all.nix": host(job("docs")),
    "nas.nix":
      '{ lib, ... }:\n{\n  services.restic.backups.docs.repository = lib.mkForce "rest:https://backup/nas";\n}\n',
  });
  expect(texts["nas.nix"]).toContain("imports = [ ./roles/monitoring-restic.nix ];");
  expect(texts["flake.nix"]).toMatch(
    /\.box = .* modules = \[\s+\.\/all\.nix\s+\.\/roles\/monitoring-restic\.nix\s+\];/,
  );
});

describe("no role", () => {
  test("where something monitors, and how it would learn of the exporter is not known", () => {
    const files = {
      "flake.nix": flakeOf({ nas: ["./nas.nix"], mon: ["./mon.nix"] }),
      "nas.nix": host(job("docs")),
      "mon.nix": "{\n  services.prometheus.enable = true;\n}\n",
    };
    expect(fixFlake(files, { rule }).applied).toEqual([]);
  });

  test("where all that a host is made of is of others too", () => {
    const files = {
      "flake.nix": `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations = nixpkgs.lib.genAttrs [ "nas" "box" ] (
      name: nixpkgs.lib.nixosSystem { modules = [ ./all.nix ]; }
    );
  };
}
`,
      "all.nix": host(job("docs")),
    };
    expect(fixFlake(files, { rule }).applied).toEqual([]);
  });
});

const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;

test.skipIf(!hasPromtool)("promtool takes the rules", () => {
  const jobs = [job("docs"), job("docs") + job("mail")];
  const directory = mkdtempSync(join(tmpdir(), "nixlint-rules-"));
  for (const text of jobs) {
    const texts = watched({ "flake.nix": flakeOf({ nas: ["./nas.nix"] }), "nas.nix": host(text) });
    const role = Object.entries(texts).find(([path]) => path.startsWith("roles/"))?.[1] ?? "";
    const lines = (/''\n([\s\S]*?)\n +''\)/.exec(role)?.[1] ?? "").split("\n");
    const indent = Math.min(...lines.map((line) => line.search(/\S/)));
    const file = join(directory, "backups.rules");
    writeFileSync(file, lines.map((line) => line.slice(indent)).join("\n"));
    const { status, stdout, stderr } = spawnSync("promtool", ["check", "rules", file], { encoding: "utf8" });
    expect({ status, output: `${stdout}${stderr}` }).toEqual({
      status: 0,
      output: expect.stringContaining("SUCCESS: 2 rules found"),
    });
  }
  rmSync(directory, { recursive: true });
});
