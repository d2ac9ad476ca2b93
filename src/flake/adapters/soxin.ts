// soxin: flake-utils-plus with hosts that have a mode, and modules that all of them share. Follows SoxinOS/soxin 9ea558f
// (2025-12). Its own modules are not read.

import { force } from "../../eval/thunk.ts";
import { Unknown } from "../../eval/unknown.ts";
import { Attrs } from "../../eval/value.ts";
import { type Adapter, outputsOf, runNix } from "./adapter.ts";
import { runFlakeUtilsPlus } from "./flake-utils-plus.ts";

export const soxin: Adapter = {
  repositories: ["soxinos/soxin"],
  outputs: (context, facts) => {
    const unread = new Unknown("input", `the modules of the input \`${facts.name}\``, null, { input: facts.name });
    const inputs = force(facts.inputs);
    const own = inputs instanceof Attrs ? inputs : new Attrs(new Map());
    return outputsOf(runNix(context, program, context.nixpkgs.lib, runFlakeUtilsPlus(context), own, unread));
  },
};

const program = `
lib: utils: own: unread:
let
  nixosModules = { soxin = unread; };
  soxin = { inherit nixosModules; nixosModule = unread; };

  mkFlake = { inputs, hosts ? { }, hostDefaults ? { }, withSops ? false, extraGlobalModules ? [ ], extraNixosModules ? [ ]
    , globalSpecialArgs ? { }, nixosSpecialArgs ? { }, channels ? { }, ... }@args:
    let
      inputOf = name: inputs.\${name} or own.\${name};
      home-manager = inputOf "home-manager";
      nixos = lib.filterAttrs (_: host: host.mode == "NixOS") hosts;
      hostOf = _: host: removeAttrs host [ "deploy" "mode" ] // {
        modules = (host.modules or [ ]) ++ extraNixosModules
          ++ lib.optional withSops (inputOf "sops-nix").nixosModules.sops
          ++ [ home-manager.nixosModules.home-manager { home-manager.extraSpecialArgs = host.specialArgs or { }; } ];
        specialArgs = { inherit home-manager inputs soxin; soxincfg = inputs.self; inherit (host) mode; }
          // (host.specialArgs or { }) // globalSpecialArgs // nixosSpecialArgs;
      };
      used = [
        "home-managers" "withDeploy" "withSops" "extraGlobalModules" "extraHomeManagerModules" "extraNixosModules"
        "extraNixDarwinModules" "globalSpecialArgs" "hmSpecialArgs" "nixosSpecialArgs" "nixDarwinSpecialArgs"
      ];
    in
    utils.mkFlake (removeAttrs args used // {
      inherit (inputs) self;
      hosts = lib.mapAttrs hostOf nixos;
      hostDefaults = hostDefaults // {
        modules = (hostDefaults.modules or [ ]) ++ extraGlobalModules ++ [ unread ];
      };
    });
in
soxin // { lib = { inherit mkFlake; }; }
`;
