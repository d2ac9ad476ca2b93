// When jobs run and what becomes of runs: timers, starters, free times, locks, retention, last words.

import { describe, expect, test } from "vitest";
import type { Answer } from "../../src/eval/answer.ts";
import { finalPings } from "../../src/fleet/final-pings.ts";
import type { FleetHost } from "../../src/fleet/fleet-host.ts";
import { repositoriesOf } from "../../src/fleet/fleet-repositories.ts";
import { hostCalendars } from "../../src/fleet/host-calendars.ts";
import { lockLosers } from "../../src/fleet/lock-waits.ts";
import { missedRuns } from "../../src/fleet/missed-runs.ts";
import { holesOf, isFlawed, retentionOf, shortOf } from "../../src/fleet/retention.ts";
import { isStarted } from "../../src/fleet/starters.ts";
import { ignoredKeys } from "../../src/fleet/unit-keys.ts";
import { fleetOf, hostOf, restic, root } from "./model.ts";

const unknown = "(import /etc/x.nix)";
const job = (more: string, name = "a") => restic(name, `paths = [ "/home" ]; ${more}`);
const kinds = (found: readonly { readonly answer: Answer }[]) => found.map(({ answer }) => answer.kind);

function table(
  name: string,
  ask: (host: FleetHost) => readonly string[],
  rows: readonly (readonly [string, string, readonly string[]])[],
): void {
  describe(name, () => {
    test.each(rows)("%s", (_, definitions, expected) => {
      expect(ask(hostOf(definitions))).toEqual(expected);
    });
  });
}

table("a run that is missed", (host) => kinds(missedRuns(host)), [
  ["is made up by the default", job(""), []],
  ["is not, with a calendar of one's own", job('timerConfig.OnCalendar = "daily";'), ["yes"]],
  ["is, where that is said", job('timerConfig = { OnCalendar = "daily"; Persistent = "yes"; };'), ["no"]],
  [
    "is, by the timer itself",
    `${job('timerConfig.OnCalendar = "daily";')} systemd.timers.restic-backups-a.timerConfig.Persistent = true;`,
    ["no"],
  ],
  ["is soon followed by another", job('timerConfig.OnCalendar = "hourly";'), ["no"]],
  ["is made up after boot", job('timerConfig = { OnCalendar = "daily"; OnBootSec = "5m"; };'), ["no"]],
  ["may be", job(`timerConfig = { OnCalendar = "daily"; Persistent = ${unknown}; };`), ["undecided"]],
]);

table("a job is started", (host) => host.jobs.map((one) => isStarted(host, one).kind), [
  ["by its timer", job(""), ["yes"]],
  ["by nothing", job("timerConfig = null;"), ["no"]],
  [
    "by another unit",
    `${job("timerConfig = null;")} systemd.services.x.wants = [ "restic-backups-a.service" ];`,
    ["yes"],
  ],
  [
    "by a script",
    `${job("timerConfig = null;")} systemd.services.x.script = "systemctl start restic-backups-a";`,
    ["yes"],
  ],
  [
    "by what may be in a list that is not known",
    `${job("timerConfig = null;")} systemd.services.x.wants = ${unknown};`,
    ["undecided"],
  ],
]);

table(
  "a key of a unit",
  (host) => ignoredKeys(host).map(({ key, meant, answer }) => `${key} ${meant.section}.${meant.key} ${answer.kind}`),
  [
    ["is misspelt", 'systemd.services.x.serviceConfig.user = "me";', ["user Service.User yes"]],
    [
      "is in the wrong section",
      'systemd.services.x.serviceConfig.RequiresMountsFor = "/x";',
      ["RequiresMountsFor Unit.RequiresMountsFor yes"],
    ],
    ["was known there once", "systemd.services.x.serviceConfig.StartLimitBurst = 3;", []],
    ["is one nobody knows", 'systemd.services.x.serviceConfig.FrobnicateFoo = "x";', []],
    [
      "of a job's timer",
      job('timerConfig = { OnCalendar = "daily"; persistent = true; };'),
      ["persistent Timer.Persistent yes"],
    ],
  ],
);

table(
  "a calendar",
  (host) =>
    hostCalendars(host).map(
      ({ option, isRefused, neverElapses }) => `${option} ${isRefused.kind} ${neverElapses.kind}`,
    ),
  [
    ["of a job", job('timerConfig.OnCalendar = "*-*-* 25:00";'), ["services.restic.backups.a yes no"]],
    ["of the system", 'nix.gc.dates = "2020-01-01";', ["nix.gc.dates no yes"]],
    ["of a service", 'systemd.services.x.startAt = "daily";', ["systemd.timers.x no no"]],
    ["that is not known", `nix.gc.dates = ${unknown};`, ["nix.gc.dates undecided undecided"]],
  ],
);

const shared = (more: string, name: string) =>
  `services.restic.backups.${name} = { repository = "sftp:nas:x"; passwordFile = "/p"; paths = [ "/home" ]; ${more} };`;
