// What jobs really save: databases while they are written, what is excluded, chosen or misspelt, dumps that nobody
// carries or that are old.

import { describe, expect, test } from "vitest";
import type { Answer } from "../../src/eval/answer.ts";
import { undumpedDatabases, unusedDumps } from "../../src/fleet/databases.ts";
import { staleDumps } from "../../src/fleet/dump-freshness.ts";
import type { FleetHost } from "../../src/fleet/fleet-host.ts";
import { liveCopies } from "../../src/fleet/live-copies.ts";
import { missingMounts } from "../../src/fleet/mount-needs.ts";
import { excludedStates, partialStates } from "../../src/fleet/partial-state.ts";
import { prepareCommands } from "../../src/fleet/prepare-commands.ts";
import { strangePaths } from "../../src/fleet/strange-paths.ts";
import { fleetOf, hostOf, restic } from "./model.ts";

type Question = (host: FleetHost) => readonly { readonly answer: Answer }[];

/** The kinds of answer that are not "no": what a rule would say, or count. */
function answers(ask: Question, definitions: string): readonly string[] {
  return ask(hostOf(definitions))
    .map(({ answer }) => answer.kind)
    .filter((kind) => kind !== "no");
}

/** Each row: what it is, the definitions, the answers. */
function table(name: string, ask: Question, rows: readonly (readonly [string, string, readonly string[]])[]): void {
  describe(name, () => {
    test.each(rows)("%s", (_, definitions, expected) => {
      expect(answers(ask, definitions)).toEqual(expected);
    });
  });
}

const postgres = "services.postgresql.enable = true;";
const dump = "services.postgresqlBackup.enable = true;";
const unknown = "(import /etc/x.nix)";

table("files of a server that is running", liveCopies, [
  ["are copied with all of /var/lib", `${postgres} ${restic("a", 'paths = [ "/var/lib" ];')}`, ["yes"]],
  [
    "are not, where they are excluded",
    `${postgres} ${restic("a", 'paths = [ "/var/lib" ]; exclude = [ "/var/lib/postgresql" ];')}`,
    [],
  ],
  ["may be, by paths that are not known", `${postgres} ${restic("a", `paths = ${unknown};`)}`, ["undecided"]],
  [
    "are stopped before",
    `${postgres} ${restic("a", 'paths = [ "/var/lib" ]; backupPrepareCommand = "systemctl stop postgresql";')}`,
    [],
  ],
  [
    "are not what a service keeps beside its database",
    `services.forgejo.enable = true; ${restic("a", 'paths = [ "/var/lib/forgejo/repositories" ];')}`,
    [],
  ],
  [
    "are what it keeps in it",
    `services.forgejo.enable = true; ${restic("a", 'paths = [ "/var/lib/forgejo" ];')}`,
    ["yes"],
  ],
]);

const grafana = "services.grafana.enable = true;";

table("state that is excluded", excludedStates, [
  [
    "by its own path",
    `${grafana} ${restic("a", 'paths = [ "/var/lib" ]; exclude = [ "/var/lib/grafana" ];')}`,
    ["yes"],
  ],
  [
    "by all that is around it",
    `${grafana} ${restic("a", 'paths = [ "/var/lib/grafana" ]; exclude = [ "/var/*" ];')}`,
    ["yes"],
  ],
  [
    "together with the part that was chosen",
    `${grafana} ${restic("a", 'paths = [ "/var/lib/grafana/data" ]; exclude = [ "/var/lib/grafana" ];')}`,
    ["yes"],
  ],
  [
    "in one job and saved by another",
    `${grafana} ${restic("a", 'paths = [ "/var/lib" ]; exclude = [ "/var/lib/grafana" ];')} ${restic("b", 'paths = [ "/var/lib/grafana" ];')}`,
    [],
  ],
  [
    "by nothing that touches it",
    `${grafana} ${restic("a", 'paths = [ "/var/lib" ]; exclude = [ "/var/lib/docker" ];')}`,
    [],
  ],
  [
    "by patterns that are not known",
    `${grafana} ${restic("a", `paths = [ "/var/lib" ]; exclude = ${unknown};`)}`,
    ["undecided"],
  ],
]);

table("a part of the state alone", partialStates, [
  ["is chosen", `${grafana} ${restic("a", 'paths = [ "/var/lib/grafana/dashboards" ];')}`, ["yes"]],
  [
    "goes with the whole in another job",
    `${grafana} ${restic("a", 'paths = [ "/var/lib/grafana/dashboards" ];')} ${restic("b", 'paths = [ "/var/lib" ];')}`,
    [],
  ],
  [
    "may do so",
    `${grafana} ${restic("a", 'paths = [ "/var/lib/grafana/dashboards" ];')} ${restic("b", `paths = ${unknown};`)}`,
    ["undecided"],
  ],
]);

table("a path beside what the host knows", strangePaths, [
  ["is one slip away", `${grafana} ${restic("a", 'paths = [ "/var/lib/grafnaa" ];')}`, ["yes"]],
  ["is anything else", `${grafana} ${restic("a", 'paths = [ "/opt/tool" ];')}`, []],
  ["is below what is known", `${grafana} ${restic("a", 'paths = [ "/var/lib/grafana/x" ];')}`, []],
  ["is not known", `${grafana} ${restic("a", `paths = ${unknown};`)}`, ["undecided"]],
]);

