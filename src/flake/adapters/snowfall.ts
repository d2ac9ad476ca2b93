// snowfall-lib: systems, modules, homes and a library, each found by where it lies. Follows snowfallorg/lib 6ee3542
// (2026-07) and its fork anntnzrb/snowfall-lib bb22632, whose systems may be private (`_name`).

import { type Adapter, outputsOf, runNix } from "./adapter.ts";
import { runFlakeUtilsPlus } from "./flake-utils-plus.ts";

export const snowfall: Adapter = {
  repositories: ["snowfallorg/lib", "anntnzrb/snowfall-lib"],
  outputs: (context) =>
    outputsOf(runNix(context, program, context.nixpkgs.lib, runFlakeUtilsPlus(context), context.nixpkgs.flake)),
};

const program = `
ownLib: utils: nixpkgs:
let
  inherit (builtins) attrNames attrValues baseNameOf concatMap filter foldl' isAttrs isFunction pathExists readDir;
  inherit (ownLib) filterAttrs hasInfix hasPrefix listToAttrs mapAttrs mapAttrsToList mkDefault optionals recursiveUpdate removePrefix removeSuffix;

  entriesOf = path: if pathExists path then readDir path else { };
  directoriesOf = path: map (name: "\${path}/\${name}") (attrNames (filterAttrs (_: type: type == "directory") (entriesOf path)));
  filesBelow = path: concatMap
    (name:
      let type = (entriesOf path).\${name}; in
      if type == "directory" then filesBelow "\${path}/\${name}" else if type == "regular" then [ "\${path}/\${name}" ] else [ ])
    (attrNames (entriesOf path));
  defaultsBelow = path: filter (file: baseNameOf file == "default.nix") (filesBelow path);
  mergeDeep = foldl' recursiveUpdate { };

  # Formats other than a plain installation, as in \`systems/x86_64-iso\`.
  formats = [
    "amazon" "azure" "cloudstack" "do" "docker" "gce" "hyperv" "install-iso-hyperv" "install-iso" "iso" "kexec-bundle" "kexec"
    "kubevirt" "lxc-metadata" "lxc" "openstack" "proxmox-lxc" "proxmox" "qcow" "raw-efi" "raw" "sd-aarch64-installer"
    "sd-aarch64" "vagrant-virtualbox" "virtualbox" "vm-bootloader" "vm-nogui" "vmware" "vm"
  ];
  formatOf = target: foldl' (found: format: if found == "" && hasInfix format target then format else found) "" formats;

  # Users of a system, with a home of their own.
  usersModule = { config, lib, ... }:
    let inherit (lib) mkOption types; in
    {
      key = "snowfall:users";
      imports = [ (lib.mkRenamedOptionModule [ "snowfallorg" "user" ] [ "snowfallorg" "users" ]) ];
      options.snowfallorg.users = mkOption {
        default = { };
        type = types.attrsOf (types.submodule ({ name, ... }: {
          options = {
            create = mkOption { type = types.bool; default = true; };
            admin = mkOption { type = types.bool; default = true; };
            home.enable = mkOption { type = types.bool; default = true; };
            home.path = mkOption { type = types.str; default = "/home/\${name}"; };
            home.config = mkOption { type = types.deferredModule; default = { }; };
          };
        }));
      };
      config.users.users = mapAttrs
        (name: user: {
          isNormalUser = mkDefault true;
          name = mkDefault name;
          home = mkDefault user.home.path;
          group = mkDefault "users";
          extraGroups = optionals user.admin [ "wheel" ];
        })
        (filterAttrs (_: user: user.create) config.snowfallorg.users);
    };

  mkLib = { inputs, src, snowfall ? { }, ... }:
    let
      root = toString (snowfall.root or src);
      namespace = snowfall.namespace or "internal";
      below = path: "\${root}/\${path}";

      # A module is named by the path of its directory; its arguments are those of the system.
      modulesBelow = directory: listToAttrs (map
        (file: { name = removePrefix "/" (removeSuffix "/default.nix" (removePrefix directory file)); value = file; })
        (defaultsBelow directory));

      fs = {
        get-file = path: "\${toString src}/\${path}";
        get-snowfall-file = below;
        get-directories = directoriesOf;
        get-files = path: filter (file: (entriesOf path).\${baseNameOf file} == "regular") (map (name: "\${path}/\${name}") (attrNames (entriesOf path)));
        get-files-recursive = filesBelow;
        get-nix-files = path: filter (ownLib.hasSuffix ".nix") (fs.get-files path);
        get-nix-files-recursive = path: filter (ownLib.hasSuffix ".nix") (filesBelow path);
        get-default-nix-files-recursive = defaultsBelow;
        get-non-default-nix-files = path: filter (file: baseNameOf file != "default.nix") (fs.get-nix-files path);
        get-non-default-nix-files-recursive = path: filter (file: baseNameOf file != "default.nix") (fs.get-nix-files-recursive path);
      };
      own = {
        inherit fs;
        attrs = {
          merge-deep = mergeDeep;
          merge-shallow = foldl' (a: b: a // b) { };
          map-concat-attrs-to-list = f: attrs: ownLib.flatten (mapAttrsToList f attrs);
        };
        module.create-modules = { src, overrides ? { }, alias ? { } }:
          let found = modulesBelow (toString src); in found // mapAttrs (_: name: found.\${name}) alias // overrides;
      };

      inputLibs = mapAttrs (_: input: input.lib) (filterAttrs (name: input: name != "self" && isAttrs (input.lib or null)) inputs);
      baseLib = ownLib // inputLibs // { inherit mkFlake; snowfall = own; };
      userLib = mergeDeep (map
        (file:
          let module = import file; in
          if isFunction module then module (builtins.intersectAttrs (builtins.functionArgs module) libArgs) else module)
        (defaultsBelow (below "lib")));
      libArgs = {
        inputs = removeAttrs inputs [ "self" "src" ];
        snowfall-inputs = { };
        inherit namespace;
        lib = baseLib // { \${namespace} = userLib; };
      };
      systemLib = baseLib // { \${namespace} = userLib; };

      homeOf = target: directory:
        let parts = ownLib.splitString "@" (baseNameOf directory); in
        {
          name = baseNameOf directory;
          path = "\${directory}/default.nix";
          system = baseNameOf target;
          user = ownLib.head parts;
          host = if ownLib.length parts > 1 then ownLib.elemAt parts 1 else "";
        };
      homesFound = concatMap
        (target: map (homeOf target) (filter (home: pathExists "\${home}/default.nix") (directoriesOf target)))
        (directoriesOf (below "homes"));

      homeModules = homes: { lib, host, system, ... }: {
        _file = below "homes";
        home-manager = {
          sharedModules = homes.modules or [ ] ++ attrValues (modulesBelow (below "modules/home"));
          useGlobalPkgs = mkDefault true;
          extraSpecialArgs = { inherit host system namespace inputs; };
          users = lib.mkMerge (map
            (home: lib.mkIf (home.host == host || (home.host == "" && home.system == system)) {
              \${home.user}.imports = (homes.users.\${home.name}.modules or [ ]) ++ [ home.path ];
            })
            homesFound);
        };
      };

      systemsFound = concatMap
        (target: map
          (directory:
            let
              base = baseNameOf directory;
              private = hasPrefix "_" base;
            in
            { target = baseNameOf target; name = removePrefix "_" base; path = "\${directory}/default.nix"; inherit private; })
          (filter (system: pathExists "\${system}/default.nix") (directoriesOf target)))
        (directoriesOf (below "systems"));

      hostOf = options: homes: { target, name, path, private }:
        let
          overrides = options.hosts.\${name} or { };
          format = formatOf target;
          isDarwin = hasInfix "darwin" target;
          system = if format == "" then target else builtins.replaceStrings [ format ] [ "linux" ] target;
          class = if isDarwin then "darwin" else "nixos";
        in
        {
          inherit name;
          value = {
            inherit system;
            channelName = overrides.channelName or "nixpkgs";
            output = overrides.output or (
              if format != "" then "\${format}Configurations" else if isDarwin then "darwinConfigurations" else "nixosConfigurations");
            builder = overrides.builder or nixpkgs.lib.nixosSystem;
            modules = [ path ]
              ++ optionals (!private) (attrValues (modulesBelow (below "modules/\${class}")))
              ++ overrides.modules or [ ]
              ++ options.modules.\${class} or [ ]
              ++ [ usersModule ]
              ++ optionals (inputs ? home-manager) [ inputs.home-manager.nixosModules.home-manager (homeModules homes) ];
            specialArgs = overrides.specialArgs or { } // {
              inherit target system namespace;
              systems = { };
              lib = systemLib;
              host = name;
              virtual = format != "";
              format = if format != "" then format else "linux";
              inputs = removeAttrs inputs [ "src" ];
            };
          };
        };

      mkFlake = options:
        let
          used = [
            "systems" "modules" "overlays" "packages" "outputs-builder" "outputsBuilder" "packagesPrefix" "hosts" "homes"
            "channels-config" "templates" "checks" "alias" "snowfall" "extra-exported-overlays" "shells"
          ];
        in
        utils.mkFlake (removeAttrs options used // {
          inherit (inputs) self;
          inherit inputs;
          hosts = listToAttrs (map (hostOf (options.systems or { }) (options.homes or { })) systemsFound);
          lib = userLib;
          nixosModules = modulesBelow (below "modules/nixos") // options.modules.nixos or { };
          homeModules = modulesBelow (below "modules/home") // options.modules.home or { };
          snowfall = { config = snowfall // { inherit root namespace; }; user-lib = userLib; };
        });
    in
    mergeDeep [ systemLib userLib ];
in
{
  inherit mkLib;
  mkFlake = options: (mkLib {
    inherit (options) inputs src;
    snowfall = options.snowfall or { };
  }).mkFlake (removeAttrs options [ "inputs" "src" ]);
  nixosModules.user = usersModule;
}
`;
