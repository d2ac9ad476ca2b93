// What clan-core adds to every machine: options for state that is to be backed up, and for generated values, whose
// secrets come through sops-nix.

export const clanMachineModule = `
{ config, lib, ... }:
let
  inherit (lib) attrValues concatMap filter mkOption types;
  inherit (config.clan.core.settings) directory;
  text = default: mkOption { type = types.str; inherit default; };
  maybeText = mkOption { type = types.nullOr types.str; default = null; };
  flag = default: mkOption { type = types.bool; inherit default; };
  open = { type = types.submodule { freeformType = types.lazyAttrsOf types.raw; }; default = { }; };

  state = { name, ... }: {
    freeformType = types.lazyAttrsOf types.raw;
    options = {
      name = text name;
      folders = mkOption { type = types.listOf types.str; };
      preBackupScript = maybeText;
      postBackupScript = maybeText;
      preRestoreScript = maybeText;
      postRestoreScript = maybeText;
    };
  };

  fileOf = generator: { name, config, ... }:
    let
      share = generator.share;
      owner = if share then "shared" else "per-machine/\${machine}";
      place = "\${owner}/\${generator.name}/\${name}";
    in
    {
      freeformType = types.lazyAttrsOf types.raw;
      options = {
        name = text name;
        secret = flag true;
        deploy = flag true;
        neededFor = text "services";
        owner = text "root";
        group = text "root";
        mode = text "0400";
        place = text place;
        flakePath = mkOption { type = types.raw; default = "\${toString directory}/vars/\${place}/value"; };
        path = mkOption {
          type = types.raw;
          default = if !config.secret then config.flakePath else secretPath config;
        };
        value = mkOption {
          type = types.raw;
          default = if builtins.pathExists config.flakePath then builtins.readFile config.flakePath
            else throw "the value of \${place} has not been generated";
        };
        exists = mkOption { type = types.raw; default = builtins.pathExists config.flakePath; };
      };
    };

  generator = { name, config, ... }: {
    freeformType = types.lazyAttrsOf types.raw;
    options = {
      name = text name;
      share = flag false;
      files = mkOption { type = types.lazyAttrsOf (types.submodule (fileOf config)); default = { }; };
      prompts = mkOption { type = types.lazyAttrsOf types.raw; default = { }; };
      dependencies = mkOption { type = types.listOf types.str; default = [ ]; };
      script = mkOption { type = types.raw; default = ""; };
    };
    # What is asked for and kept is a file, too.
    config.files = lib.mapAttrs (_: _: { }) (lib.filterAttrs (_: prompt: prompt.persist or false) config.prompts);
  };

  machine = config.clan.core.settings.machine.name;
  useSops = config.clan.core.vars.settings.secretStore == "sops";
  isDeployed = file: file.secret && file.deploy && (file.neededFor == "users" || file.neededFor == "services");
  encrypted = file: "\${toString directory}/vars/\${file.place}/secret";
  secretPath = file:
    if useSops && isDeployed file then config.sops.secrets."vars/\${file.place}".path
    else "/run/secrets/\${file.place}";

  secretFiles = filter (file: isDeployed file && builtins.pathExists (encrypted file))
    (concatMap (made: attrValues made.files) (attrValues config.clan.core.vars.generators));
in
{
  _file = "<clan-core>";
  key = "clan-core";
  options.clan.core = {
    settings = mkOption open;
    state = mkOption { type = types.lazyAttrsOf (types.submodule state); default = { }; };
    vars.settings = mkOption open;
    vars.generators = mkOption { type = types.lazyAttrsOf (types.submodule generator); default = { }; };
  };
  config = {
    clan.core.vars.settings.secretStore = lib.mkDefault config.clan.core.settings.secretStore;
    sops.secrets = lib.mkIf useSops (lib.listToAttrs (map
      (file: {
        name = "vars/\${file.place}";
        value = {
          inherit (file) owner group mode;
          neededForUsers = file.neededFor == "users";
          sopsFile = encrypted file;
          format = "binary";
        };
      })
      secretFiles));
  };
}
`;
