import { describe, expect, test } from "vitest";
import { showOptions } from "../../src/fleet/clash-groups.ts";
import type { FleetHost } from "../../src/fleet/fleet.ts";
import { fleetOf, hostOf, restic, root } from "./model.ts";

const dump = (startAt: string) => `services.postgresqlBackup = { enable = true; startAt = ${startAt}; };`;
const job = (definitions: string) => restic("a", `paths = [ "/home" ]; ${definitions}`);
const at = (time: string) => `timerConfig.OnCalendar = ${time};`;

function clashes(host: FleetHost): string[] {
  return host.clashes.map(
    ({ kind, ones, others, answer }) => `${kind} ${showOptions(ones)} ${showOptions(others)} ${answer.kind}`,
  );
}

const kinds = (definitions: string) =>
  hostOf(definitions)
    .clashes.map(({ kind, answer }) => `${kind} ${answer.kind}`)
    .join(", ");

describe("a backup and a dump on one host", () => {
  test.each([
    ["at one time", dump('"03:00"') + job(at('"03:00"')), "same-machine yes"],
    ["the dump takes half an hour", dump('"02:31"') + job(at('"03:00"')), "same-machine yes"],
    ["windows that touch do not meet", dump('"02:30"') + job(at('"03:00"')), ""],
    ["the backup takes an hour", dump('"03:59"') + job(at('"03:00"')), "same-machine yes"],
    ["and no longer", dump('"04:00"') + job(at('"03:00"')), ""],
    [
      "a delay makes the window longer",
      dump('"05:00"') + job('timerConfig = { OnCalendar = "03:00"; RandomizedDelaySec = "2h"; };'),
      "same-machine yes",
    ],
    [
      "as a number of seconds",
      dump('"05:00"') + job('timerConfig = { OnCalendar = "03:00"; RandomizedDelaySec = 7200; };'),
      "same-machine yes",
    ],
    [
      "so does a coarse accuracy",
      dump('"05:00"') + job('timerConfig = { OnCalendar = "03:00"; AccuracySec = "2h"; };'),
      "same-machine yes",
    ],
    ["the default of restic is midnight", dump('"00:10"') + job(""), "same-machine yes"],
    ["one time of several", dump('[ "12:00" "03:10" ]') + job(at('[ "03:00" "15:00" ]')), "same-machine yes"],
    ["once a week", dump('"Mon 03:10"') + job(at('"Mon,Thu 03:00"')), "same-machine yes"],
    ["on different days", dump('"Tue 03:10"') + job(at('"Mon 03:00"')), ""],
    ["no calendar", dump('"03:00"') + job('timerConfig = { OnBootSec = "10m"; };'), ""],
    ["no timer", dump('"03:00"') + job("timerConfig = null;"), ""],
    ["nothing starts the dump", dump("[ ]") + job(at('"03:00"')), ""],
    [
      "in another zone",
      'time.timeZone = "Europe/Berlin";' + dump('"02:00 UTC"') + job(at('"03:00"')),
      "same-machine yes",
    ],
    ["an expression that systemd refuses starts nothing", dump('"03:00"') + job(at('"quarter past three"')), ""],
    ["not known", dump("builtins.currentTime") + job(at('"03:00"')), "same-machine undecided"],
    [
      "the zone not known",
      "time.timeZone = builtins.currentTime;" + dump('"03:00"') + job(at('"03:00"')),
      "same-machine undecided",
    ],
    [
      "an own timer of the unit",
      dump('"03:00"') +
        job("timerConfig = null;") +
        'systemd.timers.restic-backups-a.timerConfig.OnCalendar = "03:10";',
      "same-machine yes",
    ],
    [
      "reads what is being written",
      dump('"03:00"') + restic("a", `paths = [ "/var" ]; ${at('"03:00"')}`),
      "dump-being-written yes",
    ],
    [
      "a dump in its own prepare command",
      restic("a", 'paths = [ "/var" ]; backupPrepareCommand = "pg_dumpall > /var/x";'),
      "",
    ],
    [
      "a dump that its prepare command starts",
      dump('"03:00"') + job(`${at('"03:00"')} backupPrepareCommand = "systemctl start postgresqlBackup";`),
      "",
    ],
    [
      "a dump that somebody wrote",
      'systemd.services.d = { startAt = "03:00"; script = "pg_dumpall > /x"; };' + job(at('"03:00"')),
      "same-machine yes",
    ],
    [
      "a borg job",
      dump('"03:00"') + 'services.borgbackup.jobs.b = { repo = "x"; paths = [ "/home" ]; startAt = "03:00"; };',
      "same-machine yes",
    ],
  ])("%s", (_, definitions, expected) => {
    expect(kinds(definitions)).toBe(expected);
  });

  test.each([
    ["after", 'systemd.services.restic-backups-a.after = [ "postgresqlBackup.service" ];', ""],
    ["before", 'systemd.services.postgresqlBackup.before = [ "restic-backups-a.service" ];', ""],
    ["After in the unit", 'systemd.services.restic-backups-a.unitConfig.After = "postgresqlBackup.service";', ""],
    ["onSuccess", 'systemd.services.postgresqlBackup.onSuccess = [ "restic-backups-a.service" ];', ""],
    [
      "requires alone starts both at once",
      'systemd.services.restic-backups-a.requires = [ "postgresqlBackup.service" ];',
      "same-machine yes",
    ],
    ["after something else", 'systemd.services.restic-backups-a.after = [ "network.target" ];', "same-machine yes"],
  ])("ordered by %s", (_, definitions, expected) => {
    expect(kinds(dump('"03:00"') + job(at('"03:00"')) + definitions)).toBe(expected);
  });

  test("the nights of summer time count", () => {
    const zone = 'time.timeZone = "Europe/Berlin";';
    // On the last Sunday of March 02:30 UTC is 04:30, on the other days of winter 03:30.
    expect(kinds(zone + dump('"Sun *-3-* 02:30 UTC"') + job(at('"Sun *-3-* 04:30"')))).toBe("same-machine yes");
    expect(kinds(zone + dump('"Sun *-2-* 02:30 UTC"') + job(at('"Sun *-2-* 04:30"')))).toBe("");
  });
});

