// `nixlint.toml` as people write it: what each mistake is answered with, and what the configuration comes to.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { flake, makeDirectory, makeRepository, nothing, type Result, run, uncovered } from "./run.ts";

const bad = { "flake.nix": flake, "hosts/nas.nix": uncovered };

/** Outside of git, where each file counts: that is quicker. */
function withConfig(text: string, files: Readonly<Record<string, string>> = bad): Promise<Result> {
  return run(makeDirectory({ ...files, "nixlint.toml": text }), ["-f", "concise", "-q"]);
}

describe("a mistake is shown where it is, with a way out, and ends the run", () => {
  const cases: readonly (readonly [config: string, stderr: string])[] = [
    [
      '\nprofil = "strict"\n',
      'nixlint.toml:2:1: unknown key `profil`\n 2 | profil = "strict"\n   | ^^^^^^\nhint: did you mean `profile`?\n',
    ],
    [
      'profile = "strct"\n',
      'nixlint.toml:1:11: `profile` cannot be `strct`\n 1 | profile = "strct"\n   |           ^^^^^^^\nhint: did you mean `strict`? It is one of `recommended`, `strict`\n',
    ],
    [
      "[rules.service-without-bakup]\n",
      "nixlint.toml:1:8: unknown rule `service-without-bakup`\n 1 | [rules.service-without-bakup]\n   |        ^^^^^^^^^^^^^^^^^^^^^\nhint: did you mean `service-without-backup`?\n",
    ],
    [
      '[rules]\nzzz.severity = "off"\n',
      'nixlint.toml:2:1: unknown rule `zzz`\n 2 | zzz.severity = "off"\n   | ^^^\nhint: `nixlint rules` lists them\n',
    ],
    [
      '[rules]\nmissing-import = { severity = "warn" }\n',
      'nixlint.toml:2:31: `rules.missing-import.severity` cannot be `warn`\n 2 | missing-import = { severity = "warn" }\n   |                               ^^^^^^\nhint: one of `error`, `warning`, `info`, `off`\n',
    ],
    [
      "[rules.retention-gap]\ndaily = 'seven'\n",
      "nixlint.toml:2:9: `rules.retention-gap.daily` is a string, and a number is expected\n 2 | daily = 'seven'\n   |         ^^^^^^^\nhint: daily: how many days have to be kept at least\n",
    ],
    [
      "[rules.missing-import]\nlimit = 3\n",
      "nixlint.toml:2:1: unknown key `limit` in `[rules.missing-import]`\n 2 | limit = 3\n   | ^^^^^\nhint: known keys: severity\n",
    ],
    [
      'roles = "roles/*.nix"\n',
      'nixlint.toml:1:9: `roles` is a string, and a list is expected\n 1 | roles = "roles/*.nix"\n   |         ^^^^^^^^^^^^^\nhint: write `roles = ["roles/*.nix"]`\n',
    ],
    [
      '[waive]\nrule = "missing-import"\n',
      "nixlint.toml:1:1: `waive` is a table, and a list is expected\n 1 | [waive]\n   | ^^^^^^^\nhint: write `[[waive]]`, once for each\n",
    ],
    [
      '[[waive]]\nrule = "missing-import"\nsubject = "x"\n',
      "nixlint.toml:1:1: `[[waive]]` has no `reason`: a waiver needs a reason\n 1 | [[waive]]\n   | ^^^^^^^^^\nhint: reason: why it is right; reports show it\n",
    ],
    [
      '[[waive]]\nrule = "missing-import"\nsubject = "x"\nreason = " "\n',
      'nixlint.toml:4:10: `waive[0].reason`: a waiver needs a reason\n 4 | reason = " "\n   |          ^^^\n',
    ],
    [
      '[[waive]]\nrule = "missing-import"\nsubject = "x"\nreason = "y"\nuntil = "next year"\n',
      'nixlint.toml:5:9: `waive[0].until`: a date like 2027-01-31 is expected\n 5 | until = "next year"\n   |         ^^^^^^^^^^^\n',
    ],
    [
      '[schedule]\nbackup = "long"\n',
      'nixlint.toml:2:10: `schedule.backup`: a duration like `45min` or `1h 30min` is expected\n 2 | backup = "long"\n   |          ^^^^^^\n',
    ],
    [
      '[services.grafana]\nstate = ["/a", "b"]\n',
      'nixlint.toml:2:16: `services.grafana.state[1]`: an absolute path is expected\n 2 | state = ["/a", "b"]\n   |                ^^^\n',
    ],
    [
      '[[override]]\nrules.missing-import.severity = "off"\n',
      "nixlint.toml:1:1: `override[0]`: `paths` or `hosts` is expected\n 1 | [[override]]\n   | ^^^^^^^^^^^^\n",
    ],
    [
      '[[override]]\nhosts = ["nsa"]\nrules.missing-import.severity = "off"\n',
      'nixlint.toml:2:10: unknown host `nsa`\n 2 | hosts = ["nsa"]\n   |          ^^^^^\nhint: did you mean `nas`?\n',
    ],
    [
      '[[override]]\npaths = ["host"]\nrules.missing-import.severity = "off"\n',
      'nixlint.toml:2:10: the flake has no `host`\n 2 | paths = ["host"]\n   |          ^^^^^^\nhint: paths are those from its root\n',
    ],
    [
      '[[override]]\npaths = ["hosts"]\nrules.retention-gap.daily = 1\n',
      "nixlint.toml:3:21: options of `retention-gap` cannot differ here: where a finding is, is known only afterwards\n 3 | rules.retention-gap.daily = 1\n   |                     ^^^^^\nhint: what works: in an override with `hosts` and without `paths`, or `severity`\n",
    ],
    [
      "schedule.backup = 60\n",
      "nixlint.toml:1:19: `schedule.backup` is a number, and a string is expected\n 1 | schedule.backup = 60\n   |                   ^^\nhint: backup: how long a backup is taken to run; default 1h\n",
    ],
    [
      "rules.retention-gap.daily = -1\n",
      "nixlint.toml:1:29: `rules.retention-gap.daily`: at least 0 is expected\n 1 | rules.retention-gap.daily = -1\n   |                             ^^\n",
    ],
    [
      'rules.missing-import = "off"\n',
      'nixlint.toml:1:24: `rules.missing-import` is a string, and a table is expected\n 1 | rules.missing-import = "off"\n   |                        ^^^^^\nhint: write `missing-import.severity = "off"`\n',
    ],
    [
      'waive = [{ rule = "a", subject = "b", reason = "c", until = "2027-02-30" }]\n',
      'nixlint.toml:1:61: `waive[0].until`: a date like 2027-01-31 is expected\n 1 | waive = [{ rule = "a", subject = "b", reason = "c", until = "2027-02-30" }]\n   |                                                             ^^^^^^^^^^^^\n',
    ],
    [
      "waive = [{ until = 2027-1-31 }]\n",
      "nixlint.toml:1:20: `2027-1-31` is no value\n 1 | waive = [{ until = 2027-1-31 }]\n   |                    ^^^^^^^^^\nhint: a date reads 2027-01-31\n",
    ],
    ["a =\n", "nixlint.toml:1:4: a value is missing\n 1 | a =\n   |    ^\n"],
    [
      "profile = strict\n",
      'nixlint.toml:1:11: `strict` is no value\n 1 | profile = strict\n   |           ^^^^^^\nhint: text stands in quotes: "strict"\n',
    ],
    [
      'profile = "strict"\nprofile = "strict"\n',
      'nixlint.toml:2:1: the key `profile` is there already\n 2 | profile = "strict"\n   | ^^^^^^^\nhint: take one of the two away\n',
    ],
    [
      '[schedule]\ngap = "1h"\n[schedule]\n',
      "nixlint.toml:3:2: the table `[schedule]` is there already\n 3 | [schedule]\n   |  ^^^^^^^^\nhint: write what is in it under the first one\n",
    ],
    [
      'a = "x\n',
      'nixlint.toml:1:5: the text has no end\n 1 | a = "x\n   |     ^^\nhint: its closing quote is missing\n',
    ],
    [
      '<<<<<<< HEAD\nprofile = "strict"\n=======\n>>>>>>> theirs\n',
      "nixlint.toml:1:1: the file has a merge conflict in it\n 1 | <<<<<<< HEAD\n   | ^^^^^^^\nhint: resolve it, and commit\n",
    ],
    [
      '[inputs]\nprivate = "../private"\n',
      'nixlint.toml:2:11: the input `private`: the directory `../private` does not exist\n 2 | private = "../private"\n   |           ^^^^^^^^^^^^\nhint: paths are relative to ROOT\n',
    ],
  ];

  test.each(cases)("%j", async (config, stderr) => {
    const directory = makeDirectory({ ...bad, "nixlint.toml": config });
    const result = await run(directory, ["--exit-zero"]);
    expect({ ...result, stderr: result.stderr.replaceAll(directory, "ROOT") }).toEqual({
      code: 2,
      stdout: "",
      stderr: `nixlint: ${stderr}`,
    });
  });

  test("all of them at once", async () => {
    const { stderr } = await withConfig('profil = "x"\nroles = 3\n[rules.zzz]\n');
    expect(stderr.match(/^nixlint: .*/gm)).toEqual([
      "nixlint: nixlint.toml:2:9: `roles` is a number, and a list is expected",
      "nixlint: nixlint.toml:3:8: unknown rule `zzz`",
      "nixlint: nixlint.toml:1:1: unknown key `profil`",
    ]);
  });

  test.each<readonly [string, (path: string) => void, string]>([
    ["a directory", (path) => mkdirSync(path), "it is a directory"],
    ["a link that leads nowhere", (path) => symlinkSync("gone", path), "it is a symlink that leads nowhere"],
    [
      "a link out of the flake",
      (path) => symlinkSync("/etc/passwd", path),
      "it is a symlink that leads out of the flake",
    ],
    ["not text", (path) => writeFileSync(path, Uint8Array.of(0x61, 0xff)), "not valid UTF-8"],
  ])("a file that is %s", async (_, make, why) => {
    const directory = makeRepository(bad);
    make(join(directory, "nixlint.toml"));
    expect(await run(directory, [])).toEqual({
      code: 2,
      stdout: "",
      stderr: `nixlint: cannot read \`nixlint.toml\`: ${why}\n`,
    });
  });

  test("with the name that it was given by", async () => {
    const directory = makeRepository({ ...bad, "ci/lint.toml": 'profile = "x"\n' });
    expect((await run(directory, ["--config", "ci/lint.toml"])).stderr).toContain("nixlint: ci/lint.toml:1:11: ");
  });
});

