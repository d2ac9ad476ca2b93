// The texts of a made-up flake, as people write them: a helper for hosts, roles, option modules that bring their own
// state, secrets and backup jobs, one central module that makes restic jobs of those.

/** Services that the generated modules wrap, each with what it keeps. */
export const services: readonly (readonly [name: string, user: string, state: string, port: number])[] = [
  ["gitea", "gitea", "/var/lib/gitea", 3000],
  ["vaultwarden", "vaultwarden", "/var/lib/vaultwarden", 8222],
  ["grafana", "grafana", "/var/lib/grafana", 3001],
  ["paperless", "paperless", "/var/lib/paperless", 28981],
  ["home-assistant", "hass", "/var/lib/hass", 8123],
  ["jellyfin", "jellyfin", "/var/lib/jellyfin", 8096],
  ["immich", "immich", "/var/lib/immich", 2283],
  ["mealie", "mealie", "/var/lib/mealie", 9000],
  ["miniflux", "miniflux", "/var/lib/miniflux", 8081],
  ["audiobookshelf", "audiobookshelf", "/var/lib/audiobookshelf", 8000],
  ["radicale", "radicale", "/var/lib/radicale/collections", 5232],
  ["navidrome", "navidrome", "/var/lib/navidrome", 4533],
  ["freshrss", "freshrss", "/var/lib/freshrss", 8082],
  ["forgejo", "forgejo", "/var/lib/forgejo", 3002],
  ["uptime-kuma", "uptime-kuma", "/var/lib/uptime-kuma", 3003],
];

export function flakeText(): string {
  return `{
  description = "A generated fleet";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    sops-nix.url = "github:Mic92/sops-nix";
    sops-nix.inputs.nixpkgs.follows = "nixpkgs";
    disko.url = "github:nix-community/disko";
    home-manager.url = "github:nix-community/home-manager/release-25.11";
  };

  outputs =
    { self, nixpkgs, sops-nix, disko, home-manager, ... }@inputs:
    let
      inherit (nixpkgs) lib;
      catalogue = import ./catalogue.nix { inherit lib; };
      names = lib.attrNames (lib.filterAttrs (_: kind: kind == "directory") (builtins.readDir ./hosts));
      machine =
        name:
        lib.nixosSystem {
          system = "x86_64-linux";
          specialArgs = { inherit inputs self catalogue; };
          modules = [
            sops-nix.nixosModules.sops
            disko.nixosModules.disko
            home-manager.nixosModules.home-manager
            ./modules
            (./hosts + "/\${name}")
            {
              networking.hostName = lib.mkDefault name;
              system.stateVersion = "25.11";
            }
          ];
        };
    in
    {
      nixosConfigurations = lib.genAttrs names machine;
      overlays.default = import ./pkgs/overlay.nix;
    };
}
`;
}

export function catalogueText(hosts: readonly string[]): string {
  const nodes = hosts.map(
    (host, index) => `    ${host} = {
      address = "10.0.${Math.floor(index / 200)}.${(index % 200) + 10}";
      site = "${index % 3 === 0 ? "attic" : "cellar"}";
      backupHour = ${index % 6};
    };\n`,
  );
  return `# Every machine, and where it stands.
{ lib }:
let
  nodes = {
${nodes.join("")}  };
in
{
  inherit nodes;
  sites = lib.groupBy (name: nodes.\${name}.site) (lib.attrNames nodes);
  addressOf = name: nodes.\${name}.address;
}
`;
}

export function hostText(host: string, index: number, roles: readonly string[]): string {
  const imports = roles.map((role) => `    ../../roles/${role}.nix\n`).join("");
  return `{ config, lib, catalogue, ... }:
{
  imports = [
    ./hardware.nix
    ./disks.nix
${imports}  ];

  networking = {
    useDHCP = false;
    firewall.enable = true;
    interfaces.eno1.ipv4.addresses = [
      {
        address = catalogue.addressOf "${host}";
        prefixLength = 24;
      }
    ];
    defaultGateway = "10.0.${Math.floor(index / 200)}.1";
  };

  sops.defaultSopsFile = ../../secrets/${host}.yaml;
  homelab.backup = {
    enable = true;
    hour = catalogue.nodes.\${config.networking.hostName}.backupHour;
    minute = ${(index * 7) % 60};
  };

  users.users.ops.extraGroups = lib.optional config.services.postgresql.enable "postgres";
}
`;
}

export function hardwareText(index: number): string {
  return `{ config, lib, modulesPath, ... }:
{
  imports = [ (modulesPath + "/installer/scan/not-detected.nix") ];

  boot.initrd.availableKernelModules = [ "xhci_pci" "ahci" "nvme" "usbhid" "sd_mod" ];
  boot.kernelModules = [ "kvm-${index % 2 === 0 ? "intel" : "amd"}" ];
  boot.loader.systemd-boot.enable = true;
  boot.loader.efi.canTouchEfiVariables = true;
  nixpkgs.hostPlatform = lib.mkDefault "x86_64-linux";
  hardware.cpu.${index % 2 === 0 ? "intel" : "amd"}.updateMicrocode =
    lib.mkDefault config.hardware.enableRedistributableFirmware;
}
`;
}

