// The modules that flake-parts has for those who import them: published modules, partitions, overlays of packages.

export const flakePartsExtras = `
{ flake-parts-lib, outputOptions, flakeAt, ... }:
{
  # flake.modules.<class>.<name>. A function, so that it is a module wherever an option takes one.
  modules = { lib, moduleLocation, ... }:
    let
      publish = class: name: module:
        if class == "generic" then module
        else { ... }: {
          _class = class;
          _file = "\${toString moduleLocation}#modules.\${class}.\${name}";
          imports = [ module ];
        };
    in
    {
      options.flake.modules = outputOptions.attrsOf (lib.types.lazyAttrsOf lib.types.deferredModule) // {
        apply = lib.mapAttrs (class: lib.mapAttrs (publish class));
      };
    };

  # flake.flakeModules.<name>, which are one module however often they are imported.
  flakeModules = { lib, moduleLocation, ... }: {
    options.flake = lib.mkOption {
      type = lib.types.submoduleWith {
        modules = [
          (lib.mkAliasOptionModule [ "flakeModule" ] [ "flakeModules" "default" ])
          {
            options.flakeModules = outputOptions.modules // {
              apply = lib.mapAttrs (name: module: rec {
                _class = "flake";
                _file = "\${toString moduleLocation}#flakeModules.\${name}";
                key = _file;
                imports = [ module ];
              });
            };
          }
        ];
      };
    };
  };

  # Outputs that are another evaluation of the flake's modules, with inputs of its own.
  partitions = { config, extendModules, inputs, lib, options, partitionStack, self, ... }:
    let
      inherit (lib) mkOption types;
      flakeOf = reference: if builtins.isPath reference then flakeAt reference else builtins.getFlake reference;
      partition = { config, name, options, ... }: {
        options = {
          extraInputsFlake = mkOption { type = types.raw; };
          extraInputs = outputOptions.rawAttrs;
          module = mkOption { type = (extendModules { specialArgs = argsOf name config; }).type; default = { }; };
        };
        config.extraInputs = lib.mkIf options.extraInputsFlake.isDefined (flakeOf config.extraInputsFlake).inputs;
      };
      argsOf = name: config:
        let
          all = inputs // config.extraInputs // { self = own; };
          own = self // { inputs = all; };
        in
        { inputs = all; self = own; partitionStack = partitionStack ++ [ name ]; };
    in
    {
      options = {
        partitionedAttrs = mkOption { type = types.attrsOf types.str; default = { }; };
        partitions = mkOption { type = types.attrsOf (types.submodule partition); default = { }; };
      };
      config = {
        _module.args.partitionStack = [ ];
        flake = lib.optionalAttrs (partitionStack == [ ]) (lib.mapAttrs
          (output: name: lib.mkForce config.partitions.\${name}.module.flake.\${output})
          config.partitionedAttrs);
      };
    };

  # overlays.default from what perSystem names, evaluated again with the packages that are overlaid.
  easyOverlay = { config, getSystem, lib, ... }: {
    options.perSystem = flake-parts-lib.mkPerSystemOption ({ extendModules, pkgs, ... }: {
      options = {
        extendModules = outputOptions.raw extendModules;
        overlayAttrs = outputOptions.rawAttrs;
      };
      config._module.args.final = lib.mkDefault (pkgs.extend config.flake.overlays.default);
    });
    config.flake.overlays.default = final: prev:
      let
        overlaid = (getSystem prev.stdenv.hostPlatform.system).extendModules {
          modules = [ { _module.args = { pkgs = lib.mkForce prev; final = lib.mkForce final; }; } ];
        };
      in
      overlaid.config.overlayAttrs;
  };

  bundlers = { lib, ... }: flake-parts-lib.mkTransposedPerSystemModule {
    name = "bundlers";
    option = outputOptions.rawAttrs;
  };

  # Leaves outputs out that checks would stumble over; hosts are what they are.
  touchup = { config, ... }: {
    options.touchup = outputOptions.open;
    config.processedFlake = config.flake;
  };
}
`;
