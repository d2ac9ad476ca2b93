// The job that is written for a service without backup: what it saves, as whom, how it is called, and what makes its
// files whole.

import { describe, expect, test } from "vitest";
import { fixFlake, flakeOf } from "./fixed-flake.ts";

const rule = "service-without-backup";

/** A host with a job to learn from, and what it has besides. */
function withSibling(text: string, formals = ""): Record<string, string> {
  return {
    "flake.nix": flakeOf({ nas: ["./nas.nix"] }),
    "nas.nix": `{ ${formals}... }:
{
  services.radicale.enable = true;
  services.restic.backups.radicale = {
    repository = "sftp:backup:radicale";
    passwordFile = "/etc/restic";
    paths = [ "/var/lib/radicale" ];
    pruneOpts = [ "--keep-daily 7" ];
  };
${text}}
`,
  };
}

function written(files: Record<string, string>): string {
  const { texts, applied, report } = fixFlake(files, { rule });
  expect(applied.map((one) => one.rule)).toEqual([rule]);
  expect(report.diagnostics.filter((one) => one.rule === rule)).toEqual([]);
  expect(Object.keys(texts)).toEqual(["nas.nix"]);
  return texts["nas.nix"] ?? "";
}

describe("a database server is saved by its dump", () => {
  test("PostgreSQL: all of it", () => {
    const text = written(withSibling("  services.postgresql.enable = true;\n"));
    expect(text).toContain("  services.postgresqlBackup.enable = true;\n");
    expect(text).toContain('paths = [ "/var/backup/postgresql" ];');
  });

  test("MySQL: the databases that the flake creates", () => {
    const text = written(
      withSibling('  services.mysql = {\n    enable = true;\n    ensureDatabases = [ "shop" ];\n  };\n'),
    );
    expect(text).toContain('services.mysqlBackup.databases = [ "shop" ];');
    expect(text).toContain('paths = [ "/var/backup/mysql" ];');
    expect(text).not.toContain("backupPrepareCommand");
  });

  test("MySQL: whatever there is, when nobody says which", () => {
    const text = written(withSibling("  services.mysql.enable = true;\n"));
    expect(text).toMatch(/^\{ config, \.\.\. \}:/);
    expect(text).toContain("mysqldump --all-databases --single-transaction > /var/backup/mysql/all.sql\n");
    expect(text).toContain('paths = [ "/var/backup/mysql" ];');
  });

  test("MongoDB, unless a dump needs an account", () => {
    const text = written(withSibling("  services.mongodb.enable = true;\n"));
    expect(text).toMatch(/^\{ pkgs, \.\.\. \}:/);
    expect(text).toContain("mongodump --quiet --out=/var/backup/mongodb\n");
    const closed = withSibling("  services.mongodb = {\n    enable = true;\n    enableAuth = true;\n  };\n");
    expect(fixFlake(closed, { rule }).applied).toEqual([]);
  });
});

test("SQLite files are copied by SQLite first, other files are not", () => {
  expect(written(withSibling("  services.home-assistant.enable = true;\n"))).toContain(
    'sqlite3 "$file" ".backup \'$file.backup\'"',
  );
  expect(written(withSibling("  services.node-red.enable = true;\n"))).not.toContain("sqlite");
});

test("what a sibling does before and after its own backup is not said again", () => {
  const text = written({
    "flake.nix": flakeOf({ nas: ["./nas.nix"] }),
    "nas.nix": `{
  services.radicale.enable = true;
  services.borgbackup.jobs.radicale = {
    repo = "borg@backup:radicale";
    encryption.mode = "none";
    paths = [ "/var/lib/radicale" ];
    preHook = "set -x";
    postHook = "touch /run/radicale-is-saved";
  };
  services.home-assistant.enable = true;
}
`,
  });
  expect(text.match(/preHook/g)).toHaveLength(2);
  expect(text.match(/postHook/g)).toHaveLength(1);
  expect(text).toMatch(/preHook = ''\n +set -euo pipefail/);
});