test("a byte order mark and Windows line ends are no mistake", async () => {
  const config = '\ufeffprofile = "recommended"\r\n[rules.service-without-backup]\r\nseverity = "off"\r\n';
  expect(await withConfig(config)).toEqual({ code: 0, stdout: "", stderr: "" });
});

const two = flake.replace(
  "nixosConfigurations.nas",
  "nixosConfigurations.lab = nixpkgs.lib.nixosSystem { modules = [ ./roles/web.nix ]; };\n    nixosConfigurations.nas",
);
const shared = {
  "flake.nix": two.replace("./hosts/nas.nix", "./hosts/nas.nix ./roles/web.nix"),
  "hosts/nas.nix": uncovered,
  "roles/web.nix": "{\n  services.gitea.enable = true;\n}\n",
};

describe("rules", () => {
  test("a severity, also of one that the profile does not have", async () => {
    const job = `{
  services.restic.backups.docs = {
    repository = "rest:https://example.net/docs";
    passwordFile = "/run/secrets/restic";
    paths = [ "/srv/docs" ];
    pruneOpts = [ "--keep-daily 5" ];
    timerConfig = { OnCalendar = "03:00"; Persistent = true; };
  };
}
`;
    const files = { "flake.nix": flake, "hosts/nas.nix": job };
    const found = async (config: string) =>
      (await withConfig(config, files)).stdout.match(/^\S+ \w+ (foreign|retention)\S+/gm);
    expect(await found("")).toBeNull();
    expect(await found('[rules.foreign-transport]\nseverity = "info"\n')).toEqual([
      "hosts/nas.nix:3:5: info foreign-transport:",
    ]);
    expect(await found('[rules.foreign-transport]\nseverity = "info"\nallow = ["rest"]\n')).toBeNull();
    // Options alone switch it on as well.
    expect(await found('[rules.foreign-transport]\nallow = ["sftp"]\n')).toEqual([
      "hosts/nas.nix:3:5: warning foreign-transport:",
    ]);
    const gap = '[rules]\nretention-gap = { severity = "warning", daily = 5, weekly = 0, monthly = 0, yearly = 0 }\n';
    expect(await found(gap)).toBeNull();
    expect(await found(gap.replace("daily = 5", "daily = 6"))).toHaveLength(1);
  });
});

