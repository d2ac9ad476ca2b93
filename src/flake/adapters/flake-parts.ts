// flake-parts: a flake as modules. `flake` is a lazy submodule, `perSystem` is evaluated only when a system is asked
// for, so that hosts never wait for packages and dev shells.

import type { FlakeContext } from "../context.ts";
import { type Adapter, outputsOf, runNix } from "./adapter.ts";
import { flakePartsModules } from "./flake-parts-modules.ts";

export const flakeParts: Adapter = {
  repositories: ["hercules-ci/flake-parts"],
  outputs: (context) =>
    outputsOf(runNix(context, program, context.nixpkgs.lib, context.evalFlakeModules, modulesOf(context))),
};

function modulesOf(context: FlakeContext) {
  return runNix(context, flakePartsModules);
}

const program = `
lib: evalFlakeModules: modules:
let
  inherit (lib) mkOption types;

  deferredModuleWith = attrs: types.deferredModuleWith attrs;

  flake-parts-lib = {
    inherit deferredModuleWith evalFlakeModule mkFlake;
    inherit (lib) importApply;
    mkSubmoduleOptions = options: mkOption {
      type = types.submoduleWith { modules = [ { inherit options; } ]; };
    };
    mkDeferredModuleType = module: deferredModuleWith { staticModules = [ module ]; };
    mkDeferredModuleOption = module: mkOption {
      type = deferredModuleWith { staticModules = [ module ]; };
    };
    mkPerSystemType = module: deferredModuleWith { staticModules = [ module ]; };
    mkPerSystemOption = module: mkOption {
      type = deferredModuleWith { staticModules = [ module ]; };
    };
    mkTransposedPerSystemModule = { name, option, file ? "" }: {
      options.flake = flake-parts-lib.mkSubmoduleOptions {
        \${name} = mkOption { type = types.lazyAttrsOf option.type; default = { }; };
      };
      options.perSystem = flake-parts-lib.mkPerSystemOption { options.\${name} = option; };
      config.transposition.\${name} = { };
    };
    mkAliasOptionModule = lib.mkAliasOptionModule;
    memoizeStr = f: f;
    attrsWith = types.attrsOf;
  };

  evalFlakeModule =
    args@{ inputs ? self.inputs, self ? inputs.self, specialArgs ? { }, moduleLocation ? "\${self.outPath}/flake.nix" }:
    module:
    evalFlakeModules {
      specialArgs = {
        inherit self flake-parts-lib moduleLocation lib;
        inputs = args.inputs or self.inputs;
      } // specialArgs;
      modules = [
        (modules.base { inherit flake-parts-lib evalFlakeModules; })
        { _file = moduleLocation; imports = [ module ]; }
      ];
      class = "flake";
    };

  mkFlake = args: module: (evalFlakeModule args module).config.flake;
in
{
  lib = flake-parts-lib;
  flakeModules = {
    modules = modules.modules;
    flakeModules = modules.flakeModules;
    easyOverlay = { };
    bundlers = { };
    partitions = { };
    touchup = { };
  };
  flakeModule = { };
  templates = { };
}
`;
