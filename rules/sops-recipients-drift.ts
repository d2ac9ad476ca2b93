// `.sops.yaml` and an encrypted file disagree about who can decrypt it: `sops updatekeys` was not run.

import { defineRule, type Finding, missingRecipients, pathInFlake, showRecipients } from "../src/rule.ts";

export default defineRule({
  id: "sops-recipients-drift",
  summary: "an encrypted file whose recipients are not those of `.sops.yaml`",
  severity: "error",
  profile: "recommended",
  scope: "fleet",
  *check(fleet) {
    for (const { path, broken } of fleet.sops.configs) {
      if (broken) yield { kind: "undecided", subject: pathInFlake(fleet, path), at: broken.span, reasons: [broken] };
    }
    for (const { path, file, config, rule } of fleet.sops.governed) {
      if (file.kind !== "encrypted" || rule.recipients.length === 0 || file.recipients.length === 0) continue;
      const shown = pathInFlake(fleet, path);
      const finding = (message: string, severity: "error" | "warning"): Finding => ({
        kind: "finding",
        subject: shown,
        at: file.at,
        message,
        severity,
        notes: [
          { message: `the rule of \`${pathInFlake(fleet, config.path)}\` that names it`, at: rule.span },
          { message: `\`sops updatekeys ${shown}\` brings them together`, at: null },
        ],
      });
      const missing = missingRecipients(file.recipients, rule.recipients);
      const extra = missingRecipients(rule.recipients, file.recipients);
      if (missing.length > 0) {
        yield finding(`\`${shown}\` is not encrypted to ${showRecipients(config, missing)}`, "error");
      }
      if (extra.length > 0) {
        yield finding(`\`${shown}\` can still be decrypted by ${showRecipients(config, extra)}`, "warning");
      }
    }
  },
});