describe("overrides", () => {
  const severities = async (config: string) => {
    const { stdout } = await withConfig(config, shared);
    return stdout.match(/\w+ service-without-backup: `\w+`|\[.*\]/g)?.join(" ");
  };

  test("by host: a finding of several hosts counts for each as it is said there", async () => {
    const everywhere =
      "error service-without-backup: `radicale` [nas] error service-without-backup: `gitea` [lab, nas]";
    expect(await severities("")).toBe(everywhere);
    const lab = '[[override]]\nhosts = ["l?b"]\nrules.service-without-backup.severity = ';
    expect(await severities(`${lab}"info"\n`)).toBe(
      "error service-without-backup: `radicale` [nas] info service-without-backup: `gitea` [lab] error service-without-backup: `gitea` [nas]",
    );
    expect(await severities(`${lab}"off"\n`)).toBe(everywhere.replace("lab, ", ""));
    expect(await severities(`[rules]\nservice-without-backup.severity = "off"\n${lab}"warning"\n`)).toBe(
      "warning service-without-backup: `gitea` [lab]",
    );
  });

  test("by path, of which a directory stands for what is in it; the last one counts", async () => {
    const off = (paths: string) => `[[override]]\npaths = [${paths}]\nrules.service-without-backup.severity = "off"\n`;
    const gitea = "error service-without-backup: `gitea` [lab, nas]";
    for (const paths of ['"hosts"', '"hosts/"', '"hosts/*.nix"', '"**/nas.nix"', '"x/*", "./hosts/nas.nix"']) {
      expect(await severities(off(paths))).toBe(gitea);
    }
    expect(await severities(`${off('"hosts"')}${off('"**"').replace("off", "info")}`)).toBe(
      "info service-without-backup: `radicale` [nas] info service-without-backup: `gitea` [lab, nas]",
    );
  });

  test("by both: where both fit", async () => {
    const config = '[[override]]\npaths = ["roles"]\nhosts = ["nas"]\nrules.service-without-backup.severity = "info"\n';
    expect(await severities(config)).toBe(
      "error service-without-backup: `radicale` [nas] error service-without-backup: `gitea` [lab] info service-without-backup: `gitea` [nas]",
    );
  });

  test("options by host", async () => {
    const retention = async (config: string) => {
      const job = `{
  services.restic.backups.docs = {
    paths = [ "/srv" ];
    pruneOpts = [ "--keep-daily 8 --keep-weekly 6 --keep-monthly 13 --keep-yearly 2" ];
  };
}
`;
      const { stdout } = await withConfig(config, { ...shared, "roles/web.nix": job });
      return stdout.match(/retention-gap: .*/g);
    };
    const rule = '[rules.retention-gap]\nseverity = "warning"\ndaily = 9\n';
    const message =
      "retention-gap: the retention of `services.restic.backups.docs` has a gap: it keeps less than 9 daily snapshots";
    expect(await retention(rule)).toEqual([`${message} [lab, nas]`]);
    // Only there, when nothing else switches the rule on.
    expect(await retention('[[override]]\nhosts = ["lab"]\nrules.retention-gap.daily = 9\n')).toEqual([
      `${message} [lab]`,
    ]);
    expect(await retention(`${rule}[[override]]\nhosts = ["lab"]\nrules.retention-gap.daily = 5\n`)).toEqual([
      `${message} [nas]`,
    ]);
  });

  test("what is undecided where a rule is off is not asked; a comment about it is not unused", async () => {
    const unknown = 'services.radicale.enable = import (builtins.fetchTarball "https://example.net/x.tar.gz");';
    const allowed = "# nixlint: allow service-without-backup -- a toy";
    const directory = makeDirectory({
      "flake.nix": shared["flake.nix"],
      "hosts/nas.nix": `{\n  ${unknown}\n}\n`,
      "roles/web.nix": `{\n  services.gitea.enable = true; ${allowed}\n}\n`,
      "nixlint.toml": '[[override]]\npaths = ["**"]\nrules.service-without-backup.severity = "off"\n',
    });
    expect((await run(directory, [])).stdout).toBe("no findings in 2 hosts, 3 files\n");
  });

  test("the baseline holds whatever a finding counts as", async () => {
    const directory = makeDirectory(shared);
    await run(directory, ["baseline", "create"]);
    writeFileSync(
      join(directory, "nixlint.toml"),
      '[[override]]\nhosts = ["lab"]\nrules.service-without-backup.severity = "info"\n',
    );
    expect((await run(directory, [])).stdout).toBe("no findings in 2 hosts, 3 files, 3 baselined\n");
  });
});

