// The registry: every rule, sorted by id. A rule that is not here does not exist.

import type { Rule } from "../src/rule.ts";
import backupScheduleClash from "./backup-schedule-clash.ts";
import expiredWaiver from "./expired-waiver.ts";
import missingImport from "./missing-import.ts";
import secretOwnerMismatch from "./secret-owner-mismatch.ts";
import serviceWithoutBackup from "./service-without-backup.ts";
import syntaxError from "./syntax-error.ts";
import unknownRule from "./unknown-rule.ts";
import unmonitoredBackup from "./unmonitored-backup.ts";
import unreadableFile from "./unreadable-file.ts";
import untrackedImport from "./untracked-import.ts";
import unusedSuppression from "./unused-suppression.ts";

export const rules: readonly Rule[] = [
  backupScheduleClash,
  expiredWaiver,
  missingImport,
  secretOwnerMismatch,
  serviceWithoutBackup,
  syntaxError,
  unknownRule,
  unmonitoredBackup,
  unreadableFile,
  untrackedImport,
  unusedSuppression,
];
