// Backups that run before the dump they carry is written, and so carry the one before it.

import { defineRule, staleDumps, when } from "../src/rule.ts";

export default defineRule({
  id: "backup-before-dump",
  summary: "a backup that carries an old dump, because it runs before the new one is written",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host) {
    for (const { backup, dump, hours, answer } of staleDumps(host)) {
      yield* when(answer, {
        subject: backup.option,
        at: host.place(backup.span),
        message: `\`${backup.option}\` runs before \`${dump.option}\`, so the dump it carries is ${hours} hours old`,
        notes: dump.span === null ? [] : [{ message: `\`${dump.option}\` is scheduled here`, at: dump.span }],
      });
    }
  },
});