describe("services", () => {
  const own = (module: string) => ({ "flake.nix": flake, "hosts/nas.nix": module });
  const found = async (config: string, module: string) => (await withConfig(config, own(module))).stdout;
  const unit = '{\n  systemd.services.pad = { serviceConfig.User = "pad"; wantedBy = [ "multi-user.target" ]; };\n}\n';

  test("a unit that keeps something", async () => {
    expect(await found('[services.pad]\nstate = ["/srv/pad"]\n', unit)).toContain(
      "error service-without-backup: `pad` keeps `/srv/pad` and no backup job covers it [nas]",
    );
    expect(await found("[services.pad]\nstate = []\n", unit)).toBe("");
  });

  test("a module of one's own, by its option", async () => {
    const module = `{ lib, config, ... }:
{
  options.my.pad = { enable = lib.mkEnableOption "pad"; };
  config = {
    my.pad.enable = true;
    systemd.services.etherpad.serviceConfig.ExecStart = "/bin/pad";
  };
}
`;
    const config = '[services.pad]\noption = "my.pad"\nunits = ["etherpad"]\nstate = ["/srv/pad"]\n';
    expect(await found(config, module)).toMatch(
      /^hosts\/nas\.nix:\d+:5: error service-without-backup: `\w+` keeps `\/srv\/pad`/,
    );
    expect(await found(config, module.replace("enable = true", "enable = false").replace(/.*etherpad.*\n/, ""))).toBe(
      "",
    );
  });

  test("one of the catalogue that keeps its things elsewhere", async () => {
    expect(await found('[services.radicale]\nstate = ["/tank/cal"]\n', uncovered)).toContain(
      "`radicale` keeps `/tank/cal`",
    );
    expect(await found("[services.radicale]\nstate = []\n", uncovered)).toBe("");
  });

  test("who runs it is who has to read its secrets", async () => {
    const module = `{
  services.home-assistant.enable = true;
  services.restic.backups.hass = {
    paths = [ "/var/lib/hass" ];
    repository = "sftp:nas:hass";
    passwordFile = "/run/x";
  };
}
`;
    const asRoot = '[rules]\nbackup-as-root.severity = "warning"\n';
    expect(await found(asRoot, module)).toContain("as root and not as its user `hass`");
    expect(await found(`${asRoot}[services.home-assistant]\nuser = "cal"\n`, module)).toContain(
      "as root and not as its user `cal`",
    );
  });
});

