# Home Assistant, and the backup of what its user interface writes.
{ config, ... }:
{
  imports = [ ../modules/backup/restic.nix ];

  services.home-assistant = {
    enable = true;
    config.default_config = { };
  };

  # Owner and group are those of the job that reads the file: restic.nix sets them.
  sops.secrets."restic-hass_password".sopsFile = ../secrets/restic.yaml; # undeclared-secret
  # undeclared-secret
  sops.secrets."restic-hass_ssh_private_key" = {
    sopsFile = ../secrets/restic.yaml;
    # One key for all clients, but a file per user: ssh refuses one that others can read.
    key = "restic-ssh_private_key"; # missing-sops-key
  };

  # service-without-backup
  mares.backup.restic.jobs.hass = {
    repoPath = "hass";
    passwordFile = config.sops.secrets."restic-hass_password".path;
    sshKeyFile = config.sops.secrets."restic-hass_ssh_private_key".path;
    paths = [ "/var/lib/hass/.storage" ];
    user = "hass";
    group = "hass";
  };
}
