import { describe, expect, test } from "vitest";
import { hostOf, restic, uncovered } from "./model.ts";

const grafana = "services.grafana.enable = true;";
const job = (definitions: string) => restic("all", definitions);

function answer(definitions: string, service = "grafana"): string {
  return uncovered(hostOf(definitions), service).join(" ");
}

describe("a job's paths", () => {
  test.each([
    ["itself", '[ "/var/lib/grafana" ]', "no"],
    ["with slashes to spare", '[ "/var//lib/./grafana/" ]', "no"],
    ["above", '[ "/var" ]', "no"],
    ["everything", '[ "/" ]', "no"],
    ["a chosen part", '[ "/var/lib/grafana/data" ]', "no"],
    ["a name that only starts alike", '[ "/var/lib/graf" ]', "yes"],
    ["elsewhere", '[ "/home" ]', "yes"],
    ["none", "[ ]", "yes"],
    ["null", "null", "yes"],
    ["unknown", "builtins.currentTime", "undecided"],
    ["an option whose default only nixpkgs knows", "config.services.frob.paths", "undecided"],
    ["one of them unknown", '[ builtins.currentTime "/var/lib/grafana" ]', "no"],
    ["open, and elsewhere", '[ "/home" ] ++ builtins.currentTime', "undecided"],
    ["on a condition that is not known", 'lib.optional builtins.currentTime "/var/lib/grafana"', "undecided"],
    ["with a hole after a prefix that fits", '[ "/var/lib/${builtins.currentTime}" ]', "undecided"],
    ["with a hole after a prefix that does not", '[ "/home/${builtins.currentTime}" ]', "yes"],
  ])("%s", (_, paths, expected) => {
    expect(answer(`${grafana} ${job(`paths = ${paths};`)}`)).toBe(expected);
  });

  test("what only the run knows", () => {
    expect(answer(`${grafana} ${job('dynamicFilesFrom = "cat list";')}`)).toBe("undecided");
    expect(answer(`${grafana} ${job('command = [ "backup" ];')}`)).toBe("undecided");
  });

  test("one job that covers decides it, whatever is unknown about another", () => {
    const unknown = restic("other", "paths = builtins.currentTime;");
    expect(answer(`${grafana} ${unknown} ${job('paths = [ "/var/lib" ];')}`)).toBe("no");
  });

  test("a job on a condition that is not known", () => {
    const conditional = `services.restic.backups = lib.mkIf builtins.currentTime { all.paths = [ "/var/lib" ]; };`;
    expect(answer(`${grafana} ${conditional}`)).toBe("undecided");
  });

  test("one file system only", () => {
    const mount = 'fileSystems."/var/lib/grafana" = { device = "/dev/sdb"; fsType = "ext4"; };';
    const root = 'fileSystems."/" = { device = "/dev/sda"; fsType = "ext4"; };';
    const oneFileSystem = job('paths = [ "/" ]; extraBackupArgs = [ "--one-file-system" ];');
    expect(answer(`${grafana} ${root} ${oneFileSystem}`)).toBe("no");
    expect(answer(`${grafana} ${root} ${mount} ${oneFileSystem}`)).toBe("yes");
  });
});

