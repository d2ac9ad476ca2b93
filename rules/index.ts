// The registry: every rule, sorted by id. A rule that is not here does not exist.

import type { Rule } from "../src/rule.ts";
import backupAsRoot from "./backup-as-root.ts";
import backupBeforeDump from "./backup-before-dump.ts";
import backupScheduleClash from "./backup-schedule-clash.ts";
import calendarNeverElapses from "./calendar-never-elapses.ts";
import conflictingDefinitions from "./conflicting-definitions.ts";
import conflictingSecretOwner from "./conflicting-secret-owner.ts";
import dumpNotBackedUp from "./dump-not-backed-up.ts";
import emptyBackupJob from "./empty-backup-job.ts";
import excludedState from "./excluded-state.ts";
import expiredWaiver from "./expired-waiver.ts";
import exporterRefreshTooFast from "./exporter-refresh-too-fast.ts";
import exporterRepositoryMismatch from "./exporter-repository-mismatch.ts";
import exporterSecretUnreadable from "./exporter-secret-unreadable.ts";
import failedAssertion from "./failed-assertion.ts";
import foreignTransport from "./foreign-transport.ts";
import hostKeyCheckingOff from "./host-key-checking-off.ts";
import hostNotRecipient from "./host-not-recipient.ts";
import invalidCalendar from "./invalid-calendar.ts";
import liveDatabaseBackup from "./live-database-backup.ts";
import manualRepository from "./manual-repository.ts";
import missingImport from "./missing-import.ts";
import missingRetention from "./missing-retention.ts";
import missingSopsKey from "./missing-sops-key.ts";
import misspeltUnitKey from "./misspelt-unit-key.ts";
import monitoringInBackupModule from "./monitoring-in-backup-module.ts";
import partialBackup from "./partial-backup.ts";
import passwordSecretTooLate from "./password-secret-too-late.ts";
import placeholderOutsideTemplate from "./placeholder-outside-template.ts";
import plaintextSecretFile from "./plaintext-secret-file.ts";
import pruneOnAppendOnly from "./prune-on-append-only.ts";
import repositoryLockCollision from "./repository-lock-collision.ts";
import retentionGap from "./retention-gap.ts";
import secretInStore from "./secret-in-store.ts";
import secretOwnerMismatch from "./secret-owner-mismatch.ts";
import secretReadAtEval from "./secret-read-at-eval.ts";
import serviceWithoutBackup from "./service-without-backup.ts";
import sharedRepository from "./shared-repository.ts";
import sharedRepositoryPassword from "./shared-repository-password.ts";
import sopsRecipientsDrift from "./sops-recipients-drift.ts";
import successPingOnFailure from "./success-ping-on-failure.ts";
import syntaxError from "./syntax-error.ts";
import timerWithoutPersistent from "./timer-without-persistent.ts";
import uncheckedPrepareCommand from "./unchecked-prepare-command.ts";
import uncheckedRepository from "./unchecked-repository.ts";
import undeclaredSecret from "./undeclared-secret.ts";
import undumpedDatabase from "./undumped-database.ts";
import unknownBackupPath from "./unknown-backup-path.ts";
import unknownHostKey from "./unknown-host-key.ts";
import unknownRule from "./unknown-rule.ts";
import unknownSecretOwner from "./unknown-secret-owner.ts";
import unknownService from "./unknown-service.ts";
import unmonitoredBackup from "./unmonitored-backup.ts";
import unmountedLocalRepository from "./unmounted-local-repository.ts";
import unreadableFile from "./unreadable-file.ts";
import unreadableSecret from "./unreadable-secret.ts";
import unscheduledBackup from "./unscheduled-backup.ts";
import unscrapedExporter from "./unscraped-exporter.ts";
import untrackedImport from "./untracked-import.ts";
import unusedSecret from "./unused-secret.ts";
import unusedSuppression from "./unused-suppression.ts";
import worldReadableSecret from "./world-readable-secret.ts";

export const rules: readonly Rule[] = [
  backupAsRoot,
  backupBeforeDump,
  backupScheduleClash,
  calendarNeverElapses,
  conflictingDefinitions,
  conflictingSecretOwner,
  dumpNotBackedUp,
  emptyBackupJob,
  excludedState,
  expiredWaiver,
  exporterRefreshTooFast,
  exporterRepositoryMismatch,
  exporterSecretUnreadable,
  failedAssertion,
  foreignTransport,
  hostKeyCheckingOff,
  hostNotRecipient,
  invalidCalendar,
  liveDatabaseBackup,
  manualRepository,
  missingImport,
  missingRetention,
  missingSopsKey,
  misspeltUnitKey,
  monitoringInBackupModule,
  partialBackup,
  passwordSecretTooLate,
  placeholderOutsideTemplate,
  plaintextSecretFile,
  pruneOnAppendOnly,
  repositoryLockCollision,
  retentionGap,
  secretInStore,
  secretOwnerMismatch,
  secretReadAtEval,
  serviceWithoutBackup,
  sharedRepository,
  sharedRepositoryPassword,
  sopsRecipientsDrift,
  successPingOnFailure,
  syntaxError,
  timerWithoutPersistent,
  uncheckedPrepareCommand,
  uncheckedRepository,
  undeclaredSecret,
  undumpedDatabase,
  unknownBackupPath,
  unknownHostKey,
  unknownRule,
  unknownSecretOwner,
  unknownService,
  unmonitoredBackup,
  unmountedLocalRepository,
  unreadableFile,
  unreadableSecret,
  unscheduledBackup,
  unscrapedExporter,
  untrackedImport,
  unusedSecret,
  unusedSuppression,
  worldReadableSecret,
];
