// den: hosts and their users, configured by aspects that hold modules by class. Follows vic/den 815076e (2026-04), as far
// as contexts of hosts and users go; what a host gives to its users (`provides.to-users`) needs no battery, as in
// later versions.

import { type Adapter, outputsOf, runNix } from "./adapter.ts";
import { denAspects } from "./den-aspects.ts";

export const den: Adapter = {
  repositories: ["vic/den", "denful/den"],
  outputs: (context) => outputsOf(runNix(context, program, runNix(context, denAspects))),
};

const program = `
aspects:
let
  flakeOption = { lib, ... }: {
    options.flake = lib.mkOption { type = lib.types.submodule { freeformType = lib.types.lazyAttrsOf lib.types.raw; }; default = { }; };
  };

  module = { config, inputs, lib, ... }:
    let
      inherit (lib) mkOption types;
      inherit (config) den;
      inherit (aspects { inherit lib den; }) aspectType providerType modulesIn batteries library;

      text = default: mkOption { type = types.str; inherit default; };
      aspect = name: mkOption { type = types.raw; default = den.aspects.\${name} or { }; };

      userType = host: types.submodule ({ name, config, ... }: {
        freeformType = types.lazyAttrsOf types.anything;
        imports = [ (den.schema.conf or { }) (den.schema.user or { }) ];
        config._module.args = { inherit host; user = config; };
        options = {
          name = text name;
          userName = text name;
          classes = mkOption { type = types.listOf types.str; default = [ "user" ]; };
          aspect = aspect config.name;
          host = mkOption { type = types.raw; default = host; };
        };
      });

      hostType = system: types.submodule ({ name, config, ... }: {
        freeformType = types.lazyAttrsOf types.anything;
        imports = [ (den.schema.conf or { }) (den.schema.host or { }) ];
        config._module.args.host = config;
        options = {
          name = text name;
          hostName = text config.name;
          system = text system;
          class = text (if lib.hasSuffix "darwin" config.system then "darwin" else "nixos");
          aspect = aspect config.name;
          description = text "";
          users = mkOption { type = types.lazyAttrsOf (userType config); default = { }; };
          instantiate = mkOption { type = types.raw; default = inputs.nixpkgs.lib.nixosSystem; };
          intoAttr = mkOption { type = types.listOf types.str; default = [ "\${config.class}Configurations" config.name ]; };
          mainModule = mkOption { type = types.raw; default = { imports = modulesOf config; }; };
        };
      });

      # The modules of a host: its aspect, the default one, and what its users bring or are given.
      modulesOf = host:
        let
          from = class: context: all: lib.concatMap (modulesIn class context) all;
          ofHost = class: from class { inherit host; } ([ host.aspect den.default ] ++ host.includes or [ ] ++ contextIncludes "host");
          mutual = user: [
            (host.aspect.provides.to-users or { })
            (host.aspect.provides.\${user.aspect.name or user.name} or { })
            (user.aspect.provides.to-hosts or { })
            (user.aspect.provides.\${host.aspect.name or host.name} or { })
          ];
          ofUser = class: user: from class { inherit host user; }
            ([ user.aspect { inherit (den.default) includes; } ] ++ user.includes or [ ] ++ contextIncludes "user" ++ mutual user);
          account = user: { users.users.\${user.userName} = { imports = ofUser "user" user; }; };
          home = user: lib.optional (lib.elem "homeManager" user.classes) {
            home-manager.users.\${user.userName}.imports = ofUser "homeManager" user;
          };
          users = lib.attrValues host.users;
        in
        lib.concatMap ofHost [ host.class "os" ]
        ++ lib.concatMap (user: lib.concatMap (class: ofUser class user) [ host.class "os" ] ++ home user ++ [ (account user) ]) users;

      contextIncludes = kind: den.ctx.\${kind}.includes or [ ];

      systemOf = host: host.instantiate {
        modules = [ host.mainModule { nixpkgs.hostPlatform = lib.mkDefault host.system; } ];
      };
      hosts = lib.concatMap lib.attrValues (lib.attrValues den.hosts);
      isNixos = host: lib.head (host.intoAttr ++ [ "" ]) == "nixosConfigurations";
    in
    {
      key = "den";
      imports = lib.optional (!(inputs ? flake-parts)) flakeOption;
      options.den = {
        hosts = mkOption {
          default = { };
          type = types.lazyAttrsOf (types.submodule ({ name, ... }: { freeformType = types.lazyAttrsOf (hostType name); }));
        };
        homes = mkOption { type = types.raw; default = { }; };
        aspects = mkOption { type = types.lazyAttrsOf aspectType; default = { }; };
        default = mkOption { type = aspectType; default = { }; };
        schema = mkOption { type = types.submodule { freeformType = types.lazyAttrsOf types.deferredModule; }; default = { }; };
        ctx = mkOption { type = types.lazyAttrsOf aspectType; default = { }; };
        provides = mkOption { type = types.lazyAttrsOf providerType; default = { }; };
        _ = mkOption { type = types.raw; default = den.provides; };
        ful = mkOption { type = types.lazyAttrsOf (types.lazyAttrsOf aspectType); default = { }; };
        lib = mkOption { type = types.lazyAttrsOf types.raw; default = { }; };
        fxPipeline = mkOption { type = types.bool; default = true; };
      };
      config = {
        _module.args.den = den;
        den.default = { };
        den.provides = batteries;
        den.lib = lib.mapAttrs (_: lib.mkDefault) library;
        flake.nixosConfigurations = lib.listToAttrs
          (map (host: { name = lib.last host.intoAttr; value = systemOf host; }) (lib.filter isNixos hosts));
      };
    };

  namespace = name: sources: { config, lib, ... }: {
    imports = [ (lib.mkAliasOptionModule [ name ] [ "den" "ful" name ]) ]
      ++ map (source: { den.ful.\${name} = source.denful.\${name} or { }; }) (lib.filter lib.isAttrs (lib.flatten [ sources ]));
    config._module.args.\${name} = config.den.ful.\${name};
  };

  dendritic = { imports = [ module ]; };
in
{
  inherit namespace;
  flakeModule = module;
  flakeModules = { default = module; inherit dendritic; denTest = { }; strict = { }; };
  modules.flake = { default = module; inherit dendritic; };
  flakeOutputs = { flake = flakeOption; all = { }; };
}
`;
