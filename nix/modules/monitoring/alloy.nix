# Grafana Alloy scrapes the exporters of this host and pushes what it reads.
# Roles add their targets as a list; this module renders Alloy's configuration.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.mares.monitoring.alloy;

  targetType = types.submodule {
    options = {
      job = mkOption {
        # Also the label of Alloy's component, which has to be an identifier.
        type = types.strMatching "[A-Za-z_][A-Za-z0-9_]*";
        example = "restic";
        description = "Value of the `job` label of everything that is scraped here.";
      };

      targets = mkOption {
        type = types.nonEmptyListOf (types.strMatching "(\\[[0-9A-Fa-f:.]+]|[^]:[]+):[0-9]+");
        example = [ "localhost:9753" ];
        description = "Addresses to scrape, each a host and a port.";
      };
    };
  };

  # Several roles may name the same job; Alloy wants each component once.
  targetsByJob = lib.mapAttrs (_: lib.concatMap (entry: entry.targets)) (
    lib.groupBy (entry: entry.job) cfg.extraScrapeTargets
  );

  quote = builtins.toJSON;

  scrapeBlock = job: targets: ''
    prometheus.scrape ${quote job} {
      job_name        = ${quote job}
      scrape_interval = "1m"
      targets         = [
    ${lib.concatMapStringsSep "\n" (target: "    { \"__address__\" = ${quote target} },") targets}
      ]
      forward_to      = [prometheus.relabel.instance.receiver]
    }
  '';

  # Everything is scraped from localhost: without the name of the host, the
  # targets of the whole fleet would be one.
  forwarding = ''
    prometheus.relabel "instance" {
      rule {
        target_label = "instance"
        replacement  = ${quote config.networking.hostName}
      }
      forward_to = [prometheus.remote_write.fleet.receiver]
    }

    prometheus.remote_write "fleet" {
      endpoint {
        url = ${quote cfg.remoteWriteUrl}
      }
    }
  '';
in
{
  options.mares.monitoring.alloy = {
    extraScrapeTargets = mkOption {
      type = types.listOf targetType;
      default = [ ];
      example = [
        {
          job = "restic";
          targets = [ "localhost:9753" ];
        }
      ];
      description = ''
        Exporters of this host that Alloy scrapes. Alloy runs as soon as there is one;
        the definitions of all roles add up.
      '';
    };

    remoteWriteUrl = mkOption {
      type = types.str;
      example = "http://prometheus.srv.mares.id:9090/api/v1/write";
      description = "Where the metrics go: the remote-write endpoint of the fleet's Prometheus.";
    };
  };

  config = lib.mkIf (cfg.extraScrapeTargets != [ ]) {
    services.alloy.enable = true;

    environment.etc."alloy/config.alloy".text = lib.concatStringsSep "\n" (
      lib.mapAttrsToList scrapeBlock targetsByJob ++ [ forwarding ]
    );
  };
}
