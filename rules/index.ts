// The registry: every rule, sorted by id. A rule that is not here does not exist.

import type { Rule } from "../src/rule.ts";
import backupScheduleClash from "./backup-schedule-clash.ts";
import conflictingSecretOwner from "./conflicting-secret-owner.ts";
import expiredWaiver from "./expired-waiver.ts";
import exporterRefreshTooFast from "./exporter-refresh-too-fast.ts";
import exporterSecretUnreadable from "./exporter-secret-unreadable.ts";
import hostNotRecipient from "./host-not-recipient.ts";
import missingImport from "./missing-import.ts";
import missingSopsKey from "./missing-sops-key.ts";
import passwordSecretTooLate from "./password-secret-too-late.ts";
import placeholderOutsideTemplate from "./placeholder-outside-template.ts";
import plaintextSecretFile from "./plaintext-secret-file.ts";
import secretInStore from "./secret-in-store.ts";
import secretOwnerMismatch from "./secret-owner-mismatch.ts";
import secretReadAtEval from "./secret-read-at-eval.ts";
import serviceWithoutBackup from "./service-without-backup.ts";
import sopsRecipientsDrift from "./sops-recipients-drift.ts";
import syntaxError from "./syntax-error.ts";
import undeclaredSecret from "./undeclared-secret.ts";
import unknownRule from "./unknown-rule.ts";
import unknownSecretOwner from "./unknown-secret-owner.ts";
import unmonitoredBackup from "./unmonitored-backup.ts";
import unreadableFile from "./unreadable-file.ts";
import unreadableSecret from "./unreadable-secret.ts";
import untrackedImport from "./untracked-import.ts";
import unusedSecret from "./unused-secret.ts";
import unusedSuppression from "./unused-suppression.ts";
import worldReadableSecret from "./world-readable-secret.ts";

export const rules: readonly Rule[] = [
  backupScheduleClash,
  conflictingSecretOwner,
  expiredWaiver,
  exporterRefreshTooFast,
  exporterSecretUnreadable,
  hostNotRecipient,
  missingImport,
  missingSopsKey,
  passwordSecretTooLate,
  placeholderOutsideTemplate,
  plaintextSecretFile,
  secretInStore,
  secretOwnerMismatch,
  secretReadAtEval,
  serviceWithoutBackup,
  sopsRecipientsDrift,
  syntaxError,
  undeclaredSecret,
  unknownRule,
  unknownSecretOwner,
  unmonitoredBackup,
  unreadableFile,
  unreadableSecret,
  untrackedImport,
  unusedSecret,
  unusedSuppression,
  worldReadableSecret,
];
