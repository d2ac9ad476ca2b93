import { expect, test } from "vitest";
import { fleetJson } from "../../src/fleet/json.ts";
import { fleetOf } from "./model.ts";

const now = Date.UTC(2026, 0, 1, 12) * 1000;

const module = `{ config, ... }: {
  services.home-assistant.enable = true;
  sops.defaultSopsFile = ../secrets/all.yaml;
  sops.secrets.hass.owner = "hass";
  services.postgresqlBackup = { enable = true; databases = [ "hass" ]; };
  services.restic.backups.hass = {
    user = "hass";
    repository = "sftp:nas:\${builtins.currentTime}";
    passwordFile = config.sops.secrets.hass.path;
    paths = [ "/var/lib/hass" ] ++ builtins.currentTime;
    timerConfig = { OnCalendar = "03:00"; RandomizedDelaySec = "10m"; };
  };
  services.prometheus.exporters.restic.enable = true;
  services.prometheus.scrapeConfigs = [ { job_name = "restic"; static_configs = [ { targets = [ "localhost:9753" ]; } ]; } ];
}`;

test("the model as data: known as it is, unknown with its reason", () => {
  const fleet = fleetOf({ home: module });
  expect(fleetJson(fleet, { locate: (span) => span.file.replace("/flake/", ""), now })).toMatchObject({
    schemaVersion: 1,
    roles: [],
    hosts: [
      {
        name: "home",
        system: "x86_64-linux",
        modules: ["hosts/home.nix"],
        unreadInputs: [],
        services: [
          {
            name: "home-assistant",
            option: "services.home-assistant",
            user: "hass",
            stateDirs: ["/var/lib/hass"],
            location: "hosts/home.nix",
          },
        ],
        backupJobs: [
          {
            name: "hass",
            repository: { partial: "sftp:nas:{}" },
            user: "hass",
            paths: ["/var/lib/hass", { unknown: "impure" }],
            exclude: [],
            passwordFile: "/run/secrets/hass",
            secrets: ["sops.secrets.hass"],
            schedule: { calendar: ["03:00"], randomizedDelay: "10m", persistent: false },
            pruneOpts: [],
          },
        ],
        dumps: [
          {
            name: "postgresqlBackup",
            databases: ["hass"],
            directory: "/var/backup/postgresql",
            schedule: { calendar: ["*-*-* 01:15:00"] },
          },
        ],
        secrets: [
          {
            name: "hass",
            owner: "hass",
            group: "hass",
            mode: "0400",
            sopsFile: "secrets/all.yaml",
            key: "hass",
            path: "/run/secrets/hass",
          },
        ],
        timers: [
          {
            unit: "postgresqlBackup-hass",
            next: ["2026-01-02T01:15:00.000Z", "2026-01-03T01:15:00.000Z", "2026-01-04T01:15:00.000Z"],
          },
          { unit: "restic-backups-hass", calendar: ["03:00"] },
        ],
        exporters: [{ name: "restic", port: 9753 }],
        scrapeTargets: [{ job: "restic", targets: ["localhost:9753"] }],
        unknown: [{ path: "services.restic.backups.hass.paths" }],
      },
    ],
  });
});

test("it is JSON", () => {
  const shown = fleetJson(fleetOf({ home: module }), { locate: () => null, now });
  expect(JSON.parse(JSON.stringify(shown))).toEqual(shown);
});