const mount = (options: string) =>
  `fileSystems."/mnt/nas" = { device = "nas:/x"; fsType = "nfs"; options = [ ${options} ]; };`;
const onMount = (more = "") =>
  `services.restic.backups.a = { repository = "/mnt/nas/restic"; passwordFile = "/p"; paths = [ "/home" ]; ${more} };`;

table("a repository on a mount", missingMounts, [
  ["that may be away", `${mount('"nofail"')} ${onMount()}`, ["yes"]],
  ["that is mounted when it is used", `${mount('"nofail" "x-systemd.automount"')} ${onMount()}`, []],
  [
    "that the unit requires",
    `${mount('"nofail"')} ${onMount()} systemd.services.restic-backups-a.unitConfig.RequiresMountsFor = "/mnt/nas";`,
    [],
  ],
  [
    "by a unit that is not known",
    `${mount('"nofail"')} ${onMount()} systemd.services.restic-backups-a.unitConfig = ${unknown};`,
    ["undecided"],
  ],
]);

const ensure = 'services.postgresql.ensureDatabases = [ "a" "b" ];';

table("a database", undumpedDatabases, [
  ["is in the list of dumps", `${postgres} ${ensure} ${dump} services.postgresqlBackup.databases = [ "a" "b" ];`, []],
  ["is not", `${postgres} ${ensure} ${dump} services.postgresqlBackup.databases = [ "a" ];`, ["yes"]],
  ["is dumped with all of them", `${postgres} ${ensure} ${dump}`, []],
  ["is nobody's business without dumps", `${postgres} ${ensure}`, []],
  [
    "may be in a list that is not known",
    `${postgres} ${ensure} ${dump} services.postgresqlBackup.databases = ${unknown};`,
    ["undecided", "undecided"],
  ],
]);

table("a dump", unusedDumps, [
  ["is set and switched on", `${dump} services.postgresqlBackup.location = "/x";`, []],
  ["is set and not switched on", 'services.postgresqlBackup.location = "/x";', ["yes"]],
  ["is set nowhere", "", []],
]);

const nightly = (at: string) =>
  `${postgres} ${dump} services.postgresqlBackup.startAt = "*-*-* 02:00:00"; ${restic("a", `paths = [ "/var/backup" ]; timerConfig.OnCalendar = "${at}";`)}`;

table("a backup that carries a dump", staleDumps, [
  ["and runs an hour before it", nightly("*-*-* 01:00:00"), ["yes"]],
  ["and runs an hour behind it", nightly("*-*-* 03:00:00"), []],
  ["and runs each hour", nightly("hourly"), []],
  [
    "at a time that is not known",
    `${postgres} ${dump} ${restic("a", `paths = [ "/var/backup" ]; timerConfig.OnCalendar = ${unknown};`)}`,
    ["undecided"],
  ],
]);

const prepare = (text: string) => restic("a", `paths = [ "/home" ]; backupPrepareCommand = ${text};`);

table("a prepare command", prepareCommands, [
  ["of one step", prepare('"pg_dump a > /x"'), []],
  ["that goes on", prepare('"pg_dump a > /x\\npg_dump b > /y"'), ["yes"]],
  ["that stops", prepare('"set -e\\npg_dump a > /x\\npg_dump b > /y"'), []],
  ["of a pipe that hides its first part", prepare('"set -e\\npg_dump a | gzip > /x"'), ["yes"]],
  ["that is not known", prepare(unknown), ["undecided"]],
]);

describe("a dump is lost", () => {
  const lost = (definitions: string) => {
    const host = hostOf(`${postgres} ${dump} ${definitions}`);
    return host.dumps.map((one) => host.isLost(one).kind);
  };
  test.each([
    ["without a job", "", ["yes"]],
    ["with a job elsewhere", restic("a", 'paths = [ "/home" ];'), ["yes"]],
    ["never with a job that carries it", restic("a", 'paths = [ "/var/backup" ];'), ["no"]],
    ["never on the disk of another machine", `services.postgresqlBackup.location = "/mnt/nas/x"; ${mount("")}`, ["no"]],
    ["for all that is known", restic("a", `paths = ${unknown};`), ["undecided"]],
  ])("%s", (_, definitions, expected) => {
    expect(lost(definitions)).toEqual(expected);
  });
});

test("absence is claimed of hosts, and of roles only by what they have to say themselves", () => {
  const role = `{ services.grafana.enable = true; }`;
  const { hosts, roles } = fleetOf({ a: "{ imports = [ ../roles/web.nix ]; }" }, { files: { "roles/web.nix": role } });
  expect(hosts.map((one) => [one.claimsAbsence("host"), one.claimsAbsence("role")])).toEqual([[true, true]]);
  expect(roles.map((one) => [one.claimsAbsence("host"), one.claimsAbsence("role")])).toEqual(
    roles.map(() => [false, true]),
  );
});
