// The services that clan-core brings: those that back up, as far as they decide what is backed up, and those that
// define no state of their own. The others are unread.

export const clanServices = `
others:
let
  # Access, networks and settings: neither backups nor services with state.
  plain = [
    "admin" "emergency-access" "hello-world" "importer" "installer" "internet" "kde" "p2p-ssh-iroh" "packages" "sshd"
    "tor" "trusted-nix-caches" "users" "wifi" "wireguard" "yggdrasil" "zerotier"
  ];
  plainService = name: { _class = "clan.service"; manifest.name = name; };

  borgbackup = { lib, ... }:
    let
      inherit (lib) mkOption types;
      text = default: mkOption { type = types.str; inherit default; };
      vars = config: config.clan.core.vars.generators.borgbackup.files;
      ssh = config: "ssh -i \${(vars config)."borgbackup.ssh".path} -o StrictHostKeyChecking=accept-new -o IdentitiesOnly=Yes";
      destination = { name, ... }: {
        options = {
          name = text name;
          repo = mkOption { type = types.str; };
          rsh = mkOption { type = types.nullOr types.str; default = null; };
        };
      };
    in
    {
      _class = "clan.service";
      manifest.name = "borgbackup";
      roles.server = {
        interface.options = {
          address = mkOption { type = types.nullOr types.str; default = null; };
          directory = text "/var/lib/borgbackup";
        };
        perInstance = { roles, settings, ... }: {
          nixosModule = {
            services.openssh.enable = true;
            services.borgbackup.repos = lib.mapAttrs (name: _: { path = "\${settings.directory}/\${name}"; })
              (roles.client.machines or { });
          };
        };
      };
      roles.client = {
        interface.options = {
          startAt = text "*-*-* 01:00:00";
          destinations = mkOption { type = types.attrsOf (types.submodule destination); default = { }; };
          exclude = mkOption { type = types.listOf types.str; default = [ ]; };
        };
        perInstance = { roles, settings, ... }: {
          nixosModule = { config, ... }:
            let
              servers = lib.mapAttrs
                (name: server: {
                  repo = "borg@\${if server.settings.address == null then name else server.settings.address}:.";
                  rsh = null;
                })
                (roles.server.machines or { });
              state = lib.attrValues config.clan.core.state;
              job = _: destination: {
                paths = lib.unique (lib.concatMap (kept: kept.folders) state);
                inherit (settings) exclude startAt;
                inherit (destination) repo;
                environment.BORG_RSH = if destination.rsh == null then ssh config else destination.rsh;
                compression = "auto,zstd";
                persistentTimer = true;
                encryption = { mode = "repokey"; passCommand = "cat \${(vars config)."borgbackup.repokey".path}"; };
                prune.keep = { within = "1d"; daily = 7; weekly = 4; monthly = 0; };
              };
            in
            {
              services.openssh.enable = true;
              services.borgbackup.jobs = lib.mkIf (state != [ ]) (lib.mapAttrs job (servers // settings.destinations));
              clan.core.vars.generators.borgbackup.files = {
                "borgbackup.ssh.pub".secret = false;
                "borgbackup.ssh" = { };
                "borgbackup.repokey" = { };
              };
            };
        };
      };
    };

  # It copies the state to a disk, by a script: an option that nobody here reads says that it may cover anything.
  localbackup = {
    _class = "clan.service";
    manifest.name = "localbackup";
    roles.default.perInstance = { settings, ... }: {
      nixosModule.clan.core.backups.providers.localbackup = settings;
    };
  };
in
others // builtins.listToAttrs (map (name: { inherit name; value = plainService name; }) plain) // {
  inherit borgbackup localbackup;
}
`;