test("roles and the schedule", async () => {
  const files = {
    "flake.nix": flake,
    "hosts/nas.nix": nothing,
    "services/pad.nix": "{\n  services.radicale.enable = true;\n}\n",
  };
  // A role that no host has is looked at on its own.
  const role = '[rules]\nservice-without-backup.coverage = "role"\n';
  expect((await withConfig(role, files)).stdout).toBe("");
  expect((await withConfig(`roles = ["services/*.nix"]\n${role}`, files)).stdout).toContain(
    "services/pad.nix:2:3: error",
  );
  const timed = `{
  services.postgresqlBackup = { enable = true; startAt = "02:00"; };
  services.restic.backups.db = {
    paths = [ "/var/backup/postgresql" ];
    repository = "sftp:nas:db";
    passwordFile = "/run/x";
    timerConfig = { OnCalendar = "03:00"; Persistent = true; };
  };
}
`;
  const clash = async (config: string) =>
    (await withConfig(config, { "flake.nix": flake, "hosts/nas.nix": timed })).stdout.match(
      /backup-schedule-clash: .*/g,
    );
  expect(await clash("")).toBeNull();
  expect(await clash('[schedule]\ndump = "90min"\n')).toHaveLength(1);
  expect(await clash('[schedule]\ngap = "45min"\n')).toHaveLength(1);
});

