// The options of a backup job, by the modules of nixpkgs that make jobs of them.

import { Unknown } from "../../eval/unknown.ts";
import { attrsOf, emptyAttrs, emptyList, List } from "../../eval/value.ts";
import { option } from "../modules/internal-module.ts";
import { attrsOf as setOf } from "../modules/types/collections.ts";
import { anything, nullOr } from "../modules/types/combinators.ts";
import { absolutePath as path } from "../modules/types/paths.ts";
import { attrs, bool, packageType, str } from "../modules/types/scalars.ts";
import { lines, openSubmodule, settings, stringOrList, strings } from "./open-submodule.ts";

const daily = attrsOf({ OnCalendar: "daily", Persistent: true });

export const resticJob = openSubmodule({
  backupCleanupCommand: option(nullOr(str), null),
  backupPrepareCommand: option(nullOr(str), null),
  checkOpts: option(strings, emptyList),
  createWrapper: option(bool, true),
  dynamicFilesFrom: option(nullOr(str), null),
  environmentFile: option(nullOr(str), null),
  exclude: option(strings, emptyList),
  extraBackupArgs: option(strings, emptyList),
  extraOptions: option(strings, emptyList),
  initialize: option(bool, false),
  package: option(packageType, new Unknown("package", "the package `restic`")),
  passwordFile: option(nullOr(str), null),
  paths: option(nullOr(strings), emptyList),
  pruneOpts: option(strings, emptyList),
  rcloneConfig: option(nullOr(attrs), null),
  rcloneConfigFile: option(nullOr(path), null),
  rcloneOptions: option(nullOr(attrs), null),
  repository: option(nullOr(str), null),
  repositoryFile: option(nullOr(path), null),
  timerConfig: option(nullOr(settings), daily),
  user: option(str, "root"),
});

const borgHooks = ["preHook", "postHook", "postInit", "postCreate", "postPrune", "postCompact"];

/** Source: nixpkgs, `nixos/modules/services/backup/borgbackup.nix`. */
export const borgJob = openSubmodule({
  ...Object.fromEntries(borgHooks.map((name) => [name, option(lines, "")])),
  createCommand: option(str, "create"),
  compression: option(str, "lz4"),
  dateFormat: option(str, "+%Y-%m-%dT%H:%M:%S"),
  doInit: option(bool, true),
  dumpCommand: option(nullOr(path), null),
  encryption: attrsOf({
    mode: option(str, new Unknown("nixpkgs-default", "a job of borg without `encryption.mode`")),
    passCommand: option(nullOr(str), null),
    passphrase: option(nullOr(str), null),
  }),
  environment: option(setOf(str), emptyAttrs),
  exclude: option(strings, emptyList),
  group: option(str, "root"),
  paths: option(nullOr(stringOrList), null),
  patterns: option(strings, emptyList),
  persistentTimer: option(bool, false),
  prune: attrsOf({ keep: option(setOf(anything), emptyAttrs) }),
  readWritePaths: option(strings, emptyList),
  removableDevice: option(bool, false),
  repo: option(str, new Unknown("nixpkgs-default", "a job of borg without `repo`")),
  startAt: option(stringOrList, new List(["daily"])),
  user: option(str, "root"),
});
