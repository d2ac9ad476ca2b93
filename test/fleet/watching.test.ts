import { describe, expect, test } from "vitest";
import { addressesIn } from "../../src/fleet/scrape-targets.ts";
import { waysOfWatching } from "../../src/fleet/watching.ts";
import { fleetOf, hostOf, restic } from "./model.ts";

const job = (definitions = "") => restic("a", `paths = [ "/x" ]; ${definitions}`);
const unit = (definitions: string) => `systemd.services.restic-backups-a = { ${definitions} };`;

function ways(definitions: string): string {
  const host = hostOf(definitions);
  const [first] = host.watchable;
  return waysOfWatching
    .map((way) => `${way} ${host.isWatched(first!, [way]).kind}`)
    .filter((text) => !text.endsWith(" no"))
    .join(", ");
}

describe("a job is watched by", () => {
  test.each([
    ["nothing", "", ""],
    ["onFailure", unit('onFailure = [ "tell@%n.service" ];'), "on-failure yes"],
    ["OnFailure of the unit", unit('unitConfig.OnFailure = "tell@%n.service";'), "on-failure yes"],
    ["an empty onFailure", unit("onFailure = [ ];"), ""],
    [
      "onFailure for every job there is",
      'systemd.services = lib.mapAttrs\' (name: _: lib.nameValuePair "restic-backups-${name}" { onFailure = [ "tell.service" ]; }) config.services.restic.backups;',
      "on-failure yes",
    ],
    [
      "units that are not known",
      "systemd.services = builtins.currentTime;",
      "on-failure undecided, heartbeat undecided",
    ],
    [
      "a drop-in for every service",
      'environment.etc."systemd/system/service.d/fail.conf".text = "[Unit]\\nOnFailure=tell.service";',
      "on-failure yes",
    ],
    [
      "a heartbeat of its unit",
      unit('serviceConfig.ExecStartPost = "${pkgs.curl}/bin/curl https://hc.example.org/x";'),
      "heartbeat yes",
    ],
    ["a heartbeat in a script it stops with", unit('postStop = "ntfy publish backup";'), "heartbeat yes"],
    [
      "an alert on its unit",
      'services.prometheus.rules = [ "expr: node_systemd_unit_state{name=\\"restic-backups-a.service\\",state=\\"failed\\"} == 1" ];',
      "alert yes",
    ],
    [
      "an alert on units by pattern",
      'services.prometheus.rules = [ "expr: node_systemd_unit_state{state=\\"failed\\",name=~\\"restic-backups-.*\\"} == 1" ];',
      "alert yes",
    ],
    [
      "an alert on other units",
      'services.prometheus.rules = [ "expr: node_systemd_unit_state{state=\\"failed\\",name=~\\"nginx.*\\"} == 1" ];',
      "",
    ],
    [
      "an alert on every failed unit",
      'services.prometheus.rules = [ (builtins.toJSON { groups = [ { rules = [ { expr = "node_systemd_unit_state{state=\\"failed\\"} == 1"; } ]; } ]; }) ];',
      "alert yes",
    ],
    ["an alert in a file of the flake", "services.prometheus.ruleFiles = [ ../rules.yaml ];", "alert yes"],
    ["alerts that are not known", "services.prometheus.rules = builtins.currentTime;", "alert undecided"],
  ])("%s", (_, definitions, expected) => {
    const files = { "rules.yaml": 'expr: systemd_unit_state{state="failed"} == 1' };
    const host = hostOf(job() + definitions, { files });
    const shown = waysOfWatching
      .map((way) => `${way} ${host.isWatched(host.watchable[0]!, [way]).kind}`)
      .filter((text) => !text.endsWith(" no"));
    expect(shown.join(", ")).toBe(expected);
  });

  test.each([
    ["a call in the cleanup command", 'backupCleanupCommand = "curl https://hc.example.org/x";', "heartbeat yes"],
    [
      "a written script",
      'backupCleanupCommand = "${pkgs.writeShellScript "after" "wget -q https://hc.example.org"}";',
      "heartbeat yes",
    ],
    ["a command that tells nobody", 'backupCleanupCommand = "rm -rf /tmp/x";', ""],
    ["a command that is not known", "backupCleanupCommand = builtins.currentTime;", "heartbeat undecided"],
    [
      "a metric with a rule",
      'backupCleanupCommand = "echo home_backup_time $(date +%s) > /var/lib/textfile/a.prom";',
      "alert yes",
    ],
    [
      "a status for an agent of which no rule is in sight",
      'backupCleanupCommand = "echo task last_run=1 > /var/log/telegraf/backup.service";',
      "alert undecided",
    ],
  ])("%s", (_, definitions, expected) => {
    const rule = 'services.prometheus.rules = [ "expr: time() - home_backup_time > 86400" ];';
    expect(ways(job(definitions) + rule)).toBe(expected);
  });
});

