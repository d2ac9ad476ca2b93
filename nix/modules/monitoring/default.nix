# What a host tells the monitoring of the fleet.
{
  imports = [ ./alloy.nix ];
}
