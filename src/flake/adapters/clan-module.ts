// The module of a clan: the inventory of machines, tags and service instances, and the NixOS systems they amount to.

import { clanInventory } from "./clan-inventory.ts";

export const clanModule = `
given@{ clanLib, core, coreServices, machineModule, darwinSystem, outputOptions, ... }:
{ config, lib, self, nixpkgs, ... }:
let
  inherit (lib) attrNames filterAttrs mapAttrs mkOption optionals types;
  inherit (builtins) fromJSON pathExists readDir readFile;
  inherit (outputOptions) modules open raw rawAttrs;

  directory = toString config.directory;
  inventoryFile = "\${directory}/inventory.json";
  machineDirectories = optionals (pathExists "\${directory}/machines")
    (attrNames (filterAttrs (_: type: type == "directory") (readDir "\${directory}/machines")));

  inventory = config.inventory;
  classOf = name: inventory.machines.\${name}.machineClass;
  ofClass = class: filterAttrs (name: _: classOf name == class);

  services = (${clanInventory}) (given // {
    inherit lib inventory;
    inherit (config) meta;
    directory = config.directory;
    inputs = { self = config.self; } // config.self.inputs or { };
    ownModules = config.modules;
  });

  ownFiles = name: builtins.filter pathExists (map (file: "\${directory}/machines/\${name}/\${file}.nix") [
    "configuration"
    "hardware-configuration"
    "disko"
  ]);
  facts = name: "\${directory}/machines/\${name}/facter.json";

  moduleOf = name: {
    _file = "\${directory}/machines/\${name}";
    imports = ownFiles name ++ [ machineModule ] ++ services.importsOf name;
    networking.hostName = lib.mkDefault name;
    nixpkgs = lib.optionalAttrs (pathExists (facts name)) {
      hostPlatform = lib.mkDefault (fromJSON (readFile (facts name))).system;
    };
    clan.core.settings = {
      inherit directory;
      machine = { inherit name; };
      name = config.meta.name or null;
      domain = config.meta.domain or config.meta.tld or "clan";
      icon = config.meta.icon or null;
      secretStore = config.vars.settings.secretStore or "sops";
    };
  };

  systemOf = name: _:
    if classOf name == "darwin" then darwinSystem
    else nixpkgs.lib.nixosSystem {
      modules = [ config.outputs.moduleForMachine.\${name} ];
      specialArgs = { clan-core = core; } // config.specialArgs;
    };
  systems = mapAttrs systemOf inventory.machines;
in
{
  _class = "clan";
  freeformType = types.lazyAttrsOf types.raw;
  options = {
    self = raw self;
    directory = raw config.self;
    specialArgs = rawAttrs;
    machines = modules;
    modules = rawAttrs;
    meta = open;
    vars = open;
    secrets = open;
    templates = open;
    exports = open;
    exportInterfaces = open;
    pkgsForSystem = raw (_: null);
    _dependencies = open;
    nixosConfigurations = rawAttrs;
    darwinConfigurations = rawAttrs;
    nixosModules = rawAttrs;
    darwinModules = rawAttrs;
    clanInternals = open;
    outputs = mkOption {
      type = types.submodule { options.moduleForMachine = modules; };
      default = { };
    };
    inventory = mkOption {
      default = { };
      type = types.submoduleWith { modules = [ services.interface ]; };
    };
  };
  config = {
    _module.args = { clan-core = core; inherit clanLib; };
    inventory = lib.mkMerge [
      (lib.optionalAttrs (pathExists inventoryFile) (fromJSON (readFile inventoryFile)))
      { machines = lib.genAttrs machineDirectories (_: { }); }
      { machines = mapAttrs (_: _: { }) config.machines; }
      { meta = config.meta; }
    ];
    outputs.moduleForMachine = lib.mkMerge [ (mapAttrs (name: _: moduleOf name) inventory.machines) config.machines ];
    specialArgs.self = lib.mkDefault config.self;
    nixosConfigurations = ofClass "nixos" systems;
    darwinConfigurations = ofClass "darwin" systems;
    nixosModules = lib.mapAttrs' (name: value: { name = "clan-machine-\${name}"; inherit value; })
      (ofClass "nixos" config.outputs.moduleForMachine);
    clanInternals.inventoryClass = { inherit inventory directory; };
  };
}
`;
