import { describe, expect, test } from "vitest";
import { catalogue } from "../../src/fleet/catalogue.ts";
import { showText } from "../../src/fleet/known.ts";
import { showState } from "../../src/fleet/service-state.ts";
import { fleetOf, hostOf, root } from "./model.ts";

const kept = (definitions: string, name: string, options = {}) =>
  hostOf(definitions, options)
    .services.find((service) => service.name === name)
    ?.essentialState.map(showState);

describe("the catalogue", () => {
  test("has the shape that the model reads", () => {
    expect(catalogue.size).toBeGreaterThan(150);
    for (const [name, service] of catalogue) {
      expect(service.option, name).toMatch(/^services\./);
      expect(["essential", "regenerable", "cache"]).toContain(service.class);
      for (const state of service.state) expect(state.path === null || state.path.startsWith("/"), name).toBe(true);
    }
  });
});

describe("state", () => {
  test.each([
    ["a default", "services.home-assistant.enable = true;", "home-assistant", ["`/var/lib/hass`"]],
    [
      "moved",
      'services.home-assistant = { enable = true; configDir = "/srv/hass/"; };',
      "home-assistant",
      ["`/srv/hass`"],
    ],
    [
      "moved by what is computed",
      'services.jellyfin = { enable = true; dataDir = "${config.my.root}/jellyfin"; }; my.root = "/data";',
      "jellyfin",
      ["`/data/jellyfin`"],
    ],
    ["below what was moved", 'services.jellyfin = { enable = true; dataDir = "/data"; };', "jellyfin", ["`/data`"]],
    [
      "a name below /var/lib",
      'services.audiobookshelf = { enable = true; dataDir = "books"; };',
      "audiobookshelf",
      ["`/var/lib/books`"],
    ],
    [
      "specifiers of systemd",
      'services.anki-sync-server = { enable = true; baseDirectory = "%S/%N"; };',
      "anki-sync-server",
      ["`/var/lib/anki-sync-server`"],
    ],
    [
      "by the state version",
      'services.vaultwarden.enable = true; system.stateVersion = "24.05";',
      "vaultwarden",
      ["`/var/lib/bitwarden_rs`"],
    ],
    [
      "by a newer one",
      'services.vaultwarden.enable = true; system.stateVersion = "24.11";',
      "vaultwarden",
      ["`/var/lib/vaultwarden`"],
    ],
    [
      "by a version of its own",
      'services.stalwart = { enable = true; stateVersion = "25.11"; };',
      "stalwart",
      ["`/var/lib/stalwart-mail`"],
    ],
    ["by a version of its own that nobody sets", "services.stalwart.enable = true;", "stalwart", ["its state"]],
    [
      "an instance",
      "services.authelia.instances.main.enable = true;",
      "authelia.instances.main",
      ["`/var/lib/authelia-main`"],
    ],
    ["a database", "services.miniflux.enable = true;", "miniflux", ["the database `miniflux`"]],
    [
      "a database elsewhere",
      'services.miniflux = { enable = true; config.DATABASE_URL = "host=db.example.org"; };',
      "miniflux",
      [],
    ],
    [
      "a database on a server, by URL",
      'services.lldap = { enable = true; settings.database_url = "postgresql://lldap@localhost/people?host=/run/postgresql"; };',
      "lldap",
      ["the database `people`"],
    ],
    [
      "a database on a server, by settings of its name",
      'services.authelia.instances.main = { enable = true; settings.storage.mysql = { address = "/run/mysqld/mysqld.sock"; database = "auth"; }; };',
      "authelia.instances.main",
      ["the database `auth`"],
    ],
    [
      "a database on a server, by its kind",
      'services.grafana = { enable = true; settings.database = { type = "postgres"; host = "/run/postgresql"; name = "charts"; }; };',
      "grafana",
      ["the database `charts`"],
    ],
    [
      "a database on a server, by environment",
      'services.sonarr = { enable = true; environment = { SONARR__POSTGRES__HOST = "localhost"; SONARR__POSTGRES__MAINDB = "series"; }; };',
      "sonarr",
      ["the database `series`"],
    ],
    [
      "a database on the server of another machine",
      'services.lldap = { enable = true; settings.database_url = "mysql://lldap@db.example.org/people"; };',
      "lldap",
      [],
    ],
    [
      "files besides the database on a server",
      'services.vaultwarden = { enable = true; config.DATABASE_URL = "postgresql:///vault"; }; system.stateVersion = "24.11";',
      "vaultwarden",
      ["`/var/lib/vaultwarden`"],
    ],
    ["what can be made again", "services.prometheus.enable = true;", "prometheus", []],
    [
      "what the flake itself declares",
      "services.grafana = { enable = true; provision.dashboards.settings.providers = [ { options.path = ./boards; } ]; };",
      "grafana",
      [],
    ],
    [
      "filters that only the flake may change",
      "services.adguardhome = { enable = true; mutableSettings = false; };",
      "adguardhome",
      [],
    ],
    [
      "by the state version, other names than today's",
      'services.hedgedoc.enable = true; system.stateVersion = "20.09";',
      "hedgedoc",
      ["`/var/lib/codimd`"],
    ],
    [
      "a key that a secret manager puts in place",
      'services.matrix-synapse = { enable = true; settings.signing_key_path = "/run/secrets/key"; };',
      "matrix-synapse",
      ["`/var/lib/matrix-synapse`"],
    ],
    ["what the other devices have", "services.syncthing.enable = true;", "syncthing", []],
    ["host keys", "services.openssh.enable = true;", "openssh", []],
    ["other people's backups", "services.restic.server.enable = true;", "restic.server", []],
  ])("%s", (_, definitions, name, expected) => {
    expect(kept(definitions, name)).toEqual(expected);
  });

  test("what can be made again counts in the strict profile", () => {
    expect(kept("services.prometheus.enable = true;", "prometheus", { settings: { profile: "strict" } })).toEqual([
      "`/var/lib/prometheus2`",
    ]);
  });

  test("the configuration says what is essential", () => {
    const settings = { services: { "home-assistant": { state: ["/var/lib/hass/.storage"], user: "ha" } } };
    expect(kept("services.home-assistant.enable = true;", "home-assistant", { settings })).toEqual([
      "`/var/lib/hass/.storage`",
    ]);
  });

  test("and names services that nobody knows", () => {
    const settings = { services: { frob: { state: ["/srv/frob"] } } };
    expect(kept("services.frob.enable = true;", "frob", { settings })).toEqual(["`/srv/frob`"]);
    expect(kept("", "frob", { settings })).toBeUndefined();
  });
});

