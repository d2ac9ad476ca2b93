// flake-utils-plus: `mkFlake` with `hosts`, each a NixOS system with `hostDefaults`.

import { type Adapter, runNix } from "./adapter.ts";
import { flakeUtilsLib } from "./flake-utils.ts";

export const flakeUtilsPlus: Adapter = {
  repositories: ["gytis-ivaskevicius/flake-utils-plus"],
  outputs: (context) => {
    const { lib } = context.nixpkgs;
    const utils = runNix(context, "flake-utils", flakeUtilsLib, lib);
    return { lib: runNix(context, "flake-utils-plus", program, lib, utils) };
  },
};

const program = `
lib: utils:
let
  ownArguments = [
    "self" "inputs" "supportedSystems" "channels" "channelsConfig" "sharedOverlays" "hostDefaults" "hosts"
    "outputsBuilder" "defaultSystem" "nixosProfiles"
  ];

  mkFlake = { self, inputs, hosts ? { }, hostDefaults ? { }, channels ? { }, outputsBuilder ? (_: { }), sharedOverlays ? [ ], ... }@args:
    let
      setting = name: host: fallback: host.\${name} or hostDefaults.\${name} or fallback;
      channelOf = host: channels.\${setting "channelName" host "nixpkgs"}.input or inputs.nixpkgs;
      mkHost = name: host:
        (setting "builder" host ((channelOf host).lib.nixosSystem)) {
          system = setting "system" host "x86_64-linux";
          modules = (hostDefaults.modules or [ ]) ++ (host.modules or [ ]) ++ [
            {
              networking.hostName = lib.mkDefault (lib.last (lib.splitString "." name));
              nixpkgs.overlays = sharedOverlays;
              _module.args = (hostDefaults.extraArgs or { }) // (host.extraArgs or { });
            }
          ];
          specialArgs = { inherit inputs; } // (hostDefaults.specialArgs or { }) // (host.specialArgs or { });
        };
      isNixos = _: host: setting "output" host "nixosConfigurations" == "nixosConfigurations";
    in
    removeAttrs args ownArguments // {
      nixosConfigurations = lib.mapAttrs mkHost (lib.filterAttrs isNixos hosts);
    };
in
utils // {
  inherit mkFlake;
  exportModules = modules: lib.listToAttrs (map (path: { name = lib.removeSuffix ".nix" (baseNameOf path); value = path; }) modules);
  exportOverlays = _: { };
  exportPackages = _: _: { };
}
`;
