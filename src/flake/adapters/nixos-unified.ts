// nixos-unified: flake-parts with hosts found in `configurations/nixos`. Follows srid/nixos-unified 05fd335 (2025-10).

import { type Adapter, outputsOf, runNix } from "./adapter.ts";

export const nixosUnified: Adapter = {
  repositories: ["srid/nixos-unified", "srid/nixos-flake"],
  outputs: (context) => outputsOf(runNix(context, program)),
};

const program = `
let
  inherit (builtins) attrNames filter head listToAttrs pathExists readDir tail;

  # \`{ name = f path; }\` for \`name.nix\` and \`name/default.nix\` in a directory.
  forFiles = lib: directory: f:
    let
      entries = if pathExists directory then readDir directory else { };
      isModule = name:
        if entries.\${name} == "directory" then pathExists "\${directory}/\${name}/default.nix"
        else entries.\${name} == "regular" && lib.hasSuffix ".nix" name;
    in
    listToAttrs (map
      (name: { name = lib.removeSuffix ".nix" name; value = f "\${directory}/\${name}"; })
      (filter isModule (attrNames entries)));

  library = { self, inputs, config, lib, ... }:
    let
      specialArgsFor = rec {
        common.flake = { inherit self inputs config; };
        nixos = common;
        darwin = common;
      };
      homeManager = {
        imports = [
          inputs.home-manager.nixosModules.home-manager
          {
            home-manager.useGlobalPkgs = true;
            home-manager.useUserPackages = true;
            home-manager.extraSpecialArgs = specialArgsFor.nixos;
          }
        ];
      };
      mkLinuxSystem = { home-manager ? false }: module: inputs.nixpkgs.lib.nixosSystem {
        specialArgs = specialArgsFor.nixos;
        modules = [ module ] ++ lib.optional home-manager homeManager;
      };
    in
    {
      key = "nixos-unified";
      flake.nixos-unified.lib = { inherit specialArgsFor mkLinuxSystem; };
    };

  autoWire = { self, lib, ... }:
    let found = directory: forFiles lib "\${self}/\${directory}"; in
    {
      key = "nixos-unified:autoWire";
      flake = {
        nixosConfigurations = found "configurations/nixos" (self.nixos-unified.lib.mkLinuxSystem { home-manager = true; });
        nixosModules = found "modules/nixos" (file: file);
        darwinModules = found "modules/darwin" (file: file);
        homeModules = found "modules/home" (file: file);
        overlays = found "overlays" (file: import file self.nixos-unified.lib.specialArgsFor.common);
      };
    };

  mkFlake = { inputs, root, systems ? [ "x86_64-linux" "x86_64-darwin" "aarch64-linux" "aarch64-darwin" ], specialArgs ? { } }:
    let
      places = [ "nix/modules/flake" "modules/flake" "nix/modules/flake-parts" "modules/flake-parts" ];
      first = candidates:
        if candidates == [ ] then throw "none of the directories \${toString places} exists"
        else if pathExists "\${toString root}/\${head candidates}" then "\${toString root}/\${head candidates}"
        else first (tail candidates);
      directory = first places;
    in
    inputs.flake-parts.lib.mkFlake { inherit inputs specialArgs; } {
      inherit systems;
      _module.args = { inherit root; };
      imports = map (name: "\${directory}/\${name}") (attrNames (readDir directory));
    };
in
rec {
  lib = { inherit mkFlake; };
  flakeModules = { default = library; inherit autoWire; };
  flakeModule = library;
}
`;