export function disksText(index: number): string {
  return `{
  fileSystems."/" = {
    device = "/dev/disk/by-label/nixos-${index}";
    fsType = "ext4";
  };
  fileSystems."/boot" = {
    device = "/dev/disk/by-label/boot-${index}";
    fsType = "vfat";
    options = [ "fmask=0077" "dmask=0077" ];
  };
  fileSystems."/srv" = {
    device = "/dev/disk/by-label/srv-${index}";
    fsType = "xfs";
    options = [ "noatime" ];
  };
  swapDevices = [ { device = "/dev/disk/by-label/swap-${index}"; } ];
}
`;
}

export function roleText(role: string, enabled: readonly string[]): string {
  const lines = enabled.map((name) => `    ${name}.enable = true;\n`).join("");
  return `# What makes a machine a ${role}.
{ config, lib, pkgs, ... }:
{
  homelab.services = {
${lines}  };

  services.postgresqlBackup = lib.mkIf (config.services.postgresql.enable) {
    enable = true;
    startAt = "*-*-* 01:15:00";
  };

  environment.systemPackages = with pkgs; [ htop tmux git ];
  networking.firewall.allowedTCPPorts = lib.mkIf config.services.nginx.enable [ 80 443 ];
}
`;
}

export function serviceModuleText([name, user, state, port]: (typeof services)[number]): string {
  return `# ${name} with its state, its secret, its proxy and its backup.
{ config, lib, pkgs, ... }:
let
  cfg = config.homelab.services.${name};
  inherit (lib) mkEnableOption mkIf mkOption types;
in
{
  options.homelab.services.${name} = {
    enable = mkEnableOption "${name}";
    port = mkOption {
      type = types.port;
      default = ${port};
      description = "Where it listens.";
    };
    stateDir = mkOption {
      type = types.path;
      default = "${state}";
      description = "What it keeps.";
    };
    domain = mkOption {
      type = types.str;
      default = "${name}.\${config.homelab.domain}";
      description = "Under which name it is reached.";
    };
  };

  config = mkIf cfg.enable {
    services.${name}.enable = true;

    sops.secrets."${name}/password" = {
      owner = "${user}";
      restartUnits = [ "${name}.service" ];
    };

    homelab.backup.jobs.${name} = {
      paths = [ cfg.stateDir ];
      inherit user;
    };

    services.nginx = {
      enable = true;
      virtualHosts.\${cfg.domain} = {
        forceSSL = true;
        useACMEHost = config.homelab.domain;
        locations."/" = {
          proxyPass = "http://127.0.0.1:\${toString cfg.port}";
          proxyWebsockets = true;
        };
      };
    };

    systemd.services.${name}.serviceConfig = {
      MemoryMax = "2G";
      ProtectHome = lib.mkDefault true;
    };
    users.users.${user}.extraGroups = [ "keys" ];
  };
}
`.replace("      inherit user;\n", `      user = "${user}";\n`);
}

export const backupModuleText = `# Jobs that modules declare become restic jobs, one repository a host.
{ config, lib, pkgs, ... }:
let
  cfg = config.homelab.backup;
  inherit (lib) mkEnableOption mkIf mkOption types;
  two = number: lib.fixedWidthString 2 "0" (toString number);
  job = { name, ... }: {
    options = {
      paths = mkOption {
        type = types.listOf types.str;
        description = "What is saved.";
      };
      exclude = mkOption {
        type = types.listOf types.str;
        default = [ ];
        description = "What is not.";
      };
      user = mkOption {
        type = types.str;
        default = "root";
        description = "Who owns it.";
      };
      tag = mkOption {
        type = types.str;
        default = name;
        description = "How snapshots are told apart.";
      };
    };
  };
in
{
  options.homelab.backup = {
    enable = mkEnableOption "backups";
    hour = mkOption {
      type = types.ints.between 0 23;
      default = 2;
      description = "When backups begin.";
    };
    minute = mkOption {
      type = types.ints.between 0 59;
      default = 0;
      description = "At which minute.";
    };
    server = mkOption {
      type = types.str;
      default = "backup.home.arpa";
      description = "Where they go.";
    };
    jobs = mkOption {
      type = types.attrsOf (types.submodule job);
      default = { };
      description = "What is saved.";
    };
  };

  config = mkIf (cfg.enable && cfg.jobs != { }) {
    sops.secrets."restic/password" = { };
    sops.secrets."restic/ssh-key" = { };

    services.restic.backups = lib.mapAttrs (name: job: {
      inherit (job) paths exclude;
      repository = "sftp:restic@\${cfg.server}:/srv/restic/\${config.networking.hostName}/\${name}";
      passwordFile = config.sops.secrets."restic/password".path;
      extraOptions = [
        "sftp.command='ssh restic@\${cfg.server} -i \${config.sops.secrets."restic/ssh-key".path} -s sftp'"
      ];
      initialize = true;
      extraBackupArgs = [ "--tag \${job.tag}" "--exclude-caches" ];
      timerConfig = {
        OnCalendar = "\${two cfg.hour}:\${two cfg.minute}";
        RandomizedDelaySec = "10m";
        Persistent = true;
      };
      pruneOpts = [ "--keep-daily 7" "--keep-weekly 5" "--keep-monthly 12" ];
    }) cfg.jobs;

    programs.ssh.knownHosts.\${cfg.server}.publicKey =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGeneratedGeneratedGeneratedGeneratedGenerat";
  };
}
`;