describe("exclude", () => {
  test.each([
    ["the path", '[ "/var/lib/grafana" ]', "yes"],
    ["above it", '[ "/var/lib" ]', "yes"],
    ["by name", '[ "grafana" ]', "yes"],
    ["by pattern", '[ "/var/lib/g*" ]', "yes"],
    ["at any depth", '[ "**/grafana" ]', "yes"],
    ["below it", '[ "/var/lib/grafana/png" ]', "no"],
    ["something else", '[ "*.tmp" ".cache" "/var/lib/docker" ]', "no"],
    ["unknown", "[ builtins.currentTime ]", "undecided"],
    ["with a hole elsewhere", '[ "/home/${builtins.currentTime}" ]', "no"],
  ])("%s", (_, exclude, expected) => {
    expect(answer(`${grafana} ${job(`paths = [ "/var" ]; exclude = ${exclude};`)}`)).toBe(expected);
  });

  test("a chosen part may be excluded as well", () => {
    const part = (exclude: string) => job(`paths = [ "/var/lib/grafana/data" ]; exclude = [ "${exclude}" ];`);
    expect(answer(`${grafana} ${part("/var/lib/grafana")}`)).toBe("yes");
    expect(answer(`${grafana} ${part("*.log")}`)).toBe("no");
  });

  test("a file of patterns that the flake writes is read, another is not", () => {
    const written = 'extraBackupArgs = [ "--exclude-file=${pkgs.writeText "x" "/var/lib/grafana\\n"}" ];';
    expect(answer(`${grafana} ${job(`paths = [ "/var" ]; ${written}`)}`)).toBe("yes");
    const other = 'extraBackupArgs = [ "--exclude-file=/etc/exclude" ];';
    expect(answer(`${grafana} ${job(`paths = [ "/var" ]; ${other}`)}`)).toBe("undecided");
  });

  test("/var/lib/private uncovers the state of DynamicUser services, and of no others", () => {
    const excluded = job('paths = [ "/var/lib" ]; exclude = [ "/var/lib/private" ];');
    expect(answer(`services.uptime-kuma.enable = true; ${excluded}`, "uptime-kuma")).toBe("yes");
    expect(answer(`${grafana} ${excluded}`)).toBe("no");
    expect(answer(`services.uptime-kuma.enable = true; ${job('paths = [ "/var/lib/private" ];')}`, "uptime-kuma")).toBe(
      "no",
    );
  });
});

describe("other names of a place", () => {
  test.each([
    ["a bind mount", 'fileSystems."/var/lib/grafana" = { device = "/tank/grafana"; options = [ "bind" ]; };', "/tank"],
    ["impermanence", 'environment.persistence."/persist".directories = [ "/var/lib/grafana" ];', "/persist"],
    [
      "impermanence, as a set",
      'environment.persistence."/persist".directories = [ { directory = "/var/lib/grafana"; mode = "0700"; } ];',
      "/persist/var/lib",
    ],
    [
      "impermanence, elsewhere",
      'environment.persistence.state = { persistentStoragePath = "/keep"; directories = [ "/var/lib" ]; };',
      "/keep",
    ],
    [
      "preservation",
      'preservation.preserveAt."/persist".directories = [ { directory = "/var/lib/grafana"; } ];',
      "/persist",
    ],
    ["a symlink", 'systemd.tmpfiles.rules = [ "L+ /var/lib/grafana - - - - /tank/grafana" ];', "/tank/grafana"],
    ["a snapshot of ZFS", "", "/var/.zfs/snapshot/nightly/lib"],
  ])("%s", (_, definitions, path) => {
    expect(answer(`${grafana} ${definitions} ${job(`paths = [ "${path}" ];`)}`)).toBe("no");
    expect(answer(`${grafana} ${job('paths = [ "/elsewhere" ];')} ${definitions}`)).toBe("yes");
  });

  test("a name that cannot be read makes it undecided", () => {
    const persisted = 'environment.persistence."/persist".directories = builtins.currentTime;';
    expect(answer(`${grafana} ${persisted} ${job('paths = [ "/persist" ];')}`)).toBe("undecided");
  });

  test("a user's directories are below their home", () => {
    const persisted = 'environment.persistence."/persist".users.ann.directories = [ "photos" ];';
    const settings = { services: { photos: { state: ["/home/ann/photos"] } } };
    const unit = 'systemd.services.photos.script = "exec photos";';
    const host = hostOf(`${persisted} ${unit} ${job('paths = [ "/persist/home" ];')}`, { settings });
    expect(uncovered(host, "photos")).toEqual(["no"]);
  });

  test("below a directory on which a script mounts a snapshot", () => {
    const mounted = (script: string) =>
      job(`paths = [ "/mnt/nightly/var/lib/grafana" ]; backupPrepareCommand = "${script}";`);
    expect(answer(`${grafana} ${mounted("mount -t zfs tank/root@nightly /mnt/nightly")}`)).toBe("no");
    expect(answer(`${grafana} ${mounted("true")}`)).toBe("undecided");
    const snapshot = mounted("btrfs subvolume snapshot -r / /mnt/nightly");
    expect(answer(`${grafana} ${snapshot}`)).toBe("no");
    expect(
      answer(`${grafana} ${snapshot} fileSystems."/" = { device = "a"; }; fileSystems."/var" = { device = "b"; };`),
    ).toBe("yes");
    expect(answer(`${grafana} ${mounted("btrfs subvolume snapshot /srv /mnt/nightly")}`)).toBe("yes");
    const unit = 'systemd.services.nightly.script = "mount -t zfs tank/root@nightly /mnt/nightly";';
    expect(answer(`${grafana} ${unit} ${mounted("true")}`)).toBe("no");
  });
});

