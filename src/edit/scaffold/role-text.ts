// The text of a role that watches whatever backup jobs its host has: what is asked, and by whom.

import { showList, showSet, showString } from "../nix-text.ts";

/** What the role sets up besides what it watches with. */
export interface Scraping {
  /** Files that it imports, as paths from the role. */
  readonly imports: readonly string[];
  /** Options and their values: who asks the exporter. */
  readonly settings: readonly Setting[];
  /** What the Prometheus of the host is set besides, which looks at rules too; null when it is none of it. */
  readonly prometheus: readonly Setting[] | null;
}

type Setting = readonly [path: string, nix: string];

export interface Watching {
  readonly exporter: "restic" | "systemd";
  readonly port: number;
  /** Name of the exporter's targets. */
  readonly job: string;
  /** After how many hours a snapshot is old; null when units are watched, which say themselves that they failed. */
  readonly hours: number | null;
}

export function roleText(watching: Watching, { imports, settings, prometheus }: Scraping): string {
  const { hours } = watching;
  const asked = prometheus === null ? [] : [["services.prometheus", prometheusText(watching, prometheus)] as const];
  const body = [...(hours === null ? systemdSettings : resticSettings), ...settings, ...asked];
  const importing = imports.length === 0 ? [] : [["imports", showList(imports)] as const];
  const more = prometheus === null ? "" : ", pkgs";
  if (hours === null) return `${systemdComment}\n{ lib${more}, ... }:\n${apart([...importing, ...body])}\n`;
  const config = ["config", `lib.mkIf (jobs != [ ]) ${apart(body)}`] as const;
  return `${resticComment}\n{ config, lib${more}, ... }:\n${resticJob}${apart([...importing, config])}\n`;
}

/** With a blank line after each. */
function apart(bindings: readonly Setting[]): string {
  return showSet(bindings)
    .replaceAll(/^ {2}\S.*;$|^ {2}[\])}'].*;$/gm, "$&\n")
    .replace(/\n\n\}$/, "\n}");
}

const resticJob = `let
  jobs = lib.attrValues config.services.restic.backups;
  job = lib.head jobs;
in
`;

const resticComment = `# Watches the repository of this host's restic jobs. The exporter knows one repository:
# all jobs of a host that imports this have to write to the same.`;

const systemdComment = "# Watches the units of this host's backup jobs.";

/** All of it from the job: another repository or password would be worse than none. */
const resticSettings = [
  [
    "services.prometheus.exporters.restic",
    `{
  enable = true;
  inherit (job)
    environmentFile
    passwordFile
    rcloneConfigFile
    repository
    repositoryFile
    user
    ;
  group = config.users.users.\${job.user}.group;
  # Each refresh reads the whole index, over the network mostly.
  refreshInterval = 3600;
  listenAddress = "127.0.0.1";
}`,
  ],
  [
    "systemd.services.prometheus-restic-exporter",
    `{
  # restic starts ssh, which a unit does not have in its PATH.
  path = [ config.programs.ssh.package ];

  serviceConfig = {
    # What the job reads is for its own user.
    DynamicUser = false;
    # The exporter ends when a refresh fails, as it does until there is a repository.
    RestartSec = "1min";
  };
}`,
  ],
] as const;

const systemdSettings = [
  [
    "services.prometheus.exporters.systemd",
    `{
  enable = true;
  listenAddress = lib.mkDefault "127.0.0.1";
}`,
  ],
] as const;

const resticRules = (hours: number): string => `groups:
  - name: restic
    rules:
      - alert: ResticBackupTooOld
        expr: time() - max by (job, instance) (restic_backup_timestamp) > ${hours} * 3600
        for: 15m
        annotations:
          summary: "{{ $labels.instance }} has taken no snapshot for {{ $value | humanizeDuration }}"
      - alert: ResticExporterDown
        expr: up{job="restic"} == 0
        for: 2h
        annotations:
          summary: "The restic exporter of {{ $labels.instance }} does not answer"`;

const unitRules = `groups:
  - name: backups
    rules:
      - alert: BackupFailed
        expr: systemd_unit_state{name=~".*(restic|borg|backup|btrbk|syncoid|zrepl).*[.]service", state="failed"} == 1
        annotations:
          summary: "{{ $labels.name }} failed on {{ $labels.instance }}"
      - alert: BackupUnitsUnwatched
        expr: up{job="backups"} == 0
        for: 2h
        annotations:
          summary: "Nobody knows how the backups of {{ $labels.instance }} are doing"`;

function prometheusText({ job, port, hours }: Watching, settings: readonly Setting[]): string {
  const config = showSet([
    ["job_name", showString(job)],
    ["static_configs", `[ { targets = [ "localhost:${port}" ]; } ]`],
  ]);
  return showSet([
    ...settings,
    ["scrapeConfigs", showList([config])],
    ["ruleFiles", ruleFiles(hours === null ? unitRules : resticRules(hours))],
  ]);
}

/** A file of its own: `rules` become one file, in which there can be one list of groups. */
function ruleFiles(text: string): string {
  const lines = text.split("\n").map((line) => `    ${line}`);
  return `[\n  (pkgs.writeText "backups.rules" ''\n${lines.join("\n")}\n  '')\n]`;
}
