// What a job keeps leaves holes, or reaches less far back than was agreed on.

import { all, defineRule, holesOf, isFlawed, retentionOf, shortOf, when, z } from "../src/rule.ts";

export default defineRule({
  id: "retention-gap",
  summary: "a retention that leaves holes or keeps too little",
  severity: "warning",
  profile: "strict",
  scope: "host",
  options: z.strictObject({
    daily: z.number().int().min(0).default(7).describe("How many days have to be kept at least"),
    weekly: z.number().int().min(0).default(4).describe("The same of weeks"),
    monthly: z.number().int().min(0).default(12).describe("The same of months"),
    yearly: z.number().int().min(0).default(2).describe("The same of years"),
  }),
  *check(host, { options }) {
    for (const job of host.jobs) {
      const retention = retentionOf(host.host, job);
      if (retention === null) continue;
      const holes = holesOf(retention.kept);
      const short = shortOf(retention.kept, options);
      const [flaw] = [...holes, ...short.map((period) => `it keeps less than ${options[period]} ${period} snapshots`)];
      yield* when(all([job.certain, isFlawed(retention, holes.length + short.length)]), {
        subject: job.option,
        at: host.place(job.pruneOpts.items[0]?.span ?? job.span),
        message: `the retention of \`${job.option}\` has a gap: ${flaw}`,
      });
    }
  },
});