describe("dumps", () => {
  const server = "services.postgresql.enable = true;";
  const saved = job('paths = [ "/var/backup" ];');
  test.each([
    ["every database, saved", `services.postgresqlBackup.enable = true; ${saved}`, "no"],
    ["some databases, saved", `services.postgresqlBackup = { enable = true; databases = [ "a" ]; }; ${saved}`, "no"],
    ["not saved", "services.postgresqlBackup.enable = true;", "yes"],
    ["not enabled", `services.postgresqlBackup.databases = [ "a" ]; ${saved}`, "yes"],
    [
      "on another machine",
      'services.postgresqlBackup.enable = true; fileSystems."/var/backup" = { device = "nas:/tank"; fsType = "nfs"; };',
      "no",
    ],
    [
      "on another file system of the host",
      'services.postgresqlBackup.enable = true; fileSystems."/var/backup" = { device = "/dev/sdb"; fsType = "ext4"; };',
      "undecided",
    ],
    [
      "by a unit, to what its environment says",
      `systemd.services.dump = { script = "pg_dumpall > $TARGET/all"; environment.TARGET = "/var/backup"; }; ${saved}`,
      "no",
    ],
    [
      "by a unit, to what its environment says, which nobody saves",
      'systemd.services.dump = { script = "pg_dumpall > $TARGET/all"; environment.TARGET = "/srv"; };',
      "yes",
    ],
    ["of another engine", `services.mysqlBackup = { enable = true; databases = [ "a" ]; }; ${saved}`, "yes"],
    ["by a unit", `systemd.services.dump.script = "pg_dumpall | gzip > /var/backup/all.sql.gz"; ${saved}`, "no"],
    ["by a unit, somewhere", `systemd.services.dump.script = "pg_dumpall > $TARGET"; ${saved}`, "undecided"],
    [
      "by a written script",
      `systemd.services.dump.serviceConfig.ExecStart = pkgs.writeShellScript "dump" "pg_dumpall > /var/backup/all"; ${saved}`,
      "no",
    ],
    [
      "before the backup",
      job('paths = [ "/var/backup" ]; backupPrepareCommand = "pg_dumpall > /var/backup/all.sql";'),
      "no",
    ],
    ["straight into the backup", 'systemd.services.dump.script = "pg_dumpall | restic backup --stdin";', "no"],
    ["the live files", job('paths = [ "/var/lib/postgresql" ];'), "no"],
  ])("%s", (_, definitions, expected) => {
    expect(answer(`${server} ${definitions}`, "postgresql")).toBe(expected);
  });

  test("an empty list of mysqlBackup dumps nothing", () => {
    const mysql = (databases: string) =>
      `services.mysql.enable = true; ${saved} services.mysqlBackup = { enable = true; databases = [ ${databases} ]; };`;
    expect(answer(mysql(""), "mysql")).toBe("yes");
    expect(answer(mysql('"a"'), "mysql")).toBe("no");
  });

  test("a service that keeps everything in a database is one with its server when nothing saves that", () => {
    const both = `${server} services.miniflux.enable = true;`;
    expect(answer(both, "miniflux")).toBe("no");
    expect(answer("services.miniflux.enable = true;", "miniflux")).toBe("yes");
    const other = `services.postgresqlBackup = { enable = true; databases = [ "other" ]; }; ${saved}`;
    expect(answer(`${both} ${other}`, "miniflux")).toBe("yes");
    expect(answer(`${both} services.postgresqlBackup.enable = true; ${saved}`, "miniflux")).toBe("no");
  });

  test("a service's own export stands for its state", () => {
    const paperless =
      'services.paperless = { enable = true; exporter = { enable = true; directory = "/srv/export"; }; };';
    expect(answer(`${paperless} ${job('paths = [ "/srv/export" ];')}`, "paperless")).toBe("no");
    const vaultwarden =
      'services.vaultwarden = { enable = true; backupDir = "/srv/vault"; }; system.stateVersion = "25.11";';
    expect(answer(`${vaultwarden} ${job('paths = [ "/srv" ];')}`, "vaultwarden")).toBe("no");
    expect(answer(vaultwarden, "vaultwarden")).toBe("yes");
  });

  test("a copy of an SQLite file", () => {
    const copy = `systemd.services.copy.script = "sqlite3 /var/lib/grafana/grafana.db \\".backup '/srv/copy/grafana.db'\\"";`;
    expect(answer(`${grafana} ${copy} ${job('paths = [ "/srv/copy" ];')}`)).toBe("no");
    expect(answer(`${grafana} ${copy}`)).toBe("yes");
  });
});