describe("the system", () => {
  const upgrade = (definitions: string) => `system.autoUpgrade = { enable = true; ${definitions} };`;
  test.each([
    ["an upgrade that reboots", upgrade('allowReboot = true; dates = "03:10";'), "reboot yes"],
    ["with a delay", upgrade('allowReboot = true; dates = "02:00"; randomizedDelaySec = "45min";'), "reboot yes"],
    ["one that does not reboot", upgrade('dates = "03:10";'), ""],
    [
      "one that reboots at other hours",
      upgrade('allowReboot = true; dates = "03:10"; rebootWindow = { lower = "05:00"; upper = "06:00"; };'),
      "",
    ],
    ["by default at another hour", upgrade("allowReboot = true;"), ""],
    ["a garbage collection", "nix.gc.automatic = true;", "gc yes"],
    ["at another hour", 'nix.gc = { automatic = true; dates = "12:00"; };', ""],
  ])("%s", (_, definitions, expected) => {
    expect(kinds(job(at('"03:00"')) + definitions)).toBe(expected);
  });
});

describe("one repository", () => {
  const shared = (name: string, definitions = "") =>
    `services.restic.backups.${name} = { repository = "sftp:nas:all"; passwordFile = "/p"; paths = [ "/${name}" ]; ${definitions} };`;
  const prune = 'pruneOpts = [ "--keep-daily 7" ];';
  test("jobs that nobody prunes do not clash", () => expect(kinds(shared("a") + shared("b"))).toBe(""));
  test("all of its jobs are one clash", () => {
    expect(clashes(hostOf(shared("a", prune) + shared("b", prune) + shared("c", prune)))).toEqual([
      "repository `services.restic.backups.a` `services.restic.backups.b` and `services.restic.backups.c` yes",
    ]);
  });
  test("by other spellings", () => {
    const ssh = 'programs.ssh.extraConfig = "Host nas\\n  HostName nas.example.org\\n  User backup\\n";';
    const other = restic(
      "b",
      `repository = "sftp://backup@nas.example.org:22/all/"; paths = [ "/b" ]; ${prune}`,
    ).replace('repository = "sftp:nas:b"; ', "");
    expect(kinds(ssh + shared("a") + other)).toBe("repository yes");
  });
  test("across hosts, once", () => {
    const module = `{ ${shared("a", prune)} }`;
    const fleet = fleetOf({ one: module, two: module, three: module });
    expect(fleet.hosts.map((host) => host.clashes.length)).toEqual([1, 0, 0]);
  });
  test("a machine that is two hosts does not clash with itself", () => {
    const module = `{ ${shared("a", prune)} networking.hostName = "web"; }`;
    const fleet = fleetOf({ web: module, "web.example.org": module, "web-iso": module });
    expect(fleet.hosts.flatMap((host) => host.clashes)).toEqual([]);
  });
  test("a local path is another one on another host", () => {
    const module = `{ services.restic.backups.a = { repository = "/backup"; passwordFile = "/p"; paths = [ "/a" ]; ${prune} }; }`;
    expect(fleetOf({ one: module, two: module }).hosts.flatMap((host) => host.clashes)).toEqual([]);
  });
});

