// Repositories that are reached in another way than the fleet agreed on.

import { all, defineRule, transportOf, when, z } from "../src/rule.ts";

export default defineRule({
  id: "foreign-transport",
  summary: "a repository that is reached in a way that is not allowed here",
  severity: "warning",
  profile: "strict",
  scope: "host",
  options: z.strictObject({
    allow: z
      .array(z.string())
      .default(["sftp", "ssh"])
      .describe("Transports by their scheme: `sftp`, `ssh`, `rest`, `s3`, `b2`, `rclone`, …, and `local` for paths"),
  }),
  *check(host, { options: { allow } }) {
    for (const job of host.jobs) {
      if (!/^(restic|borg)$/.test(job.mechanism)) continue;
      const { transport, answer } = transportOf(job, allow);
      yield* when(all([job.certain, answer]), {
        subject: job.option,
        at: host.place(job.repository?.span ?? job.span),
        message: `the repository of \`${job.option}\` is reached by \`${transport}\``,
      });
    }
  },
});