test("an option of the flake's own gets the command only when it declares one", () => {
  const module = (options: string, rest: string) => `{ config, lib, ... }:
{
  options.my.backups = lib.mkOption {
    type = lib.types.attrsOf (lib.types.submodule {
      options = {
        paths = lib.mkOption { type = lib.types.listOf lib.types.str; };
${options}      };
    });
  };
  config.services.restic.backups = lib.mapAttrs (name: job: {
    repository = "sftp:backup:\${name}";
    passwordFile = "/etc/restic";
    inherit (job) paths;
${rest}  }) config.my.backups;
}
`;
  const files = {
    "flake.nix": flakeOf({ nas: ["./nas.nix", "./backups.nix"] }),
    "nas.nix": `{
  services.radicale.enable = true;
  my.backups.radicale.paths = [ "/var/lib/radicale" ];
  services.home-assistant.enable = true;
}
`,
  };
  const plain = fixFlake({ ...files, "backups.nix": module("", "") }, { rule });
  expect(plain.texts["nas.nix"]).toContain('paths = [ "/var/lib/hass" ];');
  expect(plain.texts["nas.nix"]).not.toContain("sqlite");
  const option = "        prepare = lib.mkOption { type = lib.types.nullOr lib.types.lines; default = null; };\n";
  const full = fixFlake(
    { ...files, "backups.nix": module(option, "    backupPrepareCommand = job.prepare;\n") },
    { rule },
  );
  expect(full.texts["nas.nix"]).toMatch(/prepare = ''\n +set -euo pipefail\n[\s\S]*sqlite3/);
});

test("the service's own job gets the path that it lacks", () => {
  const text = written({
    "flake.nix": flakeOf({ nas: ["./nas.nix"] }),
    "nas.nix": `{
  services.radicale.enable = true;
  services.restic.backups.radicale = {
    repository = "sftp:backup:radicale";
    passwordFile = "/etc/restic";
    paths = [ "/home" ];
  };
}
`,
  });
  expect(text).toContain('    paths = [\n      "/home"\n      "/var/lib/radicale/collections"\n    ];\n');
});

describe("names", () => {
  test("a file that chooses one service gives its name, one that chooses several does not", () => {
    const job = (name: string, path: string) => `  services.restic.backups.${name} = {
    repository = "sftp:backup:${name}";
    passwordFile = "/etc/restic";
    paths = [ "${path}" ];
  };
`;
    const files = (text: string) => ({
      "flake.nix": flakeOf({ nas: ["./cards.nix", "./apps.nix"] }),
      "cards.nix": `{\n  services.radicale.enable = true;\n${job("cards", "/var/lib/radicale")}}\n`,
      "apps.nix": `{\n${text}}\n`,
    });
    const names = (text: string) =>
      Object.values(fixFlake(files(text), { rule }).texts).flatMap((after) =>
        [...after.matchAll(/backups\.(\S+) =/g)].map(([, name]) => name),
      );
    expect(names("  services.node-red.enable = true;\n")).toEqual(["apps"]);
    expect(names("  services.node-red.enable = true;\n  services.couchdb.enable = true;\n").sort()).toEqual([
      "couchdb",
      "node-red",
    ]);
  });

  test("a container keeps all of its name", () => {
    const text = written(
      withSibling(
        '  virtualisation.oci-containers.containers."wiki.example.org" = {\n    image = "wiki";\n    volumes = [ "/var/lib/wiki:/data" ];\n  };\n',
      ),
    );
    expect(text).toContain('services.restic.backups."wiki.example.org" = {');
  });
});

test("what one of several users of a secret is given, the others lose: no fix", () => {
  const job = (name: string) => `  services.restic.backups.${name} = {
    user = "${name}";
    repository = "sftp:backup:${name}";
    passwordFile = config.sops.secrets.restic.path;
    paths = [ "/srv/${name}" ];
  };
`;
  const files = {
    "flake.nix": flakeOf({ nas: ["./nas.nix"] }),
    "nas.nix": `{ config, ... }:\n{\n  sops.secrets.restic = { };\n${job("alice")}${job("bob")}}\n`,
  };
  const options = { rule: "secret-owner-mismatch", safeties: ["safe", "unsafe"] as const };
  const { applied, converged, report } = fixFlake(files, options);
  expect({ applied, converged }).toEqual({ applied: [], converged: true });
  expect(report.diagnostics.filter((one) => one.rule === options.rule)).toHaveLength(2);
});

test("a secret's owner is written in the module that declares it, not in one that other hosts import", () => {
  const secrets = (text: string) =>
    `{ ... }:\n{\n  x = { config, ... }:\n    let\n      y = 1;\n    in\n    {\n${text}    };\n}\n`;
  const files = {
    "flake.nix": flakeOf({
      nas: ["./base.nix", "(import ./parts.nix { }).x"],
      web: ["./base.nix"],
    }),
    "base.nix": '{ sops.secrets.other = { }; environment.etc.x.text = "x"; }\n',
    "parts.nix": secrets(`      sops.secrets.restic = { };
      services.restic.backups.home = {
        user = "backup";
        repository = "sftp:backup:home";
        passwordFile = config.sops.secrets.restic.path;
        paths = [ "/home" ];
      };
`),
  };
  const { texts } = fixFlake(files, { rule: "secret-owner-mismatch", safeties: ["unsafe"] });
  expect(Object.keys(texts)).toEqual(["parts.nix"]);
  expect(texts["parts.nix"]).toContain('sops.secrets.restic = {\n        owner = "backup";');
});
