// The options that flake-parts declares at the level of the flake and of each system.

export const flakePartsModules = `
{ flake-parts-lib, evalModules, outputOptions, ... }:
{ config, options, lib, self, inputs, moduleLocation, unreadModules, ... }:
let
  inherit (lib) mkOption types mapAttrs genAttrs;
  inherit (outputOptions) attrsOf bySystem raw rawAttrs;

  # The outputs that perSystem gives per system and the flake by system.
  transposed = [ "packages" "legacyPackages" "checks" "devShells" "apps" ];

  getSystem = system: config.allSystems.\${system} or (config.perSystem system);
  withSystem = system: f: f (getSystem system).allModuleArgs;

  # Takes from the system what its formals name: lazily, since the system is only known from the packages.
  moduleWithSystem = module: { config, ... }:
    let
      inherit (config._module) args;
      system = args.system or args.pkgs.stdenv.hostPlatform.system or (throw "moduleWithSystem: the system is not known");
      all = withSystem system (given: given);
      argument = name: _: all.\${name} or (throw "moduleWithSystem: module argument \${name} does not exist.");
    in
    { imports = [ (module (mapAttrs argument (lib.functionArgs module))) ]; };

  topLevel = name: throw "\${name} is an argument of the flake's modules and not of perSystem";

  perSystemModule = { config, options, system, ... }: {
    _file = "flake-parts";
    options = genAttrs transposed (_: rawAttrs) // {
      formatter = raw null;
      allModuleArgs = mkOption { type = types.raw; internal = true; };
      debug = raw null;
    };
    # What a module that is not on disk adds to a system is unknown.
    config = genAttrs transposed (_: lib.mkMerge unreadModules) // {
      allModuleArgs = config._module.args // { inherit config options system; };
      _module.args = genAttrs [ "self" "inputs" "getSystem" "withSystem" "moduleWithSystem" ] topLevel // {
        inputs' = mapAttrs (_: flake: perInput system flake) self.inputs;
        self' = perInput system self;
        pkgs = lib.mkOptionDefault (perInput system self.inputs.nixpkgs).legacyPackages;
      };
    };
  };

  perInput = config.perInput;
in
{
  options = {
    systems = mkOption { type = types.listOf types.str; default = [ ]; };
    debug = mkOption { type = types.bool; default = false; };
    transposition = rawAttrs;
    perInput = mkOption { type = types.functionTo (types.functionTo (types.lazyAttrsOf types.raw)); };
    perSystem = mkOption {
      type = types.deferredModule;
      default = { };
      apply = module: system:
        (evalModules {
          modules = [ perSystemModule module ] ++ unreadModules;
          prefix = [ "perSystem" system ];
          specialArgs = { inherit system; };
          class = "perSystem";
        }).config;
    };
    allSystems = mkOption { type = types.lazyAttrsOf types.raw; internal = true; };
    processedFlake = mkOption {
      type = types.raw;
      apply = processed: if options.processedFlake.isDefined then processed else config.flake;
    };
    flake = mkOption {
      default = { };
      type = types.submoduleWith {
        modules = [
          {
            freeformType = types.lazyAttrsOf types.raw;
            options = genAttrs transposed (_: bySystem) // {
              nixosConfigurations = rawAttrs;
              overlays = rawAttrs;
              formatter = rawAttrs;
              nixosModules = attrsOf types.deferredModule // {
                apply = mapAttrs (name: module: {
                  _class = "nixos";
                  _file = "\${toString moduleLocation}#nixosModules.\${name}";
                  imports = [ module ];
                });
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
    # An output of an input for one system, where the input has it.
    perInput = system: flake:
      mapAttrs (name: _: flake.\${name}.\${system}) config.transposition // { formatter = flake.formatter.\${system}; };
    flake = lib.mkMerge [
      (mapAttrs (name: _: mapAttrs (_: system: system.\${name}) config.allSystems) config.transposition // {
        formatter = mapAttrs (_: system: system.formatter) config.allSystems;
      })
      # What a module that is not on disk adds to the flake is unknown.
      { imports = unreadModules; }
    ];
  };
}
`;