describe("nixlint.local.toml", () => {
  const files = {
    "flake.nix": `{
  inputs.private.url = "git+ssh://git@example.net/private";
  outputs = { nixpkgs, private, ... }: {
    nixosConfigurations.nas = nixpkgs.lib.nixosSystem { modules = [ private.nixosModules.nas ]; };
  };
}
`,
  };
  const elsewhere = () =>
    makeDirectory({ "flake.nix": "{ outputs = _: { nixosModules.nas = ./nas.nix; }; }\n", "nas.nix": uncovered });
  const finding = expect.stringMatching(/nas\.nix:2:3: error service-without-backup/);

  test("says where this machine has inputs, also outside of the repository", async () => {
    const private_ = elsewhere();
    const local = `[inputs]\nprivate = "${private_}"\n`;
    const directory = makeRepository(files, { "nixlint.local.toml": local });
    expect(await run(directory, ["-f", "concise", "-q"])).toMatchObject({ code: 1, stdout: finding });
    // What is staged is linted with the same inputs.
    const env = { GIT_INDEX_FILE: join(directory, ".git/index") };
    expect(await run(directory, ["-f", "concise", "-q"], { env })).toMatchObject({ code: 1, stdout: finding });
    writeFileSync(join(directory, "nixlint.toml"), '[inputs]\nprivate = "other"\n');
    mkdirSync(join(directory, "other"));
    expect((await run(directory, ["-f", "concise", "-q"])).stdout).toEqual(finding);
    rmSync(join(directory, "nixlint.local.toml"));
    expect((await run(directory, ["-f", "concise", "-q"])).stdout).toBe("");
  });

  test("counts only where git does not know it", async () => {
    const local = `[inputs]\nprivate = "${elsewhere()}"\n`;
    const directory = makeRepository({ ...files, "nixlint.local.toml": local });
    expect(await run(directory, [])).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "nixlint: `nixlint.local.toml` is tracked by git, so it may come from anybody\nhint: git rm --cached nixlint.local.toml, and name it in .gitignore\n",
    });
    const copied = makeDirectory({ ...files, "nixlint.local.toml": local });
    expect(await run(copied, [])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("only in a git repository"),
    });
  });

  test("holds inputs and nothing else", async () => {
    const directory = makeRepository(files, { "nixlint.local.toml": 'profile = "strict"\n' });
    expect((await run(directory, [])).stderr).toBe(
      'nixlint: nixlint.local.toml:1:1: unknown key `profile`\n 1 | profile = "strict"\n   | ^^^^^^^\nhint: known keys: inputs\n',
    );
  });

  test("a directory that is not there", async () => {
    const directory = makeRepository(files, { "nixlint.local.toml": '[inputs]\nprivate = "/nowhere"\n' });
    expect((await run(directory, [])).stderr).toContain(
      "nixlint.local.toml:2:11: the input `private`: the directory `/nowhere` does not exist\n",
    );
  });
});

