# What real Nix and the modules of nixpkgs make of one host of the reference flake: every value that the flake's own
# modules have a hand in, as JSON. `npm run test:nixpkgs` evaluates it; test/nix/README.md says how.
{
  nixpkgs,
  sops-nix,
  flake,
  host,
  # A module more, for the tests of bad input.
  extra ? { },
}:
let
  lib = import (nixpkgs + "/lib");

  # As the flake of nixpkgs defines it, without fetching it as an input.
  nixosSystem = args: import (nixpkgs + "/nixos/lib/eval-config.nix") ({ inherit lib; } // args);

  outputs = (import (flake + "/flake.nix")).outputs {
    self = outputs;
    nixpkgs = {
      lib = lib // {
        inherit nixosSystem;
      };
      legacyPackages.x86_64-linux = import nixpkgs { system = "x86_64-linux"; };
    };
    sops-nix.nixosModules.sops = sops-nix + "/modules/sops";
  };

  inherit
    (outputs.nixosConfigurations.${host}.extendModules {
      modules = [ extra ];
    })
    config
    ;

  jobs = lib.attrNames config.services.restic.backups;
  ours = [
    "alloy"
    "postgresqlBackup"
    "prometheus-restic-exporter"
    "scrypted"
  ]
  ++ map (name: "restic-backups-${name}") jobs;
  pickOurs = lib.filterAttrs (name: _: lib.elem name ours);

  pickService =
    service:
    lib.getAttrs [
      "after"
      "description"
      "environment"
      "postStop"
      "preStart"
      "requires"
      "script"
      "serviceConfig"
      "wantedBy"
      "wants"
    ] service
    // {
      path = map toString service.path;
    };

  pickSecret =
    secret:
    lib.getAttrs [
      "format"
      "group"
      "key"
      "mode"
      "name"
      "neededForUsers"
      "owner"
      "path"
    ] secret;

  failed = lib.filter (entry: !entry.assertion) config.assertions;

  wrappers = lib.filter (package: lib.elem (package.name or "") (map (name: "restic-${name}") jobs)) (
    config.environment.systemPackages
  );
in
{
  failedAssertions = map (entry: entry.message) failed;

  services.restic.backups = lib.mapAttrs (
    _: backup: removeAttrs backup [ "package" ]
  ) config.services.restic.backups;

  services.prometheus.exporters = lib.optionalAttrs config.services.prometheus.exporters.restic.enable {
    restic = removeAttrs config.services.prometheus.exporters.restic [
      "assertions"
      "warnings"
    ];
  };

  sops.secrets = lib.mapAttrs (_: pickSecret) config.sops.secrets;

  systemd = {
    services = lib.mapAttrs (_: pickService) (pickOurs config.systemd.services);
    timers = lib.mapAttrs (_: timer: { inherit (timer) timerConfig wantedBy; }) (
      pickOurs config.systemd.timers
    );
    # The texts that systemd reads; systemd-analyze judges these.
    units = lib.mapAttrs (_: unit: unit.text) (
      lib.filterAttrs (name: _: lib.elem (lib.head (lib.splitString "." name)) ours) config.systemd.units
    );
  };

  programs.ssh = {
    inherit (config.programs.ssh) extraConfig;
    knownHosts = config.environment.etc."ssh/ssh_known_hosts".text;
  };

  environment.etc = lib.mapAttrs (_: file: { inherit (file) text; }) (
    lib.filterAttrs (name: _: name == "alloy/config.alloy") config.environment.etc
  );

  # The scripts `restic-<job>`, by name.
  wrappers = lib.listToAttrs (
    map (package: lib.nameValuePair package.name package.text) wrappers
  );
}
