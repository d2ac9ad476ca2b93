// A job that runs on schedule, has nothing to back up, and is not there to prune or check either.

import { all, defineRule, isStarted, not, when } from "../src/rule.ts";

export default defineRule({
  id: "empty-backup-job",
  summary: "a backup job with nothing to back up",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host) {
    if (!host.claimsAbsence("host")) return;
    for (const job of host.jobs) {
      if (job.mechanism !== "restic") continue;
      const answer = all([job.certain, not(job.backsUp), not(job.prunes), not(job.checks), isStarted(host, job)]);
      yield* when(answer, {
        subject: job.option,
        at: host.place(job.span),
        message: `\`${job.option}\` has nothing to back up`,
      });
    }
  },
});
