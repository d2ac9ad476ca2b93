// flake-utils-plus: `mkFlake` with `hosts`, each a NixOS system with `hostDefaults`. Follows afcb15b (2025-02):
// `channels`, `output`, `builder`, names that are reversed domain names.

import type { Value } from "../../eval/value.ts";
import type { FlakeContext } from "../context.ts";
import { type Adapter, runNix } from "./adapter.ts";
import { flakeUtilsLib } from "./flake-utils.ts";

export const flakeUtilsPlus: Adapter = {
  repositories: ["gytis-ivaskevicius/flake-utils-plus"],
  outputs: (context) => ({ lib: runFlakeUtilsPlus(context) }),
};

/** Its `lib`; exported for the frameworks that build on it. */
export function runFlakeUtilsPlus(context: FlakeContext): Value {
  const { lib } = context.nixpkgs;
  return runNix(context, program, lib, runNix(context, flakeUtilsLib, lib));
}

const program = `
lib: utils:
let
  ownArguments = [
    "self" "inputs" "supportedSystems" "channels" "channelsConfig" "sharedOverlays" "hostDefaults" "hosts"
    "outputsBuilder" "defaultSystem" "nixosProfiles"
  ];

  mkFlake = { self, inputs, hosts ? { }, hostDefaults ? { }, channels ? { }, outputsBuilder ? (_: { }), sharedOverlays ? [ ], channelsConfig ? { }
    , supportedSystems ? utils.defaultSystems, ... }@args:
    let
      setting = name: host: fallback: host.\${name} or hostDefaults.\${name} or fallback;
      channelName = host: setting "channelName" host "nixpkgs";
      inputOf = channel: channels.\${channel}.input or inputs.\${channel};
      mkHost = name: host:
        let
          labels = lib.reverseList (lib.splitString "." name);
          domain = lib.concatStringsSep "." (lib.tail labels);
        in
        (setting "builder" host ((inputOf (channelName host)).lib.nixosSystem)) {
          system = setting "system" host "x86_64-linux";
          modules = [
            {
              networking.hostName = lib.head labels;
              networking.domain = if domain == "" then lib.mkDefault null else domain;
              nixpkgs.overlays = sharedOverlays;
              _module.args = { inherit inputs; } // (hostDefaults.extraArgs or { }) // (host.extraArgs or { });
            }
          ] ++ (hostDefaults.modules or [ ]) ++ (host.modules or [ ]);
          specialArgs = { channel = packagesOf (setting "system" host "x86_64-linux") (channelName host); }
            // (hostDefaults.specialArgs or { }) // (host.specialArgs or { });
        };
      channelNames = [ "nixpkgs" ] ++ lib.attrNames channels;
      packagesOf = system: channel: import (inputOf channel) {
        inherit system;
        overlays = sharedOverlays;
        config = channelsConfig // (channels.\${channel}.config or { });
      } // { name = channel; input = inputOf channel; };
      isNixos = _: host: setting "output" host "nixosConfigurations" == "nixosConfigurations";
    in
    removeAttrs args ownArguments // {
      nixosConfigurations = lib.mapAttrs mkHost (lib.filterAttrs isNixos hosts);
      pkgs = lib.genAttrs supportedSystems (system: lib.genAttrs channelNames (packagesOf system));
    };
in
utils // {
  inherit mkFlake;
  exportModules = modules: lib.listToAttrs (map (path: { name = lib.removeSuffix ".nix" (baseNameOf path); value = path; }) modules);
  exportOverlays = _: { };
  exportPackages = _: _: { };
}
`;
