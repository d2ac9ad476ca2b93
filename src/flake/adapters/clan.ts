// clan-core: machines with tags, and services that give modules to them. Follows clan-core d7c35d9 (2026-08): `lib.clan`,
// `lib.buildClan`, the flake-parts module, `machines/<name>/`, `inventory.json`, the inventory and its services.

import { argument, define } from "../../eval/native.ts";
import { force } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attr, Attrs, attrsOf, type Lazy, List, type Value } from "../../eval/value.ts";
import type { FlakeContext } from "../context.ts";
import type { InputFacts } from "../input-values.ts";
import { type Adapter, outputsOf, runNix } from "./adapter.ts";
import { clanMachineModule } from "./clan-machine.ts";
import { clanModule } from "./clan-module.ts";
import { clanServices } from "./clan-services.ts";
import { outputOptions } from "./output-options.ts";

export const clan: Adapter = {
  repositories: ["clan/clan-core", "clan-lol/clan-core"],
  outputs: (context, facts) => outputsOf(runNix(context, program, givenTo(context, facts))),
};

function givenTo(context: FlakeContext, facts: InputFacts): Attrs {
  const unread = (what: string) =>
    new Unknown("input", `${what} of the input \`${facts.name}\`, which is not on disk`, null, { input: facts.name });
  const { lib } = context.nixpkgs;
  const { evalFlakeModules: evalModules } = context;
  const machineModule = runNix(context, clanMachineModule);
  const coreServices = runNix(context, clanServices, openSet(unread, "service"));
  return attrsOf({
    lib,
    evalModules,
    outputOptions: runNix(context, outputOptions, lib),
    coreServices,
    machineModule,
    otherModules: openSet(unread, "module"),
    exports: unread("what the services export"),
    darwinSystem: unread("the macOS machines"),
    coreInputs: facts.inputs,
    module: runNix(context, clanModule),
    placedAt: define("placedAt", 3, placedAt),
    isUnknown: define("isUnknown", 1, ([value]) => force(value as Lazy) instanceof Unknown),
  });
}

/** A module that stands where the attr of a set was written: what it defines is the doing of that attr. */
function placedAt(args: readonly Lazy[]): Value {
  const [set, name, module] = [force(argument(args, 0)), force(argument(args, 1)), argument(args, 2)];
  const span = set instanceof Attrs && typeof name === "string" ? (set.lookup(name)?.span ?? null) : null;
  return new Attrs(new Map([["imports", new Attr(new List([module]), span)]]));
}

/** Services and modules that are not described here may define anything. */
function openSet(unread: (what: string) => Unknown, kind: string): Attrs {
  return new Attrs(new Map(), unread(`the names of ${kind}s`), null, (name) => unread(`the ${kind} \`${name}\``));
}

const program = `
given@{ lib, evalModules, module, coreInputs, coreServices, machineModule, otherModules, ... }:
let
  clanLib = {
    fs = { inherit (builtins) pathExists readDir; };
    checkConfig = _: configuration: configuration;
    # A public value that a generator wrote into the repository.
    getPublicValue = { flake, generator, file, machine ? null, shared ? false, default ? null, ... }:
      let
        owner = if shared || machine == null then "shared" else "per-machine/\${machine}";
        path = "\${toString flake}/vars/\${owner}/\${generator}/\${file}/value";
      in
      if builtins.pathExists path then builtins.readFile path
      else if default != null then default
      else throw "no value of the generator \${generator} at \${path}";
  };

  core = {
    clan.modules = coreServices;
    inherit clanLib;
    lib = clanLib // { inherit clan buildClan; };
    nixosModules = otherModules // { clanCore = machineModule; };
  };

  root = module (given // { inherit clanLib core; });

  inputOf = name: self: self.inputs.\${name} or coreInputs.\${name} or null;

  clan = args:
    evalModules {
      class = "clan";
      specialArgs = { inherit (args) self; nixpkgs = inputOf "nixpkgs" args.self; };
      modules = [ root args ];
    };

  # The older spelling, which gave the machines themselves.
  buildClan = args: (clan (removeAttrs args [ "inventory" "directory" ] // {
    directory = args.directory or args.self;
    inventory = args.inventory or { };
  })).config;

  flakeModule = { self, config, lib, ... }: {
    _class = "flake";
    imports = [ (lib.mkRenamedOptionModule [ "clan" ] [ "flake" "clan" ]) ];
    options.flake.clan = lib.mkOption {
      default = { };
      type = lib.types.submoduleWith {
        class = "clan";
        specialArgs = { inherit self; nixpkgs = inputOf "nixpkgs" self; };
        modules = [ root { _dependencies.flake-config = config; } ];
      };
    };
    config.flake = {
      inherit (config.flake.clan) nixosConfigurations nixosModules darwinConfigurations clanInternals;
    };
  };
in
core // {
  flakeModule = flakeModule;
  flakeModules = { clan = flakeModule; default = flakeModule; };
  modules.clan.default = root;
}
`;