describe("config show", () => {
  test("prints what counts, as a configuration that comes to the same", async () => {
    const config = `[rules.retention-gap]
severity = "info"
daily = 3
[schedule]
backup = "90min"
gap = "90s"
[services.pad]
state = ["/srv/pad"]
[[override]]
hosts = ["n*"]
rules.retention-gap.weekly = 1
rules.missing-import.severity = "info"
[[waive]]
rule = "missing-import"
subject = "x"
reason = "y"
until = 2027-01-31
`;
    const directory = makeDirectory({ ...bad, "nixlint.toml": config });
    const { code, stdout } = await run(directory, ["config", "show"]);
    expect(code).toBe(0);
    expect(stdout).toContain('\nbackup = "1h 30min"\n');
    expect(stdout).toContain(
      '\nretention-gap = { severity = "info", daily = 3, weekly = 4, monthly = 12, yearly = 2 }\n',
    );
    expect(stdout).toContain('\nforeign-transport = { severity = "off" }\n');
    writeFileSync(join(directory, "shown.toml"), stdout);
    expect((await run(directory, ["config", "show", "--config", "shown.toml"])).stdout).toBe(stdout);
    const json = JSON.parse((await run(directory, ["config", "show", "--json"])).stdout);
    expect(json).toEqual(parse(stdout));
    expect(json.override).toEqual([
      { hosts: ["n*"], rules: { "retention-gap": { weekly: 1 }, "missing-import": { severity: "info" } } },
    ]);
  });

  test("without a file, and with another profile", async () => {
    const directory = makeDirectory(bad);
    const { stdout } = await run(directory, ["config", "show", "--profile", "strict"]);
    expect(stdout).toMatch(/^# There is no nixlint\.toml: these are the defaults\.\n\nprofile = "strict"\n/);
    expect(stdout).toContain('\nforeign-transport = { severity = "warning", allow = [ "sftp", "ssh" ] }\n');
  });
});

describe("config schema", () => {
  test("is the one in schema/", async () => {
    const { code, stdout } = await run("/", ["config", "schema"]);
    expect(code).toBe(0);
    const file = new URL("../../schema/config.schema.json", import.meta.url);
    if (process.env.UPDATE_EXPECTED === "1") writeFileSync(file, stdout);
    expect(readFileSync(file, "utf8")).toBe(stdout);
  });

  test("takes what nixlint takes and refuses what it refuses", async () => {
    const schema = JSON.parse((await run("/", ["config", "schema"])).stdout);
    const validate = new Ajv2020({ strict: true, formats: { date: true } }).compile(schema);
    const takes = (text: string) => validate(JSON.parse(JSON.stringify(parse(text))));
    const whole = `profile = "strict"
roles = ["a"]
rules.retention-gap.daily = 3
services.x = { state = ["/a"], user = "u", group = "g", option = "my.x", units = ["x"] }
inputs.a = "b"
schedule.gap = "1h"
override = [ { hosts = ["a"], rules.missing-import.severity = "off" } ]
waive = [ { rule = "a", subject = "b", reason = "c", host = "d", until = 2027-01-01 } ]
`;
    expect(takes(whole)).toBe(true);
    expect((await run("/", ["config", "schema"])).stdout).toContain('"default": 7');
    for (const text of ['profile = "x"', "rules.x.severity = 'off'", "rules.retention-gap.daly = 3", "waive = [{}]"]) {
      expect(takes(text)).toBe(false);
    }
  });
});

test("the git repository is what inputs stay in, not the flake's directory", async () => {
  const withInput = flake.replace("{\n", '{\n  inputs.private.url = "git+ssh://git@example.net/private";\n');
  const files = { "machines/flake.nix": withInput, "machines/hosts/nas.nix": nothing, "private/a": "" };
  const directory = makeDirectory(files);
  execFileSync("git", ["-C", directory, "init", "-q"]);
  execFileSync("git", ["-C", directory, "add", "-A"]);
  const config = (path: string) =>
    writeFileSync(join(directory, "machines/nixlint.toml"), `[inputs]\nprivate = "${path}"\n`);
  config("../private");
  expect((await run(join(directory, "machines"), [])).code).toBe(0);
  config("../..");
  const { code, stderr } = await run(join(directory, "machines"), []);
  expect(code).toBe(2);
  expect(stderr).toContain("nixlint.toml:2:11: the input `private` lies outside of the repository: `../..`\n");
  expect(stderr).toContain("hint: on this machine alone: in nixlint.local.toml, or --override-input private=../..\n");
});