/** Modules of which most machines use little: a switch, some options, settings under the switch. */
export function featureModuleText(name: string, index: number): string {
  return `{ config, lib, pkgs, ... }:
let
  cfg = config.homelab.features.${name};
in
{
  options.homelab.features.${name} = {
    enable = lib.mkEnableOption "${name}";
    level = lib.mkOption {
      type = lib.types.enum [ "low" "high" ];
      default = "${index % 2 === 0 ? "low" : "high"}";
      description = "How much of it.";
    };
    extra = lib.mkOption {
      type = lib.types.attrsOf lib.types.str;
      default = { };
      description = "Whatever else it needs.";
    };
  };

  config = lib.mkIf cfg.enable {
    environment.systemPackages = [ pkgs.hello ] ++ lib.optionals (cfg.level == "high") [ pkgs.cowsay pkgs.figlet ];
    environment.etc."features/${name}.json".text = builtins.toJSON (
      cfg.extra
      // {
        inherit (cfg) level;
        host = config.networking.hostName;
        number = ${index};
      }
    );
    boot.kernel.sysctl."net.core.rmem_max" = lib.mkDefault ${1024 * (index + 1)};
    systemd.tmpfiles.rules = [ "d /var/lib/features/${name} 0750 root root -" ];
    systemd.services."feature-${name}" = {
      description = "Feature ${name}";
      wantedBy = [ "multi-user.target" ];
      after = [ "network-online.target" ];
      serviceConfig = {
        Type = "oneshot";
        ExecStart = "\${pkgs.coreutils}/bin/true";
        DynamicUser = true;
      };
    };
  };
}
`;
}

/** What every machine gets. */
export function baseModuleText(): string {
  return `{ config, lib, pkgs, ... }:
{
  options.homelab.domain = lib.mkOption {
    type = lib.types.str;
    default = "home.arpa";
    description = "What names end in.";
  };

  config = {
    time.timeZone = "Europe/Berlin";
    i18n.defaultLocale = "en_GB.UTF-8";
    services.openssh = {
      enable = true;
      settings.PasswordAuthentication = false;
    };
    security.acme = {
      acceptTerms = true;
      defaults.email = "ops@\${config.homelab.domain}";
      certs.\${config.homelab.domain}.domain = "*.\${config.homelab.domain}";
    };
    users.users.ops = {
      isNormalUser = true;
      extraGroups = [ "wheel" ];
    };
    nix.settings = {
      experimental-features = [ "nix-command" "flakes" ];
      trusted-users = [ "root" "@wheel" ];
    };
    nix.gc = {
      automatic = true;
      dates = "weekly";
    };
    services.prometheus.exporters.node = {
      enable = true;
      enabledCollectors = [ "systemd" ];
    };
  };
}
`;
}

/** Of a person's home: nothing that a NixOS host reads. */
export function homeText(name: string, index: number): string {
  return `{ config, lib, pkgs, ... }:
{
  programs.${name} = {
    enable = true;
    settings = {
      theme = "${index % 2 === 0 ? "dark" : "light"}";
      font.size = ${10 + (index % 6)};
      keybindings = lib.genAttrs [ "copy" "paste" "quit" ] (action: "ctrl+shift+\${lib.substring 0 1 action}");
    };
  };
  home.packages = with pkgs; [ ripgrep fd jq ] ++ lib.optional config.programs.${name}.enable bat;
  xdg.configFile."${name}/config".text = ''
    # written by home-manager
    level = ${index}
    path = \${config.home.homeDirectory}/${name}
  '';
}
`;
}

export function packageText(name: string): string {
  return `{ lib, stdenv, fetchFromGitHub }:
stdenv.mkDerivation (final: {
  pname = "${name}";
  version = "1.2.3";
  src = fetchFromGitHub {
    owner = "example";
    repo = final.pname;
    rev = "v\${final.version}";
    hash = lib.fakeHash;
  };
  installPhase = ''
    runHook preInstall
    install -Dm755 ${name} $out/bin/${name}
    runHook postInstall
  '';
  meta = {
    description = "Does what it is called";
    license = lib.licenses.mit;
    mainProgram = "${name}";
  };
})
`;
}
