// The registry: every rule, sorted by id. A rule that is not here does not exist.

import type { Rule } from "../src/rule.ts";
import expiredWaiver from "./expired-waiver.ts";
import missingImport from "./missing-import.ts";
import syntaxError from "./syntax-error.ts";
import unknownRule from "./unknown-rule.ts";
import unreadableFile from "./unreadable-file.ts";
import untrackedImport from "./untracked-import.ts";
import unusedSuppression from "./unused-suppression.ts";

export const rules: readonly Rule[] = [
  expiredWaiver,
  missingImport,
  syntaxError,
  unknownRule,
  unreadableFile,
  untrackedImport,
  unusedSuppression,
];