const prune = 'pruneOpts = [ "--keep-daily 7" ];';

table(
  "a job gives up",
  (host) =>
    repositoriesOf({ hosts: [host], roles: [] } as never)
      .flatMap((one) => lockLosers(one).map(({ user, option, answer }) => `${user.job.name} ${option} ${answer.kind}`))
      .filter((line) => !line.endsWith(" no")),
  [
    ["never with a repository of its own", job(prune), []],
    ["beside one that prunes", shared("", "a") + shared(prune, "b"), ["a extraBackupArgs yes", "b pruneOpts yes"]],
    ["never where nobody prunes or checks", shared("", "a") + shared("", "b"), []],
    [
      "unless it waits",
      shared('extraBackupArgs = [ "--retry-lock 1h" ];', "a") +
        shared('pruneOpts = [ "--keep-daily 7" "--retry-lock 1h" ];', "b"),
      [],
    ],
    [
      "unless one comes after the other",
      `${shared("", "a")} ${shared(prune, "b")} systemd.services.restic-backups-b.after = [ "restic-backups-a.service" ];`,
      [],
    ],
    [
      "for all that is known",
      shared(`extraBackupArgs = ${unknown};`, "a") + shared(prune, "b"),
      ["a extraBackupArgs undecided", "b pruneOpts yes"],
    ],
  ],
);

table("a heartbeat at the end", (host) => kinds(finalPings(host)), [
  ["comes whatever happened", job('backupCleanupCommand = "curl https://hc-ping.com/abc";'), ["yes"]],
  [
    "looks at the result",
    job('backupCleanupCommand = "[ $SERVICE_RESULT = success ] && curl https://hc-ping.com/abc";'),
    ["no"],
  ],
  ["is no heartbeat", job('backupCleanupCommand = "rm /tmp/x";'), ["no"]],
  ["may be one", job(`backupCleanupCommand = ${unknown};`), ["undecided"]],
]);

describe("what is kept", () => {
  const keptBy = (options: string) => {
    const host = hostOf(job(`pruneOpts = ${options};`));
    return retentionOf(host.host, host.jobs[0]!);
  };
  test.each([
    ["without a hole", '[ "--keep-daily 7" "--keep-weekly 4" ]', []],
    [
      "with a hole",
      '[ "--keep-daily 3" "--keep-weekly 4" ]',
      ["3 daily snapshots do not reach back to the weekly ones"],
    ],
    [
      "as two words",
      '[ "--keep-daily" "3" "--keep-weekly" "4" ]',
      ["3 daily snapshots do not reach back to the weekly ones"],
    ],
    ["by age", '[ "--keep-within-daily 14d" "--keep-weekly 8" ]', []],
  ])("%s", (_, options, expected) => {
    expect(holesOf(keptBy(options)!.kept)).toEqual(expected);
  });
  test("is enough when finer snapshots make up for coarser ones", () => {
    const { kept } = keptBy('[ "--keep-daily 28" ]')!;
    expect(shortOf(kept, { daily: 7, weekly: 4, monthly: 1, yearly: 1 })).toEqual(["yearly"]);
  });
  test("is nothing without options, and not known where they are not", () => {
    expect(keptBy("[ ]")).toBeNull();
    expect(isFlawed(keptBy(unknown)!, 0).kind).toBe("undecided");
  });
});

describe("a free time", () => {
  const at = (name: string, time: string) => job(`timerConfig.OnCalendar = "${time}";`, name);
  const free = (definitions: string) => {
    const host = hostOf(definitions);
    const unit = host.scheduled.find(({ option }) => option.endsWith(".a"))!;
    return host.freeTime(unit)?.text ?? null;
  };
  test("is the own one while nobody else has it", () => {
    expect(free(at("a", "03:00") + at("b", "12:00"))).toBe("03:00");
  });
  test("is not while a dump runs", () => {
    const dump = 'services.postgresqlBackup = { enable = true; startAt = "03:00"; };';
    const carrying = (time: string) =>
      `${dump} ${restic("a", `paths = [ "/var" ]; timerConfig.OnCalendar = "${time}";`)}`;
    expect(kinds(hostOf(carrying("03:00")).clashPairs)).toEqual(["yes"]);
    const text = free(carrying("03:00"))!;
    expect(kinds(hostOf(carrying(text)).clashPairs)).toEqual(["no"]);
  });
  test("is not known of a time that is not", () => {
    expect(free(`${job(`timerConfig.OnCalendar = ${unknown};`)} ${at("b", "12:00")}`)).toBeNull();
  });
});

test("everything has a place, be it the host's own", () => {
  const host = fleetOf({ a: "{ }" }).hosts[0]!;
  expect(host.place(null).file).toBe(`${root}/flake.nix`);
  const span = { file: `${root}/hosts/a.nix`, start: 0, end: 1 };
  expect(host.place(span)).toEqual(span);
});
