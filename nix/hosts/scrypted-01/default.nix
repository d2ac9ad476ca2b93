# Scrypted, for the cameras.
{ pkgs, ... }:
{
  imports = [
    ../base.nix
    ../../roles/scrypted.nix
    ../../roles/monitoring-restic.nix # unmonitored-backup
  ];

  networking.hostName = "scrypted-01";

  # nixpkgs does not package Scrypted; npm fetches it at the first start.
  mares.services.scrypted.package = pkgs.writeShellApplication {
    name = "scrypted-serve";
    runtimeInputs = [ pkgs.nodejs ];
    text = "exec npx --yes scrypted serve";
  };
}
