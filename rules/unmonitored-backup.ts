// A backup job could stop working, and nobody would learn of it.

import { defineRule, not, waysOfWatching, when, z } from "../src/rule.ts";

const ways = z.array(z.enum(waysOfWatching));

export default defineRule({
  id: "unmonitored-backup",
  summary: "nothing would tell anyone that a backup job stopped working",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  options: z.strictObject({
    accept: ways.exactOptional().describe("What counts; by default everything, in the strict profile only `exporter`"),
  }),
  *check(host, { profile, options: { accept = profile === "strict" ? ["exporter"] : waysOfWatching } }) {
    if (!host.claimsAbsence("host")) return;
    for (const job of host.jobs) {
      if (!job.isBackup) continue;
      yield* when(not(host.isWatched(job, accept)), {
        subject: job.option,
        at: host.place(job.span),
        message: `nothing would tell that \`${job.option}\` stopped working: no ${accept.join(", no ")}`,
      });
    }
  },
});
