# Home Assistant.
{
  imports = [
    ../base.nix
    ../../roles/hass.nix
    ../../roles/monitoring-restic.nix # unmonitored-backup
  ];

  networking.hostName = "ha-01";
}
