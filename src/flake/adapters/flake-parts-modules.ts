// The options that flake-parts declares at the level of the flake, and its two modules that change what `flake` holds.

export const flakePartsModules = `
let
  # The outputs that perSystem gives per system and the flake by system.
  transposed = [ "packages" "legacyPackages" "checks" "devShells" "apps" ];

  # A published module keeps its name, so that importing it twice is importing it once.
  publish = class: location: name: module: {
    \${if class == null then null else "_class"} = class;
    _file = location;
    key = "\${location}#\${if class == null then "generic" else class}.\${name}";
    imports = [ module ];
  };
in
{
  base = { flake-parts-lib, evalFlakeModules }:
    { config, options, lib, self, inputs, moduleLocation, unreadModules, ... }:
    let
      inherit (lib) mkOption types mapAttrs genAttrs;
      raw = mkOption { type = types.lazyAttrsOf types.raw; default = { }; };
      bySystem = mkOption { type = types.lazyAttrsOf (types.lazyAttrsOf types.raw); default = { }; };

      withSystem = system: f: f (getSystem system).allModuleArgs;
      getSystem = system: config.allSystems.\${system} or (config.perSystem system);

      moduleWithSystem = module: args@{ config, ... }:
        let
          system = args.config._module.args.system or args.config._module.args.pkgs.stdenv.hostPlatform.system;
          all = withSystem system (given: given);
        in
        { imports = [ (module (mapAttrs (name: _: all.\${name}) (lib.functionArgs module))) ]; };

      # An output of an input for one system, where the input has it.
      perInput = system: input:
        mapAttrs (name: _: input.\${name}.\${system}) (config.transposition // { formatter = { }; });

      perSystemModule = { config, system, ... }@args: {
        options = genAttrs transposed (_: raw) // {
          formatter = mkOption { type = types.raw; default = null; };
          allModuleArgs = mkOption { type = types.raw; internal = true; };
          debug = mkOption { type = types.raw; default = null; };
        };
        # What a module that is not on disk adds to a system is unknown.
        config = genAttrs transposed (_: lib.mkMerge unreadModules) // {
          allModuleArgs = args // config._module.args // { inherit config; };
          _module.args = {
            inherit self inputs lib;
            inputs' = mapAttrs (_: perInput system) inputs;
            self' = perInput system self;
            pkgs = lib.mkOptionDefault inputs.nixpkgs.legacyPackages.\${system};
          };
        };
      };
    in
    {
      options = {
        systems = mkOption { type = types.listOf types.str; default = [ ]; };
        debug = mkOption { type = types.bool; default = false; };
        transposition = mkOption { type = types.lazyAttrsOf types.raw; default = { }; };
        perInput = mkOption { type = types.raw; default = perInput; };
        perSystem = mkOption {
          type = types.deferredModule;
          default = { };
          apply = module: system:
            (evalFlakeModules {
              modules = [ perSystemModule module ] ++ unreadModules;
              prefix = [ "perSystem" system ];
              specialArgs = { inherit system lib; };
              class = "perSystem";
            }).config;
        };
        allSystems = mkOption { type = types.lazyAttrsOf types.raw; internal = true; };
        flake = mkOption {
          default = { };
          type = types.submoduleWith {
            modules = [
              {
                freeformType = types.lazyAttrsOf types.raw;
                options = {
                  nixosConfigurations = raw;
                  overlays = raw;
                  packages = bySystem;
                  legacyPackages = bySystem;
                  checks = bySystem;
                  devShells = bySystem;
                  apps = bySystem;
                  formatter = raw;
                  nixosModules = mkOption {
                    type = types.lazyAttrsOf types.deferredModule;
                    default = { };
                    apply = mapAttrs (name: publish "nixos" moduleLocation name);
                  };
                };
              }
            ];
          };
        };
      };
      config = {
        allSystems = genAttrs config.systems config.perSystem;
        _module.args = { inherit withSystem getSystem moduleWithSystem; };
        transposition = genAttrs transposed (_: { });
        flake = lib.mkMerge [
          (mapAttrs (name: _: mapAttrs (_: system: system.\${name}) config.allSystems) config.transposition // {
            formatter = mapAttrs (_: system: system.formatter) config.allSystems;
          })
          # What a module that is not on disk adds to the flake is unknown.
          { imports = unreadModules; }
        ];
      };
    };

  # flake.modules.<class>.<name>
  modules = { lib, moduleLocation, ... }: {
    options.flake = lib.mkOption {
      type = lib.types.submoduleWith {
        modules = [
          {
            options.modules = lib.mkOption {
              type = lib.types.lazyAttrsOf (lib.types.lazyAttrsOf lib.types.deferredModule);
              default = { };
              apply = lib.mapAttrs (class: lib.mapAttrs (name:
                publish (if class == "generic" then null else class) moduleLocation name));
            };
          }
        ];
      };
    };
  };

  # flake.flakeModules.<name>
  flakeModules = { lib, moduleLocation, ... }: {
    options.flake = lib.mkOption {
      type = lib.types.submoduleWith {
        modules = [
          {
            options.flakeModules = lib.mkOption {
              type = lib.types.lazyAttrsOf lib.types.deferredModule;
              default = { };
              apply = lib.mapAttrs (name: publish "flake" moduleLocation name);
            };
          }
        ];
      };
    };
  };
}
`;
