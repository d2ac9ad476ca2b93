# The options of `mares.backup.restic`: where the NAS is, and one job per service.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  inherit (config.mares.backup.restic) defaults;

  # A path literal (./secret) is copied into the world-readable store as soon
  # as it becomes a string; this type takes neither the literal nor the copy.
  secretPath =
    types.addCheck (types.strMatching "/.+") (path: !lib.hasPrefix "${builtins.storeDir}/" path)
    // {
      description = "absolute path, as a string, of a file outside the Nix store";
    };

  absolutePath = types.strMatching "/.*" // {
    description = "absolute path, as a string";
  };

  repositoryOf =
    job:
    let
      directory = lib.optionalString (defaults.basePath != "") "${lib.removeSuffix "/" defaults.basePath}/";
    in
    "sftp:${defaults.sshAlias}:${directory}${job.repoPath}";

  timerType = types.submodule {
    freeformType =
      let
        atom = types.oneOf [
          types.bool
          types.int
          types.str
        ];
      in
      types.attrsOf (types.either atom (types.listOf atom));

    # Defaults per key, not one default set: a role that only moves the time
    # must not lose Persistent with it.
    options = {
      OnCalendar = mkOption {
        type = types.either types.str (types.listOf types.str);
        default = "*-*-* 03:00:00";
        example = "*-*-* 04:30:00";
        description = ''
          When the job starts, as a calendar expression of {manpage}`systemd.time(7)`.
          The default leaves room after database dumps at 02:15, and stays clear of
          02:00 to 03:00, which does not exist on one night of the year in zones
          with summer time.
        '';
      };

      # timer-without-persistent
      Persistent = mkOption {
        type = types.bool;
        default = true;
        description = "Whether a run that was missed because the host was off is made up at the next boot.";
      };
    };
  };

  jobType = types.submodule (
    { config, ... }:
    {
      options = {
        repoPath = mkOption {
          type = types.str;
          example = "hass";
          description = ''
            Directory of the repository below
            {option}`mares.backup.restic.defaults.basePath`. Every job has a repository
            of its own, so that no password opens another service's backups.
          '';
        };

        repository = mkOption {
          type = types.str;
          readOnly = true;
          default = repositoryOf config;
          defaultText = lib.literalExpression ''"sftp:''${defaults.sshAlias}:''${repoPath}"'';
          description = "The repository in restic's notation, for roles that watch it.";
        };

        passwordFile = mkOption {
          type = secretPath;
          example = lib.literalExpression ''config.sops.secrets."restic-hass_password".path'';
          description = "File with the password that encrypts the repository; it must be readable by {option}`user`.";
        };

        sshKeyFile = mkOption {
          type = secretPath;
          example = lib.literalExpression ''config.sops.secrets."restic-hass_ssh_private_key".path'';
          description = ''
            File with the private key that logs in on the NAS. ssh refuses a key that
            anybody but {option}`user` can read, so two users need two files, even when
            both hold the same key.
          '';
        };

        paths = mkOption {
          type = types.nonEmptyListOf absolutePath;
          example = [ "/var/lib/hass/.storage" ];
          description = "What to back up. restic only warns about a path that does not exist.";
        };

        user = mkOption {
          type = types.str;
          example = "hass";
          description = "The user the job runs as: the service's own, which can read the state and nothing else.";
        };

        group = mkOption {
          type = types.str;
          example = "hass";
          description = "The group the job runs as.";
        };

        exclude = mkOption {
          type = types.listOf types.str;
          default = [ ];
          example = [ "/var/lib/hass/.storage/trace.*" ];
          description = "Patterns of files below {option}`paths` that are not backed up.";
        };

        timerConfig = mkOption {
          type = timerType;
          default = { };
          example = {
            OnCalendar = "*-*-* 04:30:00";
            RandomizedDelaySec = "15min";
          };
          description = "When the job runs: any key of {manpage}`systemd.timer(5)`.";
        };

        pruneOpts = mkOption {
          type = types.listOf types.str;
          # missing-retention
          default = [
            "--keep-daily 7" # retention-gap
            "--keep-weekly 4" # retention-gap
            "--keep-monthly 12" # retention-gap
            "--keep-yearly 2" # retention-gap
          ];
          example = [
            "--keep-daily 14"
            "--keep-weekly 8"
            "--keep-monthly 12"
            "--keep-yearly 3"
          ];
          description = ''
            Which snapshots `restic forget --prune` keeps after each run. The default
            reaches back 7 days, 4 weeks and 12 months without a gap. Two yearly
            snapshots are the last of this year and of the previous one, which is a month
            more at most; `--keep-yearly 3` always reaches at least one full year.
          '';
        };

        backupPrepareCommand = mkOption {
          type = types.nullOr types.str;
          default = null;
          example = "sqlite3 /var/lib/app/app.db '.backup /var/lib/app/backup.db'";
          description = "Script that runs before the backup; `null` backs up the live files.";
        };

        backupCleanupCommand = mkOption {
          type = types.nullOr types.str;
          default = null;
          example = "rm /var/lib/app/backup.db";
          description = "Script that runs after the backup, whether it succeeded or not.";
        };

        extraBackupArgs = mkOption {
          type = types.listOf types.str;
          default = [ ];
          example = [ "--exclude-caches" ];
          description = "Further arguments of `restic backup`. They reach neither `forget` nor `check`.";
        };
      };
    }
  );
in
{
  options.mares.backup.restic = {
    defaults = {
      sftpUser = mkOption {
        type = types.str;
        default = "restic";
        description = "The account on the NAS that every client logs in as.";
      };

      sftpHost = mkOption {
        type = types.str;
        default = "truenas.srv.mares.id";
        description = "Host name or address of the NAS.";
      };

      sftpPort = mkOption {
        type = types.port;
        default = 22;
        description = "Port of the ssh server on the NAS.";
      };

      sftpHostKey = mkOption {
        type = types.nullOr types.str;
        default = null;
        example = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBVLQz5yLeHQG+o6U3qtCsIt4Sf2FDn8lfCcZtPPSu/v";
        description = ''
          Public host key of the NAS, type and key without a host name. Service users
          have no known_hosts file and nobody to answer a question, so a job without
          this key never connects.
        '';
      };

      basePath = mkOption {
        type = types.str;
        default = "";
        example = "backups";
        description = ''
          Directory on the NAS below which all repositories lie. The default is the
          login directory of {option}`sftpUser`, which is the same place whether or
          not the NAS confines that account to its home.
        '';
      };

      sshAlias = mkOption {
        type = types.strMatching "[A-Za-z0-9._-]+";
        default = "truenas-backup";
        description = "The name that repositories use for the NAS: a `Host` block of the ssh configuration.";
      };
    };

    jobs = mkOption {
      type = types.attrsOf jobType;
      default = { };
      description = "The services of this host that back themselves up, by the name of the job.";
    };
  };
}