describe("a job of borg", () => {
  const prunes = (definitions: string) => hostOf(definitions).jobs[0]?.prunes.kind;
  const job = (more: string) => `services.borgbackup.jobs.a = { repo = "x"; paths = [ "/home" ]; ${more} };`;
  test.each([
    ["keeps all", job(""), "no"],
    ["keeps some", job("prune.keep.daily = 7;"), "yes"],
    ["keeps what is not known", job("prune.keep = import /etc/keep.nix;"), "undecided"],
    ["is not known at all", "services.borgbackup.jobs.a = import /etc/job.nix;", "undecided"],
    [
      "has options of the flake's own besides",
      `imports = [ {
        options.services.borgbackup.jobs = lib.mkOption {
          type = lib.types.attrsOf (lib.types.submodule { options.snapshot = lib.mkEnableOption ""; config.preHook = lib.mkBefore "snapshot"; });
        };
      } ]; ${job('prune.keep.daily = 7; snapshot = true; preHook = "wait";')}`,
      "yes",
    ],
  ])("%s", (_, definitions, expected) => {
    expect(prunes(definitions)).toBe(expected);
  });
});

describe("other mechanisms", () => {
  test.each([
    ["borg", 'services.borgbackup.jobs.a = { repo = "x"; paths = "/var/lib"; };', "no"],
    [
      "borg by a pattern",
      'services.borgbackup.jobs.a = { repo = "x"; paths = [ ]; patterns = [ "R /var/lib" "- /var/lib/x" ]; };',
      "no",
    ],
    [
      "borg by a file of patterns",
      'services.borgbackup.jobs.a = { repo = "x"; paths = [ ]; extraCreateArgs = "--patterns-from /run/secrets/roots"; };',
      "undecided",
    ],
    ["borg without any path", 'services.borgbackup.jobs.a = { repo = "x"; paths = [ ]; };', "yes"],
    ["borgmatic", 'services.borgmatic = { enable = true; settings.source_directories = [ "/var/lib" ]; };', "no"],
    [
      "btrbk",
      'services.btrbk.instances.a.settings.volume."/" = { target = "ssh://nas/x"; subvolume."var/lib" = { }; }; fileSystems."/" = { device = "x"; };',
      "no",
    ],
    ["btrbk without a target", 'services.btrbk.instances.a.settings.volume."/".subvolume."var/lib" = { };', "yes"],
    [
      "syncoid",
      'services.syncoid = { enable = true; commands."tank/var".target = "nas:x"; }; fileSystems."/var" = { device = "tank/var"; fsType = "zfs"; };',
      "no",
    ],
    [
      "znapzend",
      'services.znapzend = { enable = true; zetup."tank/var".destinations.nas.dataset = "x"; }; fileSystems."/var" = { device = "tank/var"; fsType = "zfs"; };',
      "no",
    ],
    [
      "znapzend of a data set without those below it",
      'services.znapzend = { enable = true; zetup."tank".destinations.nas.dataset = "x"; }; fileSystems."/srv" = { device = "tank"; fsType = "zfs"; }; fileSystems."/var" = { device = "tank/var"; fsType = "zfs"; };',
      "yes",
    ],
    [
      "the replication of a pool",
      'services.zfs.autoReplication = { enable = true; localFilesystem = "tank"; }; fileSystems."/var" = { device = "tank/var"; fsType = "zfs"; };',
      "no",
    ],
    [
      "zrepl",
      'services.zrepl = { enable = true; settings.jobs = [ { type = "push"; filesystems."tank<" = true; } ]; }; fileSystems."/var" = { device = "tank/var"; fsType = "zfs"; };',
      "no",
    ],
    [
      "a unit called a backup of which a part is not known",
      'systemd.services.backup-all.script = "${builtins.currentTime} /x";',
      "undecided",
    ],
    ["duplicati, which is not read", "services.duplicati.enable = true;", "undecided"],
    ["a unit that runs restic", 'systemd.services.a.script = "restic -r x backup /var/lib";', "no"],
    ["a unit that runs restic on something else", 'systemd.services.a.script = "restic -r x backup /home";', "yes"],
    ["a unit that runs restic on a variable", 'systemd.services.a.script = "restic -r x backup $PATHS";', "undecided"],
    [
      "a unit that runs a wrapper named after its program",
      'systemd.services.a.script = "rustic-nas backup /var/lib --host web";',
      "no",
    ],
    [
      "a unit that runs borg",
      'systemd.services.a.serviceConfig.ExecStart = "${pkgs.borgbackup}/bin/borg create x::a /var/lib";',
      "no",
    ],
    ["a unit that only lists snapshots", 'systemd.services.a.script = "restic snapshots";', "yes"],
  ])("%s", (_, definitions, expected) => {
    expect(answer(`${grafana} ${definitions}`)).toBe(expected);
  });

  test("state on another machine's disks is undecided", () => {
    const mount = 'fileSystems."/var/lib/grafana" = { device = "//nas/share"; fsType = "cifs"; };';
    expect(answer(`${grafana} ${mount}`)).toBe("undecided");
  });
});

