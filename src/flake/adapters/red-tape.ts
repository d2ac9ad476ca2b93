// red-tape: hosts, modules and a library found by where they lie. Follows phaer/red-tape 3d811a0 (2026-03).

import { type Adapter, outputsOf, runNix } from "./adapter.ts";
import { runAdiosFlake } from "./adios-flake.ts";

export const redTape: Adapter = {
  repositories: ["phaer/red-tape"],
  outputs: (context) => outputsOf(runNix(context, program, context.nixpkgs.lib, runAdiosFlake(context))),
};

const program = `
lib: adios:
let
  inherit (builtins) attrNames elem filter functionArgs intersectAttrs isFunction isPath pathExists readDir;

  directoriesOf = path:
    if pathExists path then filter (name: (readDir path).\${name} == "directory") (attrNames (readDir path)) else [ ];

  mkFlake = { inputs, src, self ? null, prefix ? null, systems ? [ "x86_64-linux" "aarch64-linux" ], modules ? [ ], perSystem ? null, config ? { }, flake ? { } }:
    let
      root = if prefix == null then src else if isPath prefix then prefix else src + "/\${prefix}";
      all = removeAttrs inputs [ "self" ] // (if self == null then { } else { inherit self; });
      specialArgs = { flake = self; inputs = all; };

      hostOf = name:
        let at = root + "/hosts/\${name}"; in
        if pathExists (at + "/default.nix") then import (at + "/default.nix") { flake = self; inputs = all; hostName = name; }
        else all.nixpkgs.lib.nixosSystem {
          modules = [ (at + "/configuration.nix") ];
          specialArgs = specialArgs // { hostName = name; };
        };
      isHost = name: pathExists (root + "/hosts/\${name}/default.nix") || pathExists (root + "/hosts/\${name}/configuration.nix");
      hosts = lib.genAttrs (filter isHost (directoriesOf (root + "/hosts"))) hostOf;

      # A module may be a function of the flake that publishes it.
      isPublished = module: isFunction module && functionArgs module != { }
        && lib.all (name: elem name [ "flake" "inputs" ]) (attrNames (functionArgs module));
      load = path:
        let module = import path; in
        if isPublished module
        then { _file = toString path; imports = [ (module (intersectAttrs (functionArgs module) specialArgs)) ]; }
        else path;
      entries = path: lib.listToAttrs (filter (entry: entry != null) (map
        (name:
          if (readDir path).\${name} == "directory" && pathExists (path + "/\${name}/default.nix") then { inherit name; value = load (path + "/\${name}"); }
          else if lib.hasSuffix ".nix" name && name != "default.nix" then { name = lib.removeSuffix ".nix" name; value = load (path + "/\${name}"); }
          else null)
        (attrNames (readDir path))));
      found = lib.genAttrs (directoriesOf (root + "/modules")) (type: entries (root + "/modules/\${type}"));
    in
    adios.mkFlake {
      inherit inputs self systems perSystem flake;
      modules = [
        {
          nixosConfigurations = hosts;
          modules = found;
          nixosModules = found.nixos or { };
          lib = if pathExists (root + "/lib/default.nix") then import (root + "/lib/default.nix") specialArgs else { };
        }
      ];
    };
in
{
  inherit mkFlake;
  modules = { };
}
`;
