# Dumps every database of the host's PostgreSQL before the backups start, so
# that a restic job has files to save that are consistent by themselves.
{ config, lib, ... }:
let
  inherit (lib) mkEnableOption mkOption types;
  cfg = config.mares.backup.postgresql;
in
{
  options.mares.backup.postgresql = {
    enable = mkEnableOption "nightly dumps of the PostgreSQL databases of this host";

    startAt = mkOption {
      type = types.str;
      default = "*-*-* 02:15:00";
      example = "*-*-* 01:30:00";
      description = ''
        When the dump starts, as a calendar expression of {manpage}`systemd.time(7)`.
        In zones that jump from 02:00 to 03:00, the default does not exist on that one
        night, and systemd runs the dump at the next opportunity a day later.
      '';
    };

    databases = mkOption {
      type = types.listOf types.str;
      default = [ ];
      example = [ "paperless" ];
      description = "Which databases to dump; the empty list dumps all of them, roles included.";
    };

    location = mkOption {
      type = types.strMatching "/.+";
      default = "/var/backup/postgresql";
      description = "Directory of the dumps, which only the user postgres can read.";
    };

    units = mkOption {
      type = types.listOf types.str;
      readOnly = true;
      default =
        if cfg.databases == [ ] then
          [ "postgresqlBackup" ]
        else
          map (name: "postgresqlBackup-${name}") cfg.databases;
      defaultText = lib.literalMD "the units of `services.postgresqlBackup`";
      description = "Names of the units that write the dumps, for jobs that must start after them.";
    };
  };

  config = lib.mkIf cfg.enable {
    services.postgresqlBackup = {
      enable = true;
      inherit (cfg) databases location startAt;
      # restic compresses by itself, and finds what did not change since yesterday
      # only in a dump that is not compressed.
      compression = "none";
    };

    # A host that was off at night makes up the backup; without this it would save
    # the dump of the day before.
    systemd.timers = lib.genAttrs cfg.units (_: {
      timerConfig.Persistent = true;
    });

    assertions = [
      {
        assertion = config.services.postgresql.enable;
        message = ''
          `mares.backup.postgresql.enable` is set, but this host runs no PostgreSQL to dump.
          Set `services.postgresql.enable`, or unset the former.
        '';
      }
    ];
  };
}
