// A job without a timer that nothing else starts either.

import { all, defineRule, isStarted, not, when } from "../src/rule.ts";

export default defineRule({
  id: "unscheduled-backup",
  summary: "a backup job that nothing starts",
  severity: "info",
  profile: "recommended",
  scope: "host",
  *check(host) {
    if (!host.claimsAbsence("host")) return;
    for (const job of host.jobs) {
      if (!/^(restic|borg)$/.test(job.mechanism)) continue;
      yield* when(all([job.certain, job.backsUp, not(isStarted(host, job))]), {
        subject: job.option,
        at: host.place(job.timer.option?.span ?? job.span),
        message: `\`${job.option}\` has no timer, and nothing else starts it`,
      });
    }
  },
});
