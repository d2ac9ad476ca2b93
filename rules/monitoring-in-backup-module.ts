// Monitoring that a backup module brings along: whoever wants one gets the other.

import { defineRule, pathInFlake, when } from "../src/rule.ts";

export default defineRule({
  id: "monitoring-in-backup-module",
  summary: "a module about backups that sets up monitoring",
  severity: "warning",
  profile: "strict",
  scope: "host",
  *check(host, { fleet }) {
    const isBackupModule = (file: string) => /(^|\/)backups?\//.test(pathInFlake(fleet, file));
    for (const { option, span, certain } of host.exporters) {
      if (span === null || !isBackupModule(span.file)) continue;
      yield* when(certain, { subject: option, at: span, message: `a backup module sets \`${option}\`` });
    }
    for (const { address, span } of host.scrapeTargets.targets) {
      if (span === null || !isBackupModule(span.file)) continue;
      const message = `a backup module has \`${address}\` scraped`;
      yield { kind: "finding", subject: "services.prometheus.scrapeConfigs", at: span, message };
    }
  },
});
