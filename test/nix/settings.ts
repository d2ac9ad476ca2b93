// What settings of the module do, beyond the defaults that the golden files hold: each asked of real Nix by
// `npm run test:nixpkgs` and of nixlint's own evaluation by settings.test.ts.
import type { HostName } from "./real-nix.ts";

export interface Setting {
  readonly name: string;
  readonly host: HostName;
  /** Nix source of one more module of that host; `FLAKE` is the flake's directory. */
  readonly module: string;
  /** A path in what values.nix gives, and below `config` of the host. */
  readonly path: readonly string[];
  readonly expected: unknown;
}

const backup = ["services", "restic", "backups", "hass"];
const secrets = ["sops", "secrets"];

/** The role of the design document, word for word but for the path of the vault. */
const documentRole = `{ config, lib, ... }: {
  sops.secrets."restic-hass_password" = {
    sopsFile = FLAKE + "/secrets/restic.yaml";
    owner = "hass";
    group = "hass";
  };
  sops.secrets."restic-ssh_private_key" = {
    sopsFile = FLAKE + "/secrets/restic.yaml";
    owner = "hass";
    group = "hass";
  };
  mares.backup.restic.jobs.hass = lib.mkForce {
    repoPath = "hass";
    passwordFile = config.sops.secrets."restic-hass_password".path;
    sshKeyFile = config.sops.secrets."restic-ssh_private_key".path;
    paths = [ "/var/lib/hass/.storage" ];
    user = "hass";
    group = "hass";
  };
}`;

export const settings: readonly Setting[] = [
  {
    name: "the design document's role, with its one key: the secret keeps its owner",
    host: "ha-01",
    module: documentRole,
    path: [...secrets, "restic-ssh_private_key", "owner"],
    expected: "hass",
  },
  {
    name: "a job that moves its time keeps Persistent",
    host: "ha-01",
    module: '{ mares.backup.restic.jobs.hass.timerConfig.OnCalendar = "04:30"; }',
    path: [...backup, "timerConfig"],
    expected: { OnCalendar: "04:30", Persistent: true },
  },
  {
    name: "further keys of a timer",
    host: "ha-01",
    module: '{ mares.backup.restic.jobs.hass.timerConfig.RandomizedDelaySec = "15min"; }',
    path: [...backup, "timerConfig"],
    expected: { OnCalendar: "*-*-* 03:00:00", Persistent: true, RandomizedDelaySec: "15min" },
  },
  {
    name: "basePath comes before every repository, with one slash",
    host: "ha-01",
    module: '{ mares.backup.restic.defaults.basePath = "backups/"; }',
    path: [...backup, "repository"],
    expected: "sftp:truenas-backup:backups/hass",
  },
  {
    name: "another alias is the alias everywhere",
    host: "ha-01",
    module: '{ mares.backup.restic.defaults.sshAlias = "nas"; }',
    path: [...backup, "repository"],
    expected: "sftp:nas:hass",
  },
  {
    name: "another port, user and host of the NAS",
    host: "ha-01",
    module: `{
      mares.backup.restic.defaults = { sftpPort = 2222; sftpUser = "backup"; sftpHost = "192.168.1.2"; };
    }`,
    path: ["programs", "ssh", "extraConfig"],
    expected: `Host truenas-backup
  HostName 192.168.1.2
  Port 2222
  User backup
  IdentitiesOnly yes
  BatchMode yes
  StrictHostKeyChecking yes
  ServerAliveInterval 30
  ServerAliveCountMax 10
Match originalhost truenas-backup localuser hass,root
  IdentityFile /run/secrets/restic-hass_ssh_private_key
`,
  },
  {
    name: "everything optional reaches restic",
    host: "ha-01",
    module: `{
      mares.backup.restic.jobs.hass = {
        exclude = [ "*.tmp" ];
        extraBackupArgs = [ "--exclude-caches" ];
        backupPrepareCommand = "true";
        backupCleanupCommand = "false";
      };
    }`,
    path: [...backup, "backupCleanupCommand"],
    expected: "false",
  },
  {
    name: "an owner that somebody writes down wins",
    host: "ha-01",
    module: '{ sops.secrets."restic-hass_password".owner = "root"; }',
    path: [...secrets, "restic-hass_password", "owner"],
    expected: "root",
  },
  {
    name: "a secret that no job reads is left alone",
    host: "ha-01",
    module: '{ sops.secrets.other.sopsFile = FLAKE + "/secrets/restic.yaml"; }',
    path: [...secrets, "other", "owner"],
    expected: null,
  },
  {
    name: "dumps of some databases: the backup waits for each of them",
    host: "db-01",
    module: '{ mares.backup.postgresql.databases = [ "a" "b" ]; }',
    path: ["systemd", "services", "restic-backups-postgres", "after"],
    expected: ["postgresqlBackup-a.service", "postgresqlBackup-b.service"],
  },
];
