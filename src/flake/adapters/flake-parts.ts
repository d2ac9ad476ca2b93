// flake-parts: a flake as modules. Follows hercules-ci/flake-parts 427bf4b (2026-08). `flake` is a lazy submodule, and
// `perSystem` is evaluated only when a system is asked for, so that hosts never wait for packages and dev shells.

import { define } from "../../eval/native.ts";
import { force } from "../../eval/thunk.ts";
import { type Attrs, attrsOf, type Lazy, NixPath, type Value } from "../../eval/value.ts";
import type { FlakeContext } from "../context.ts";
import { type Adapter, outputsOf, runNix } from "./adapter.ts";
import { flakePartsExtras } from "./flake-parts-extras.ts";
import { flakePartsModules } from "./flake-parts-modules.ts";
import { outputOptions } from "./output-options.ts";

export const flakeParts: Adapter = {
  repositories: ["hercules-ci/flake-parts"],
  outputs: (context) => outputsOf(runNix(context, program, givenTo(context))),
};

function givenTo(context: FlakeContext): Attrs {
  return attrsOf({
    lib: context.nixpkgs.lib,
    evalModules: context.evalFlakeModules,
    outputOptions: runNix(context, outputOptions, context.nixpkgs.lib),
    core: runNix(context, flakePartsModules),
    extras: runNix(context, flakePartsExtras),
    flakeAt: define("flakeAt", 1, ([path]) => flakeAt(context, path ?? null)),
  });
}

/** The flake in a directory of the tree; a reference is for \`builtins.getFlake\`. */
function flakeAt(context: FlakeContext, lazy: Lazy): Value {
  const path = force(lazy);
  return path instanceof NixPath ? context.flakeAt(path.path) : path;
}

const program = `
{ lib, evalModules, outputOptions, core, extras, flakeAt }:
let
  inherit (lib) mkOption types;

  isFlake = value: (value._type or null) == "flake" || value ? inputs && value ? outputs && value ? sourceInfo;
  perSystemType = module: types.deferredModuleWith { staticModules = [ module ]; };

  flake-parts-lib = {
    inherit evalFlakeModule;
    inherit (lib) importApply mkAliasOptionModule;
    inherit (types) attrsWith deferredModuleWith;
    memoizeStr = f: f;
    mkSubmoduleOptions = options: mkOption { type = types.submoduleWith { modules = [ { inherit options; } ]; }; };
    mkPerSystemType = perSystemType;
    mkDeferredModuleType = perSystemType;
    mkPerSystemOption = module: mkOption { type = perSystemType module; };
    mkDeferredModuleOption = flake-parts-lib.mkPerSystemOption;
    mkTransposedPerSystemModule = { name, option, file ? "" }: {
      _file = file;
      options.flake.\${name} = mkOption { type = types.lazyAttrsOf option.type; default = { }; };
      options.perSystem = flake-parts-lib.mkPerSystemOption { _file = file; options.\${name} = option; };
      config.transposition.\${name} = { };
    };
    defaultModule = flake: if isFlake flake then flake.flakeModules.default or flake else flake;
    importAndPublish = name: module: {
      _class = "flake";
      imports = [ module optional.modules ];
      flake.modules.flake.\${name} = module;
    };
    mkFlake = args: module: (evalFlakeModule args module).config.processedFlake;
  };

  given = { inherit flake-parts-lib evalModules outputOptions flakeAt; };
  optional = extras given;

  evalFlakeModule =
    args@{ inputs ? self.inputs, self ? inputs.self, specialArgs ? { }, moduleLocation ? "\${self.outPath}/flake.nix" }:
    module:
    evalModules {
      specialArgs = {
        inherit self flake-parts-lib moduleLocation;
        inputs = args.inputs or self.inputs;
      } // specialArgs;
      modules = [ (core given) { _file = moduleLocation; imports = [ module ]; } ];
      class = "flake";
    };
in
{
  lib = flake-parts-lib;
  flakeModules = optional;
  templates = { };
}
`;
