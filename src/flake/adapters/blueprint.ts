// blueprint: hosts, users and modules found by where they lie. Follows numtide/blueprint 56131e8 (2026-04).

import { type Adapter, outputsOf, runNix } from "./adapter.ts";

export const blueprint: Adapter = {
  repositories: ["numtide/blueprint"],
  outputs: (context) => {
    const lib = runNix(context, program, context.nixpkgs.lib);
    return { ...outputsOf(runNix(context, "lib: { __functor = _: lib; }", lib)), lib };
  },
};

const program = `
lib:
let
  inherit (builtins) attrNames elem functionArgs isFunction isPath isString match pathExists readDir;

  # Names of files without \`.nix\` and of directories, files first.
  entriesOf = path:
    let
      entries = if pathExists path then readDir path else { };
      files = lib.concatMapAttrs
        (name: type:
          let stem = match "(.*)\\\\.nix" name; in
          if type == "directory" || stem == null then { } else { \${lib.head stem} = { path = path + "/\${name}"; inherit type; }; })
        entries;
    in
    lib.mapAttrs (name: type: { path = path + "/\${name}"; inherit type; }) (lib.filterAttrs (_: type: type == "directory") entries)
    // files;

  mkBlueprint = { inputs, prefix ? null, nixpkgs ? { }, systems ? [ "x86_64-linux" "aarch64-linux" ] }:
    let
      flake = inputs.self;
      src = if prefix == null then flake else if isPath prefix then prefix else "\${flake}/\${prefix}";
      specialArgs = { inherit inputs flake; };

      perSystemOf = system: lib.mapAttrs
        (_: input: (input.legacyPackages.\${system} or { }) // (input.packages.\${system} or { }))
        inputs;
      perSystem = { config, ... }: { _module.args.perSystem = perSystemOf config.nixpkgs.hostPlatform.system; };

      homesOf = host: lib.filterAttrs (_: path: path != null) (lib.mapAttrs
        (_: entry:
          if entry.type == "regular" then entry.path
          else if pathExists (entry.path + "/home-configuration.nix") then entry.path + "/home-configuration.nix"
          else null)
        (entriesOf (src + "/hosts/\${host}/users")));
      homeModule = host: lib.optional (homesOf host != { }) {
        imports = [ inputs.home-manager.nixosModules.default ];
        home-manager.extraSpecialArgs = specialArgs;
        home-manager.users = homesOf host;
        home-manager.useGlobalPkgs = lib.mkDefault true;
        home-manager.useUserPackages = lib.mkDefault true;
      };

      system = host: file: inputs.nixpkgs.lib.nixosSystem {
        modules = [ perSystem file ] ++ homeModule host;
        specialArgs = specialArgs // { hostName = host; };
      };
      load = host: { path, type }:
        let
          has = file: pathExists (path + "/\${file}");
          given = import (path + "/default.nix") { inherit flake inputs; hostName = host; };
        in
        if has "default.nix" then lib.optionalAttrs (given.class == "nixos") { \${host} = given.value; }
        else if has "configuration.nix" then { \${host} = system host (path + "/configuration.nix"); }
        else if has "rpi-configuration.nix" then { \${host} = system host (path + "/rpi-configuration.nix"); }
        else { };

      # A module may be a function of the flake that publishes it.
      isPublished = module: isFunction module
        && lib.all (name: elem name [ "flake" "inputs" ]) (attrNames (functionArgs module));
      publish = _: { path, ... }:
        let module = import path; in
        if isPublished module then lib.setDefaultModuleLocation path (module specialArgs) else path;
      modules = lib.mapAttrs (_: entry: lib.mapAttrs publish (entriesOf entry.path))
        (lib.filterAttrs (_: entry: entry.type == "directory") (entriesOf (src + "/modules")));
    in
    {
      nixosConfigurations = lib.concatMapAttrs load (entriesOf (src + "/hosts"));
      inherit modules;
      nixosModules = modules.nixos or { };
      darwinModules = modules.darwin or { };
      homeModules = modules.home or { };
      lib = if pathExists (src + "/lib") then import (src + "/lib") specialArgs else { };
    };
in
{
  inherit mkBlueprint;
  __functor = _: mkBlueprint;
}
`;