describe("an exporter", () => {
  const exporter = (definitions = "", repository = "sftp:nas:a") =>
    `services.prometheus.exporters.restic = { enable = true; repository = "${repository}"; passwordFile = "/p"; ${definitions} };`;
  const scrape = (target: string) =>
    `services.prometheus.scrapeConfigs = [ { job_name = "restic"; static_configs = [ { targets = [ ${target} ]; } ]; } ];`;
  test.each([
    ["that nobody scrapes", exporter(), ""],
    ["scraped by its own host", exporter() + scrape('"localhost:9753"'), "exporter yes"],
    ["by name", exporter() + scrape('"web:9753"'), "exporter yes"],
    [
      "by its own port",
      exporter("port = 9000;") + scrape('"127.0.0.1:${toString config.services.prometheus.exporters.restic.port}"'),
      "exporter yes",
    ],
    ["another port", exporter() + scrape('"localhost:9100"'), ""],
    ["an address that may be it", exporter() + scrape('"10.0.0.7:9753"'), "exporter undecided"],
    ["of another repository", exporter("", "sftp:nas:b") + scrape('"localhost:9753"'), ""],
    ["by another spelling", exporter("", "sftp://nas/a/") + scrape('"localhost:9753"'), "exporter yes"],
    [
      "in Alloy's text",
      `${exporter()} environment.etc."alloy/config.alloy".text = "targets = [{ \\"__address__\\" = \\"localhost:9753\\" }]";`,
      "exporter yes",
    ],
    [
      "in a unit of one's own",
      'systemd.services.watch = { environment = { RESTIC_REPOSITORY = "sftp:nas:a"; LISTEN_PORT = "9001"; }; serviceConfig.ExecStart = "/bin/restic-exporter"; };' +
        scrape('"localhost:9001"'),
      "exporter yes",
    ],
  ])("%s", (_, definitions, expected) => {
    expect(ways(job() + definitions)).toBe(expected);
  });

  test("is scraped from another host, unless it listens on localhost", () => {
    const watched = (more: string) => {
      const web = `{ ${job()} ${exporter(more)} }`;
      const mon = `{ ${scrape('"web.example.org:9753"')} }`;
      const host = fleetOf({ web, mon }).hosts.find(({ name }) => name === "web")!;
      return host.isWatched(host.jobs[0]!, ["exporter"]).kind;
    };
    expect(watched("")).toBe("yes");
    expect(watched('listenAddress = "127.0.0.1";')).toBe("no");
  });

  test("may be scraped through a web server, also one whose settings are not all known", () => {
    const scraped = (more: string) => {
      const host = hostOf(`services.prometheus.exporters.node = { enable = true; port = 9100; }; ${more}`);
      return host.isScraped(host.exporters[0]!).kind;
    };
    const proxy = (to: string) => `services.nginx.virtualHosts.web.locations."/metrics".proxyPass = ${to};`;
    expect(scraped(proxy('"http://127.0.0.1:3000"'))).toBe("no");
    expect(scraped(proxy('"http://127.0.0.1:9100/metrics"'))).toBe("undecided");
    expect(scraped(proxy('"http://127.0.0.1:${builtins.getEnv "PORT"}"'))).toBe("no");
    expect(scraped(proxy("import /etc/port.nix"))).toBe("undecided");
  });

  test("addresses are found in any text", () => {
    expect(addressesIn('a = "x:80", http://web.example.org:9753/metrics [::1]:9100 {}:9001 …:9002 x:…')).toEqual([
      "x:80",
      "web.example.org:9753",
      "[::1]:9100",
      "{}:9001",
      "…:9002",
      "x:…",
    ]);
  });
});
