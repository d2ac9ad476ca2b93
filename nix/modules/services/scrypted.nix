# Scrypted as an ordinary unit of an ordinary user. The usual container runs as
# root, and leaves files that a backup as the service user cannot read.
{ config, lib, ... }:
let
  inherit (lib) mkEnableOption mkOption types;
  cfg = config.mares.services.scrypted;
in
{
  options.mares.services.scrypted = {
    enable = mkEnableOption "Scrypted, the home video integration platform";

    package = mkOption {
      type = types.package;
      example = lib.literalExpression ''
        pkgs.writeShellApplication {
          name = "scrypted-serve";
          runtimeInputs = [ pkgs.nodejs ];
          text = "exec npx --yes scrypted serve";
        }
      '';
      description = ''
        What starts the server: its main program runs in the foreground, without
        arguments. nixpkgs does not package Scrypted, so there is no default.
      '';
    };

    stateDir = mkOption {
      type = types.str;
      default = "/var/lib/scrypted";
      readOnly = true;
      description = "Where Scrypted keeps its database, its plugins and their settings.";
    };
  };

  config = lib.mkIf cfg.enable {
    users.users.scrypted = {
      isSystemUser = true;
      group = "scrypted";
      home = cfg.stateDir;
    };
    users.groups.scrypted = { };

    systemd.services.scrypted = {
      description = "Scrypted";
      wantedBy = [ "multi-user.target" ];
      wants = [ "network-online.target" ];
      after = [ "network-online.target" ];
      environment = {
        HOME = cfg.stateDir;
        SCRYPTED_VOLUME = cfg.stateDir;
        # What can be downloaded again stays out of the directory that is backed up.
        npm_config_cache = "/var/cache/scrypted";
      };
      serviceConfig = {
        ExecStart = lib.getExe cfg.package;
        User = "scrypted";
        Group = "scrypted";
        StateDirectory = "scrypted";
        StateDirectoryMode = "0700";
        CacheDirectory = "scrypted";
        WorkingDirectory = cfg.stateDir;
        Restart = "always";
        RestartSec = "10s";
        NoNewPrivileges = true;
        PrivateTmp = true;
        ProtectSystem = "strict";
        ProtectHome = true;
      };
    };
  };
}
