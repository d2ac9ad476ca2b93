// The inventory of a clan: which machines a role of a service instance has, and the modules that they get for it.

export const clanInventory = `
{ lib, evalModules, isUnknown, placedAt, inventory, meta, directory, inputs, ownModules, coreServices, clanLib, exports, outputOptions, ... }:
let
  inherit (lib) attrNames attrValues concatMap elem filter filterAttrs genAttrs mapAttrs mapAttrsToList mkOption types;

  inherit (outputOptions) attrsOf open rawAttrs;

  deferred = mkOption { type = types.deferredModule; default = { }; };
  settings = deferred;
  members = mkOption {
    default = { };
    type = types.coercedTo (types.listOf types.str) (names: genAttrs names (_: { }))
      (types.attrsOf (types.submodule { options = { inherit settings; }; }));
  };
  role = {
    options = {
      inherit settings;
      machines = members;
      tags = members;
      extraModules = mkOption { type = types.listOf types.raw; default = [ ]; };
    };
  };
  instance = { name, ... }: {
    options = {
      module.name = mkOption { type = types.str; default = name; };
      module.input = mkOption { type = types.nullOr types.str; default = null; };
      roles = attrsOf (types.submodule role);
    };
  };

  interface = { config, ... }: {
    freeformType = types.lazyAttrsOf types.raw;
    options = {
      meta = open;
      modules = rawAttrs;
      machines = mkOption {
        default = { };
        type = types.lazyAttrsOf (types.submodule ({ name, ... }: {
          freeformType = types.lazyAttrsOf types.raw;
          options = {
            name = mkOption { type = types.str; default = name; };
            description = mkOption { type = types.nullOr types.str; default = null; };
            machineClass = mkOption { type = types.str; default = "nixos"; };
            tags = mkOption { type = types.listOf types.str; default = [ ]; };
          };
          config.tags = attrNames (filterAttrs (_: elem name) config.tags);
        }));
      };
      tags = mkOption {
        default = { };
        type = types.submoduleWith {
          specialArgs = { inherit (config) machines; };
          modules = [
            ({ machines, ... }: {
              freeformType = types.lazyAttrsOf (types.listOf types.str);
              config = mapAttrs (_: lib.mkDefault) {
                all = attrNames machines;
                nixos = attrNames (filterAttrs (_: machine: machine.machineClass == "nixos") machines);
                darwin = attrNames (filterAttrs (_: machine: machine.machineClass == "darwin") machines);
              };
            })
          ];
        };
      };
      instances = attrsOf (types.submodule instance);
    };
  };

  tagsOf = machine: inventory.machines.\${machine}.tags;
  isMember = role: machine: role.machines ? \${machine} || lib.any (tag: role.tags ? \${tag}) (tagsOf machine);
  machinesOf = role: filter (isMember role) (attrNames inventory.machines);

  # Settings of a machine in a role: those of the role, of its tags, and its own.
  settingsIn = role: machine:
    [ role.settings (role.machines.\${machine}.settings or { }) ]
    ++ map (tag: role.tags.\${tag}.settings) (filter (tag: role.tags ? \${tag}) (tagsOf machine));

  # "self" means the modules of this clan, also before the flake's outputs are known.
  modulesOf = input:
    if input == null then coreServices
    else if input == "self" then ownModules
    else inputs.\${input}.clan.modules;

  result = { options = { nixosModule = deferred; darwinModule = deferred; exports = rawAttrs; }; };
  serviceInterface = {
    freeformType = types.lazyAttrsOf types.raw;
    options = {
      manifest = open;
      perMachine = deferred;
      roles = attrsOf (types.submodule {
        freeformType = types.lazyAttrsOf types.raw;
        options = { interface = deferred; perInstance = deferred; };
      });
    };
  };

  evaluate = args: modules: evalModules { specialArgs = args; inherit modules; };
  none = _: { };

  # One service with all its instances.
  serviceOf = module: instances:
    let
      service = (evaluate { inherit clanLib lib directory meta exports; _ctx = [ ]; } [ serviceInterface module ]).config;
      settingsFor = role: roleName: modules:
        evaluate { inherit meta; } ([ (service.roles.\${roleName}.interface or { }) ] ++ modules);
      machineSettings = role: roleName: machine: settingsFor role roleName (settingsIn role machine);
      applied = instance: mapAttrs
        (roleName: role: {
          settings = (settingsFor role roleName [ role.settings ]).config;
          machines = genAttrs (machinesOf role) (machine: { settings = (machineSettings role roleName machine).config; });
        })
        instance.roles;
      rolesIn = roles: machine: attrNames (filterAttrs (_: role: role.machines ? \${machine}) roles);

      perInstance = instanceName: instance: roleName: role: machine:
        let roles = applied instance; in
        (evaluate
          {
            inherit instanceName roles exports meta lib;
            machine = { name = machine; roles = rolesIn roles machine; };
            settings = (machineSettings role roleName machine).config;
            extendSettings = more: ((machineSettings role roleName machine).extendModules { modules = lib.toList more; }).config;
            mkExports = none;
          } [ result (service.roles.\${roleName}.perInstance or { }) ]).config.nixosModule;

      perMachine = machine:
        let
          mine = filterAttrs (_: given: lib.any (role: isMember role machine) (attrValues given.roles)) instances;
          scope = mapAttrs (_: given: { roles = applied given; }) mine;
        in
        (evaluate
          {
            inherit exports meta lib;
            instances = scope;
            machine = {
              name = machine;
              roles = lib.unique (concatMap (given: rolesIn given.roles machine) (attrValues scope));
            };
            mkExports = none;
          } [ result service.perMachine ]).config.nixosModule;
    in
    { inherit perInstance perMachine; };

  # A service that is not on disk may define anything on its members.
  unreadService = module: { perInstance = _: _: _: _: _: module; perMachine = none; };

  keyOf = instance: "\${toString instance.module.input}:\${instance.module.name}";
  grouped = lib.groupBy ({ value, ... }: keyOf value) (mapAttrsToList (name: value: { inherit name value; }) inventory.instances);
  services = mapAttrs
    (_: list:
      let
        inherit ((lib.head list).value.module) input name;
        module = (modulesOf input).\${name};
        instances = lib.listToAttrs list;
      in
      { inherit instances; service = if isUnknown module then unreadService module else serviceOf module instances; })
    grouped;

  extra = module: if builtins.isString module then "\${toString directory}/\${module}" else module;

  importsFrom = machine: { instances, service }:
    let
      roles = concatMap (instanceName: mapAttrsToList
        (roleName: role: { inherit instanceName roleName role; instance = instances.\${instanceName}; })
        instances.\${instanceName}.roles) (attrNames instances);
      mine = filter ({ role, ... }: isMember role machine) roles;
    in
    concatMap
      ({ instanceName, instance, roleName, role }:
        [ (placedAt inventory.instances instanceName (service.perInstance instanceName instance roleName role machine)) ]
        ++ map extra role.extraModules)
      mine
    ++ lib.optional (mine != [ ]) (service.perMachine machine);
in
{
  inherit interface;
  importsOf = machine: concatMap (importsFrom machine) (attrValues services);
}
`;
