// Every kind of fault, in the order of the report.

import { plantClash, plantReboot } from "./clashes.ts";
import { plantDroppedJob, plantDroppedPath, plantExclude } from "./coverage.ts";
import { plantDroppedDatabase, plantForgottenDatabase, plantMovedDump } from "./dumps.ts";
import * as files from "./files.ts";
import * as jobs from "./jobs.ts";
import type { FaultKind } from "./kinds.ts";
import { plantOtherOwner, plantOtherUser } from "./owners.ts";
import * as repositories from "./repositories.ts";
import * as secrets from "./secrets.ts";
import * as timers from "./timers.ts";
import { plantUnwatched } from "./watching.ts";

const recommended: readonly FaultKind[] = [
  { rule: "service-without-backup", name: "drop the job", plant: plantDroppedJob },
  { rule: "service-without-backup", name: "exclude the path", plant: plantExclude },
  { rule: "service-without-backup", name: "drop the path", plant: plantDroppedPath },
  { rule: "secret-owner-mismatch", name: "give the secret to another user", plant: plantOtherOwner },
  { rule: "secret-owner-mismatch", name: "run the job as another user", plant: plantOtherUser },
  { rule: "backup-schedule-clash", name: "move the timer onto the dump", plant: plantClash },
  { rule: "backup-schedule-clash", name: "upgrade with a reboot at the job's time", plant: plantReboot },
  { rule: "unmonitored-backup", name: "remove what watches", plant: plantUnwatched },
  { rule: "empty-backup-job", name: "empty the paths", plant: jobs.plantEmptyPaths },
  { rule: "unknown-backup-path", name: "swap two letters of a path", plant: jobs.plantSlip },
  { rule: "excluded-state", name: "exclude the path", plant: jobs.plantExcludedState },
  { rule: "live-database-backup", name: "save the files of the server", plant: jobs.plantLiveDatabase },
  { rule: "success-ping-on-failure", name: "ping in the cleanup command", plant: jobs.plantPingAlways },
  { rule: "unchecked-prepare-command", name: "two commands without set -e", plant: jobs.plantUnchecked },
  { rule: "timer-without-persistent", name: "drop Persistent", plant: timers.plantDroppedPersistent },
  { rule: "timer-without-persistent", name: "a calendar of its own", plant: timers.plantOwnCalendar },
  { rule: "unscheduled-backup", name: "take the timer away", plant: timers.plantNoTimer },
  { rule: "invalid-calendar", name: "a line of cron", plant: timers.plantCron },
  { rule: "calendar-never-elapses", name: "the 30th of February", plant: timers.plantFebruary },
  { rule: "misspelt-unit-key", name: "swap two letters of a key", plant: timers.plantMisspeltKey },
  { rule: "backup-before-dump", name: "dump after the job", plant: timers.plantDumpAfterJob },
  { rule: "undumped-database", name: "one database more", plant: plantForgottenDatabase },
  { rule: "undumped-database", name: "drop one from the dump", plant: plantDroppedDatabase },
  { rule: "dump-not-backed-up", name: "dump to elsewhere", plant: plantMovedDump },
  { rule: "missing-retention", name: "remove the retention", plant: repositories.plantNoRetention },
  { rule: "repository-lock-collision", name: "two jobs on one repository", plant: repositories.plantOneRepository },
  { rule: "unmounted-local-repository", name: "a repository on a mount", plant: repositories.plantUnmounted },
  { rule: "prune-on-append-only", name: "make the server append-only", plant: repositories.plantAppendOnly },
  { rule: "host-key-checking-off", name: "take any host key", plant: repositories.plantUncheckedHostKey },
  { rule: "exporter-repository-mismatch", name: "watch another repository", plant: repositories.plantOtherExporter },
  { rule: "exporter-refresh-too-fast", name: "read it every five minutes", plant: repositories.plantHastyExporter },
  { rule: "unscraped-exporter", name: "an exporter more", plant: repositories.plantUnscraped },
  { rule: "secret-in-store", name: "a password by toFile", plant: secrets.plantStoredPassword },
  { rule: "secret-in-store", name: "credentials in the address", plant: repositories.plantCredentials },
  { rule: "secret-read-at-eval", name: "readFile of a secret", plant: secrets.plantReadAtEval },
  { rule: "undeclared-secret", name: "remove the declaration", plant: secrets.plantUndeclared },
  { rule: "missing-sops-key", name: "another key", plant: secrets.plantMissingKey },
  { rule: "unknown-secret-owner", name: "an owner nobody creates", plant: secrets.plantStrangeOwner },
  { rule: "conflicting-secret-owner", name: "a second owner", plant: secrets.plantTwoOwners },
  { rule: "unreadable-secret", name: "another owner than the unit's user", plant: secrets.plantUnreadable },
  { rule: "world-readable-secret", name: "mode 0444", plant: secrets.plantOpenMode },
  { rule: "password-secret-too-late", name: "drop neededForUsers", plant: secrets.plantTooLate },
  { rule: "placeholder-outside-template", name: "a placeholder in /etc", plant: secrets.plantStrayPlaceholder },
  { rule: "unused-secret", name: "a secret more", plant: secrets.plantUnusedSecret },
  { rule: "plaintext-secret-file", name: "commit it decrypted", plant: secrets.plantPlainText },
  { rule: "sops-recipients-drift", name: "a new key in .sops.yaml", plant: secrets.plantNewRecipient },
  { rule: "missing-import", name: "import what is not there", plant: files.plantMissingImport },
  { rule: "untracked-import", name: "import what git does not know", plant: files.plantUntrackedImport },
  { rule: "failed-assertion", name: "an assertion that fails", plant: files.plantFailedAssertion },
  { rule: "conflicting-definitions", name: "a second name of the host", plant: files.plantConflict },
  { rule: "unknown-rule", name: "allow a rule that is none", plant: files.plantUnknownRule },
  { rule: "unused-suppression", name: "allow what is not found", plant: files.plantIdleSuppression },
  { rule: "expired-waiver", name: "allow until 2020", plant: files.plantExpired },
];

/** Of the strict profile: their rules are switched on one by one, so that the others judge as they always do. */
const strict: readonly FaultKind[] = [
  { rule: "backup-as-root", name: "take the user away", plant: jobs.plantAsRoot },
  { rule: "partial-backup", name: "save a part", plant: jobs.plantChosenPart },
  { rule: "retention-gap", name: "keep two days", plant: repositories.plantShortRetention },
  { rule: "shared-repository", name: "two jobs on one repository", plant: repositories.plantOneRepository },
  { rule: "foreign-transport", name: "to S3", plant: repositories.plantForeign },
  { rule: "unknown-host-key", name: "to a new machine", plant: repositories.plantUnknownHostKey },
  { rule: "manual-repository", name: "initialize = false", plant: repositories.plantNotMade },
  { rule: "unchecked-repository", name: "remove the check", plant: repositories.plantNoCheck },
];

export const faultKinds: readonly FaultKind[] = [...recommended, ...strict];
export const switchedOn: ReadonlySet<string> = new Set(strict.map(({ rule }) => rule));
