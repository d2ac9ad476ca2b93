{
  description = "Restic backups of a self-hosted NixOS fleet to TrueNAS over SFTP";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    sops-nix = {
      url = "github:Mic92/sops-nix";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    {
      self,
      nixpkgs,
      sops-nix,
      ...
    }:
    let
      inherit (nixpkgs) lib;
      system = "x86_64-linux";
      pkgs = nixpkgs.legacyPackages.${system};

      mkHost =
        directory:
        lib.nixosSystem {
          inherit system;
          modules = [
            sops-nix.nixosModules.sops
            directory
          ];
        };
    in
    {
      nixosModules = {
        restic = ./modules/backup/restic.nix;
        postgresql-backup = ./modules/backup/postgresql.nix;
        monitoring = ./modules/monitoring;
        scrypted = ./modules/services/scrypted.nix;
        role-hass = ./roles/hass.nix;
        role-scrypted = ./roles/scrypted.nix;
        role-postgres = ./roles/postgres.nix;
        role-monitoring-restic = ./roles/monitoring-restic.nix;
      };

      nixosConfigurations = {
        ha-01 = mkHost ./hosts/ha-01;
        scrypted-01 = mkHost ./hosts/scrypted-01;
        db-01 = mkHost ./hosts/db-01;
      };

      # `nix flake check` evaluates every host by itself; what it would not
      # notice is an alert rule that no Prometheus accepts or that never fires.
      checks.${system}.alert-rules =
        pkgs.runCommand "restic-alert-rules" { nativeBuildInputs = [ pkgs.prometheus.cli ]; }
          ''
            cd ${./monitoring}
            promtool check rules restic.rules.yaml
            promtool test rules restic.rules.test.yaml
            touch $out
          '';

      templates.default = {
        path = ./.;
        description = "A fleet whose services back themselves up to TrueNAS with restic";
      };

      formatter.${system} = pkgs.nixfmt;
    };
}