describe("settings that the catalogue does not know", () => {
  const homebox = 'services.homebox = { enable = true; settings.HBOX_STORAGE_CONN_STRING = "file:///data/homebox"; };';
  test("may have moved the state to what a job covers", () => {
    expect(answer(`${homebox} ${job('paths = [ "/data" ];')}`, "homebox")).toBe("undecided");
    expect(answer(`${homebox} ${job('paths = [ "/home" ];')}`, "homebox")).toBe("yes");
  });
});

describe("modules that are not read", () => {
  const unread = "imports = [ inputs.private.nixosModules.all ];";
  test("claims about backups stand", () => expect(answer(`${unread} ${grafana}`)).toBe("yes"));
  test("unless the flake sets an option about backups that nobody declares", () => {
    expect(answer(`${unread} ${grafana} my.backup.paths = [ "/x" ];`)).toBe("undecided");
  });
  test("or one that names the state", () => {
    expect(answer(`${unread} ${grafana} my.stuff = [ "/var/lib/grafana" ];`)).toBe("undecided");
    expect(answer(`${unread} ${grafana} my.stuff = [ "/var/lib/other" ];`)).toBe("yes");
  });
});

describe("state that may be saved by other ways", () => {
  const hass = (definitions: string) => `services.home-assistant = { enable = true; ${definitions} };`;
  const homebox = (path: string) =>
    `services.homebox = { enable = true; settings.HBOX_STORAGE_CONN_STRING = "file://${path}"; };`;
  const music = 'services.navidrome = { enable = true; settings.MusicFolder = "/srv/music"; };';
  test.each([
    ["backups that the service uploads itself", hass('extraComponents = [ "mqtt" "backblaze_b2" ];'), "undecided"],
    ["components that upload nothing", hass('extraComponents = [ "mqtt" ];'), "yes"],
    ["a setting that names what a job saves", homebox("/srv/homebox") + job('paths = [ "/srv" ];'), "undecided"],
    ["a setting that names what nobody saves", homebox("/srv/homebox") + job('paths = [ "/home" ];'), "yes"],
    [
      "a setting that names a mount of another machine",
      `${homebox("/mnt/homebox")} fileSystems."/mnt" = { device = "nas:/tank"; fsType = "nfs"; };`,
      "undecided",
    ],
    ["another setting of state that an option moves", music + job('paths = [ "/srv" ];'), "yes"],
  ])("%s", (_, definitions, expected) => {
    const [name = ""] = /(?<=services\.)[\w-]+/.exec(definitions) ?? [];
    expect(answer(definitions, name)).toBe(expected);
  });
});
