// What of the reference flake needs no nixpkgs, evaluated by real Nix: its outputs over stand-ins for the inputs, the
// files they name, and the hosts, which are plain sets. The rest is `npm run test:nixpkgs`.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hosts } from "./real-nix.ts";

const flake = join(import.meta.dirname, "../../nix");
const hasNix = spawnSync("nix-instantiate", ["--version"]).status === 0;
if (!hasNix) console.warn("skipped: nix-instantiate is not installed, so the reference flake is not evaluated by Nix");

function evaluate(expression: string): unknown {
  const args = ["--eval", "--strict", "--json", "--expr", expression];
  const env = { ...process.env, NIX_REMOTE: "dummy://" };
  const { status, stdout, stderr } = spawnSync("nix-instantiate", args, { encoding: "utf8", env });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const outputs = `(import ${flake}/flake.nix).outputs {
  self = { };
  nixpkgs = {
    lib.nixosSystem = args: args;
    legacyPackages.x86_64-linux = { nixfmt = "nixfmt"; prometheus.cli = "promtool"; runCommand = name: _: _: name; };
  };
  sops-nix.nixosModules.sops = "sops";
}`;

describe.skipIf(!hasNix)("real Nix evaluates", () => {
  test("the modules and roles that the flake hands out, and their files are there", () => {
    const modules = evaluate(`builtins.mapAttrs (_: toString) (${outputs}).nixosModules`) as Record<string, string>;
    expect(Object.keys(modules)).toEqual([
      "monitoring",
      "postgresql-backup",
      "restic",
      "role-hass",
      "role-monitoring-restic",
      "role-postgres",
      "role-scrypted",
      "scrypted",
    ]);
    for (const file of Object.values(modules)) expect(existsSync(file), file).toBe(true);
  });

  test("hosts, checks and the template", () => {
    const read = `let o = ${outputs}; in {
      hosts = builtins.attrNames o.nixosConfigurations;
      modules = builtins.mapAttrs (_: host: map toString host.modules) o.nixosConfigurations;
      checks = builtins.attrNames o.checks.x86_64-linux;
      template = toString o.templates.default.path;
    }`;
    expect(evaluate(read)).toEqual({
      hosts: [...hosts].sort(),
      modules: Object.fromEntries(hosts.map((host) => [host, ["sops", join(flake, "hosts", host)]])),
      checks: ["alert-rules"],
      template: flake,
    });
  });

  test.each(hosts)("%s, and every file it imports is there", (host) => {
    const args = '{ pkgs.writeShellApplication = args: args.name; pkgs.nodejs = "nodejs"; }';
    const file = join(flake, "hosts", host, "default.nix");
    const read = `let host = import ${file}; in if builtins.isFunction host then host ${args} else host`;
    const { name, imports } = evaluate(`let h = ${read}; in {
      name = h.networking.hostName;
      imports = map toString h.imports;
    }`) as { name: string; imports: string[] };
    expect(name).toBe(host);
    expect(imports.filter((path) => !existsSync(path))).toEqual([]);
    expect(imports.filter((path) => path.includes("/roles/"))).toHaveLength(2);
  });
});
