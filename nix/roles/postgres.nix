# PostgreSQL, its nightly dump, and the backup of the dump. The live data
# directory is in no job: a copy of it made while the server runs does not start.
{ config, ... }:
let
  dump = config.mares.backup.postgresql;
in
{
  imports = [
    ../modules/backup/postgresql.nix
    ../modules/backup/restic.nix
  ];

  services.postgresql.enable = true;

  mares.backup.postgresql.enable = true; # service-without-backup

  sops.secrets."restic-postgres_password".sopsFile = ../secrets/restic.yaml; # undeclared-secret
  # undeclared-secret
  sops.secrets."restic-postgres_ssh_private_key" = {
    sopsFile = ../secrets/restic.yaml;
    key = "restic-ssh_private_key"; # missing-sops-key
  };

  # service-without-backup, dump-not-backed-up, unused-secret
  mares.backup.restic.jobs.postgres = {
    # Not `postgres`: that directory holds the dumps of before, and `restic init`
    # would put a repository between them.
    repoPath = "postgres-restic";
    passwordFile = config.sops.secrets."restic-postgres_password".path;
    sshKeyFile = config.sops.secrets."restic-postgres_ssh_private_key".path;
    paths = [ dump.location ];
    user = "postgres";
    group = "postgres";
  };

  # The clock alone is not enough: after a night without power, both timers make
  # up their run at the same moment.
  systemd.services.restic-backups-postgres.after = map (unit: "${unit}.service") dump.units;
}
