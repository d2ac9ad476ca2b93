// A backup job could stop working, and nobody would learn of it.

import { defineRule, not, waysOfWatching, when, z } from "../src/rule.ts";

export default defineRule({
  id: "unmonitored-backup",
  summary: "nothing would tell anyone that a backup job stopped working",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  options: z.strictObject({
    accept: z
      .array(z.enum(waysOfWatching))
      .exactOptional()
      .describe("What counts as watching; by default everything, in the strict profile only `exporter`"),
  }),
  *check(host, { profile, options, edit }) {
    if (!host.claimsAbsence("host")) return;
    const accept = options.accept ?? (profile === "strict" ? ["exporter"] : waysOfWatching);
    for (const job of host.watchable) {
      const unwatched = not(host.isWatched(job, accept));
      yield* when(unwatched, {
        ...(unwatched.kind === "yes" ? edit.watch(host, { job, accept }) : {}),
        subject: job.option,
        at: host.place(job.span),
        message: `nothing would tell anyone that \`${job.option}\` stopped working`,
      });
    }
  },
});
