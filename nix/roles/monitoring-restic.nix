# Watches the repository of this host's backup job: the metrics say when it
# last took a snapshot, and monitoring/restic.rules.yaml says when that is too long.
{ config, lib, ... }:
let
  jobs = lib.attrValues config.mares.backup.restic.jobs;
  job = lib.head jobs;
in
{
  imports = [
    ../modules/backup/restic.nix
    ../modules/monitoring
  ];

  config = lib.mkMerge [
    {
      assertions = [
        {
          assertion = lib.length jobs <= 1;
          message = ''
            The restic exporter of NixOS watches one repository, and this host has the jobs
            ${lib.concatStringsSep ", " (lib.attrNames config.mares.backup.restic.jobs)}.
            Move services to hosts of their own until one entry of
            `mares.backup.restic.jobs` is left, or do not import roles/monitoring-restic.nix
            and watch their units instead.
          '';
        }
      ];
    }

    (lib.mkIf (jobs != [ ]) {
      services.prometheus.exporters.restic = {
        enable = true; # unmonitored-backup
        # All of it from the job: an exporter that watches another repository, or
        # with another password, is worse than none.
        repository = job.repository;
        passwordFile = job.passwordFile;
        user = job.user;
        group = job.group;
        # Each refresh reads the whole index over the network.
        refreshInterval = 3600; # exporter-refresh-too-fast
        port = 9753;
        # Alloy runs on the same host, and the metrics name every path.
        listenAddress = "127.0.0.1";
      };

      systemd.services.prometheus-restic-exporter = {
        # restic starts ssh, which a unit does not have in its PATH.
        path = [ config.programs.ssh.package ];
        # nixpkgs sets "$CACHE_DIRECTORY", which systemd does not expand: after every
        # restart the whole index would be fetched again.
        environment.RESTIC_CACHE_DIR = lib.mkForce "/var/cache/restic-exporter";
        serviceConfig = {
          # The SSH key is readable by the real user only.
          DynamicUser = false;
          # The user has other processes, whose shared memory must outlive this unit.
          RemoveIPC = lib.mkForce false;
          # The exporter ends when its first refresh fails, as it does until the
          # first backup has created the repository.
          RestartSec = "1min";
        };
      };

      # unmonitored-backup
      mares.monitoring.alloy.extraScrapeTargets = [
        {
          job = "restic";
          targets = [ "localhost:9753" ];
        }
      ];
    })
  ];
}