describe("own units", () => {
  const unit = (config: string, more = "") =>
    `systemd.services.frob = { serviceConfig = { ExecStart = "/bin/frob"; ${config} }; ${more} };`;
  test.each([
    ["a state directory", unit('StateDirectory = "frob";'), ["`/var/lib/frob`"]],
    ["two", unit('StateDirectory = "frob/a frob/b";'), ["`/var/lib/frob/a`", "`/var/lib/frob/b`"]],
    ["run by a timer", unit('StateDirectory = "frob";', 'startAt = "daily";'), undefined],
    ["run once", unit('StateDirectory = "frob"; Type = "oneshot";'), undefined],
    ["switched off", unit('StateDirectory = "frob";', "enable = false;"), undefined],
    ["an addition to a unit of NixOS", 'systemd.services.kea.serviceConfig.StateDirectory = "kea";', undefined],
    [
      "an addition to a unit of a module that is not read",
      'imports = [ inputs.private.nixosModules.frob ]; systemd.services.frob.serviceConfig.StateDirectory = "frob";',
      undefined,
    ],
  ])("%s", (_, definitions, expected) => {
    expect(kept(definitions, "frob")).toEqual(expected);
  });

  test("that only help others keep nothing essential", () => {
    const helper = 'systemd.services.frob-worker.serviceConfig = { ExecStart = "/bin/x"; StateDirectory = "frob"; };';
    expect(kept(helper, "frob-worker")).toEqual([]);
  });
});

describe("containers", () => {
  test("keep what they write to", () => {
    const volumes =
      '"/var/lib/frob:/data" "/mnt/media:/media" "/srv/x:/x:ro" "/run/docker.sock:/s" "data:/d" "cache:/d" "/srv/x/models:/root/.cache" "/etc/localtime:/etc/localtime:ro"';
    expect(
      kept(`virtualisation.oci-containers.containers.frob = { image = "frob"; volumes = [ ${volumes} ]; };`, "frob"),
    ).toEqual(["`/var/lib/frob`", "`/var/lib/containers/storage/volumes/data/_data`"]);
  });
});

describe("enabled", () => {
  test("under a condition that is not known is not certain", () => {
    const [service] = hostOf("services.grafana.enable = lib.mkIf builtins.currentTime true;").services;
    expect(service?.enabled.kind).toBe("undecided");
  });
  test("not at all is not there", () => {
    expect(hostOf("services.grafana.enable = lib.mkIf false true;").services).toEqual([]);
  });
  test("the user follows the option", () => {
    const [service] = hostOf('services.jellyfin = { enable = true; user = "media"; };').services;
    expect(showText(service!.user!.text)).toBe("media");
  });
});

describe("the cause", () => {
  const module = `{ config, lib, ... }: {
    options.my.web.enable = lib.mkEnableOption "web";
    config = lib.mkIf config.my.web.enable { services.grafana.enable = true; };
  }`;
  test("is the role that chose, and the module a link", () => {
    const files = {
      "modules/web.nix": module,
      "roles/web.nix": "{ imports = [ ../modules/web.nix ]; my.web.enable = true; }",
    };
    const [host] = fleetOf({ a: "{ imports = [ ../roles/web.nix ]; }" }, { files }).hosts;
    expect(host!.services[0]!.cause!.file).toBe(`${root}/roles/web.nix`);
    expect(host!.services[0]!.links.map((link) => link.file)).toEqual([`${root}/modules/web.nix`]);
  });
  test("is the statement of the module, whatever function wrote the set", () => {
    const files = { "lib.nix": "{ enabled = more: { enable = true; } // more; }" };
    const text = "{ ... }: { services.grafana = (import ../lib.nix).enabled { settings.x = 1; }; }";
    const { file, start, end } = fleetOf({ a: text }, { files }).hosts[0]!.services[0]!.cause!;
    expect(file).toBe(`${root}/hosts/a.nix`);
    expect(text.slice(start, end)).toBe("services.grafana");
  });
  test("is the host when it chose", () => {
    const [host] = fleetOf(
      { a: "{ imports = [ ../modules/web.nix ]; my.web.enable = true; }" },
      { files: { "modules/web.nix": module } },
    ).hosts;
    expect(host!.services[0]!.cause!.file).toBe(`${root}/hosts/a.nix`);
  });
});
