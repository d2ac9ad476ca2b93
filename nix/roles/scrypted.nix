# Scrypted, and the backup of its whole state.
{ config, ... }:
let
  inherit (config.mares.services.scrypted) stateDir;
in
{
  imports = [
    ../modules/backup/restic.nix
    ../modules/services/scrypted.nix
  ];

  mares.services.scrypted.enable = true;

  sops.secrets."restic-scrypted_password".sopsFile = ../secrets/restic.yaml; # undeclared-secret
  # undeclared-secret
  sops.secrets."restic-scrypted_ssh_private_key" = {
    sopsFile = ../secrets/restic.yaml;
    key = "restic-ssh_private_key"; # missing-sops-key
  };

  # service-without-backup, unused-secret
  mares.backup.restic.jobs.scrypted = {
    repoPath = "scrypted";
    passwordFile = config.sops.secrets."restic-scrypted_password".path;
    sshKeyFile = config.sops.secrets."restic-scrypted_ssh_private_key".path;
    paths = [ stateDir ];
    user = "scrypted";
    group = "scrypted";
  };
}
