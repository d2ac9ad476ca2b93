// A path that nothing on the host accounts for, one slip away from one that does.

import { defineRule, strangePaths, when } from "../src/rule.ts";

export default defineRule({
  id: "unknown-backup-path",
  summary: "a path to back up that nothing on the host accounts for",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host) {
    if (!host.claimsAbsence("host")) return;
    for (const { job, path, meant, span, answer } of strangePaths(host)) {
      yield* when(answer, {
        subject: job.option,
        at: host.place(span),
        message: `nothing on this host keeps anything in \`${path}\`; did you mean \`${meant}\`?`,
      });
    }
  },
});