describe("one machine that two hosts write to", () => {
  const db = `{ fileSystems."/dumps" = { device = "nas.example.org:/tank"; fsType = "nfs"; }; services.postgresqlBackup = { enable = true; location = "/dumps"; startAt = "02:15"; }; }`;
  const home = (time: string) =>
    `{ services.restic.backups.hass = { repository = "sftp:restic@nas:hass"; passwordFile = "/p"; paths = [ "/x" ]; timerConfig.OnCalendar = "${time}"; }; }`;
  test("the document's schedule keeps them apart", () => {
    expect(fleetOf({ db, home: home("03:00") }).hosts.flatMap(clashes)).toEqual([]);
  });
  test("half an hour earlier they meet", () => {
    expect(fleetOf({ db, home: home("02:30") }).hosts.flatMap(clashes)).toEqual([
      "same-machine `services.restic.backups.hass` `services.postgresqlBackup` yes",
    ]);
  });
  test("budgets and gaps come from the configuration", () => {
    const budgets = { backup: 60, dump: 50, upgrade: 30, gc: 30 };
    expect(fleetOf({ db, home: home("03:00") }, { settings: { budgets } }).hosts.flatMap(clashes)).toHaveLength(1);
    expect(fleetOf({ db, home: home("03:00") }, { settings: { gap: 30 } }).hosts.flatMap(clashes)).toHaveLength(1);
  });
});

describe("the place of a clash", () => {
  const module = `{ config, lib, ... }: {
    options.my.jobs = lib.mkOption { default = { }; };
    config.services.postgresqlBackup = { enable = true; startAt = "03:00"; };
    config.services.restic.backups = lib.mapAttrs (name: job: {
      repository = "sftp:nas:\${name}"; passwordFile = "/p"; paths = [ "/x" ]; timerConfig.OnCalendar = "03:00";
    }) config.my.jobs;
  }`;
  const places = (definitions: string) => {
    const host = hostOf(`imports = [ ../modules/jobs.nix ]; ${definitions}`, { files: { "modules/jobs.nix": module } });
    return host.clashes.map(({ at, ones }) => [at?.file, ones[0]?.writtenAt?.file]);
  };
  test("is the job, when a module gives it its time", () => {
    expect(places("my.jobs.a = { };")).toEqual([[`${root}/hosts/web.nix`, `${root}/modules/jobs.nix`]]);
  });
  test("is the time, when several of its jobs clash", () => {
    expect(places("my.jobs = { a = { }; b = { }; };")).toEqual([
      [`${root}/modules/jobs.nix`, `${root}/modules/jobs.nix`],
    ]);
  });
});

describe("a dump that the backup reads", () => {
  const reading = (config: string) => restic("a", `paths = [ "/var/backup" ]; timerConfig = { ${config} };`);
  test.each([
    ["written when it starts", 'OnCalendar = "03:15";', "dump-being-written yes"],
    ["begun while it may still run", 'OnCalendar = "02:30";', "dump-during-backup yes"],
    ["in reach of its delay", 'OnCalendar = "01:00"; RandomizedDelaySec = "3h";', "dump-being-written yes"],
    [
      "in reach of a delay that is drawn once",
      'OnCalendar = "01:00"; RandomizedDelaySec = "3h"; FixedRandomDelay = true;',
      "dump-being-written undecided",
    ],
    [
      "at its own time, whatever is drawn",
      'OnCalendar = "03:15"; RandomizedDelaySec = "3h"; FixedRandomDelay = true;',
      "dump-being-written yes",
    ],
  ])("%s", (_, config, expected) => {
    expect(kinds(dump('"03:00"') + reading(config))).toBe(expected);
  });
});
