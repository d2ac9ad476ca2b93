// A backup that reads as root what the service's own user could read.

import { defineRule, rootJobs, when } from "../src/rule.ts";

export default defineRule({
  id: "backup-as-root",
  summary: "a job that runs as root although its service has a user",
  severity: "warning",
  profile: "strict",
  scope: "host",
  *check(host) {
    for (const { job, service, user, answer } of rootJobs(host)) {
      yield* when(answer, {
        subject: job.option,
        at: host.place(job.user.span ?? job.span),
        message: `\`${job.option}\` saves \`${service.name}\` as root and not as its user \`${user}\``,
      });
    }
  },
});
