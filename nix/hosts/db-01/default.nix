# The PostgreSQL server of the fleet.
{
  imports = [
    ../base.nix
    ../../roles/postgres.nix
    ../../roles/monitoring-restic.nix # unmonitored-backup
  ];

  networking.hostName = "db-01";
}
