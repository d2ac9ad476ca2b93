// lite-config: a flake-parts module with a list of hosts and a directory of their modules. Follows yelite/lite-config
// 0c9f7b6 (2025-05).

import { type Adapter, outputsOf, runNix } from "./adapter.ts";

export const liteConfig: Adapter = {
  repositories: ["yelite/lite-config"],
  outputs: (context) => outputsOf(runNix(context, program)),
};

const program = `
let
  module = { config, inputs, lib, ... }:
    let
      inherit (lib) mkOption types;
      cfg = config.lite-config;
      raw = default: mkOption { type = types.raw; inherit default; };
      packages = {
        nixpkgs = raw inputs.nixpkgs;
        config = raw { };
      };

      packagesFor = system:
        import (cfg.nixpkgs.perSystemOverrides.\${system} or cfg.nixpkgs).nixpkgs {
          inherit system;
          inherit (cfg.nixpkgs) overlays config;
        };

      systemOf = name: host:
        let
          pkgs = packagesFor host.system;
          specialArgs = { inherit inputs; inherit (pkgs.stdenv) hostPlatform; };
        in
        cfg.nixpkgs.nixpkgs.lib.nixosSystem {
          inherit specialArgs;
          modules = [
            (if host.hostModule == null then "\${toString cfg.hostModuleDir}/\${name}" else host.hostModule)
            { nixpkgs.pkgs = pkgs; networking.hostName = name; }
          ] ++ cfg.systemModules ++ lib.optionals (cfg.homeModules != [ ]) [
            cfg.homeManagerFlake.nixosModules.default
            {
              home-manager = { sharedModules = cfg.homeModules; useGlobalPkgs = true; extraSpecialArgs = specialArgs; };
            }
          ];
        };
    in
    {
      key = "lite-config";
      options.lite-config = mkOption {
        default = { };
        type = types.submodule {
          options = {
            nixpkgs = mkOption {
              default = { };
              type = types.submodule {
                options = packages // {
                  perSystemOverrides = mkOption { type = types.attrsOf (types.submodule { options = packages; }); default = { }; };
                  overlays = mkOption { type = types.listOf types.raw; default = [ ]; };
                  exportOverlayPackages = raw true;
                  setPerSystemPkgs = raw true;
                };
              };
            };
            hosts = mkOption {
              default = { };
              type = types.attrsOf (types.submodule {
                options.system = mkOption { type = types.str; };
                options.hostModule = mkOption { type = types.nullOr types.deferredModule; default = null; };
              });
            };
            systemModules = mkOption { type = types.listOf types.deferredModule; default = [ ]; };
            homeModules = mkOption { type = types.listOf types.deferredModule; default = [ ]; };
            hostModuleDir = mkOption { type = types.raw; };
            builder = raw { };
            homeManagerFlake = raw inputs.home-manager;
            homeConfigurations = raw { };
          };
        };
      };
      config = {
        systems = lib.unique (lib.mapAttrsToList (_: host: host.system) cfg.hosts);
        flake.nixosConfigurations = lib.mapAttrs systemOf (lib.filterAttrs (_: host: lib.hasSuffix "-linux" host.system) cfg.hosts);
        perSystem = { system, ... }: { _module.args.liteConfigPkgs = lib.mkOptionDefault (packagesFor system); };
      };
    };
in
{
  flakeModules.default = module;
  flakeModule = module;
}
`;
