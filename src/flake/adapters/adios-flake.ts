// adios-flake: outputs of a flake put together from modules, most of them per system. Follows Mic92/adios-flake 957ede2
// (2026-03); modules that need a system are not run, for no host comes from them.

import type { Value } from "../../eval/value.ts";
import type { FlakeContext } from "../context.ts";
import { type Adapter, runNix } from "./adapter.ts";

export const adiosFlake: Adapter = {
  repositories: ["mic92/adios-flake"],
  outputs: (context) => ({ lib: runAdiosFlake(context) }),
};

/** Its \`lib\`; exported for the framework that builds on it. */
export function runAdiosFlake(context: FlakeContext): Value {
  return runNix(context, program);
}

const program = `
let
  inherit (builtins) any attrNames elem filter foldl' functionArgs intersectAttrs isAttrs isFunction isPath listToAttrs map;

  perSystemArgs = [ "pkgs" "system" "inputs'" "self'" ];
  flakeOutputs = [
    "nixosConfigurations" "darwinConfigurations" "nixosModules" "darwinModules" "homeModules" "modules" "overlays"
    "templates" "lib"
  ];
  keep = names: set: listToAttrs (map (name: { inherit name; value = set.\${name}; }) (filter (name: set ? \${name}) names));

  mkFlake = { inputs, systems, modules ? [ ], perSystem ? null, config ? { }, flake ? { }, self ? inputs.self or null }:
    let
      inherit (inputs.nixpkgs) lib;
      withSystem = system: f: f (intersectAttrs (functionArgs f) { inherit lib system; pkgs = inputs.nixpkgs.legacyPackages.\${system}; });
      outputsOf = module:
        let value = if isPath module then import module else module; in
        if isFunction value then
          if any (name: functionArgs value ? \${name}) perSystemArgs then { }
          else value (intersectAttrs (functionArgs value) { inherit lib self withSystem; })
        else if any (name: value ? \${name}) [ "impl" "options" "inputs" ] then { }
        else value;
      own = if isFunction flake then flake (intersectAttrs (functionArgs flake) { inherit lib self withSystem; }) else flake;
      merge = all: set: all // lib.mapAttrs (name: value: all.\${name} or { } // value) set;
    in
    foldl' merge own (map (module: keep flakeOutputs (outputsOf module)) modules);
in
{ inherit mkFlake; }
`;
