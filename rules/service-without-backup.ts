// A service keeps what cannot be made anew, and no backup job or dump on its host covers it.

import { any, defineRule, showState, when, z } from "../src/rule.ts";

export default defineRule({
  id: "service-without-backup",
  summary: "a service keeps state that no backup covers",
  severity: "error",
  profile: "recommended",
  scope: "host",
  options: z.strictObject({
    coverage: z
      .enum(["host", "role"])
      .default("host")
      .describe("Who has to define the job: anybody on the host, or the role that enables the service"),
  }),
  *check(host, { options: { coverage }, edit }) {
    if (!host.claimsAbsence(coverage)) return;
    for (const service of host.services) {
      const answers = service.essentialState.map((state) => host.isUncovered(service, state, coverage));
      const uncovered = service.essentialState.filter((_, index) => answers[index]?.kind === "yes");
      const kept = uncovered.map(showState).join(", ");
      const where = coverage === "role" ? "no backup job of this role covers it" : "no backup job covers it";
      const answer = any(answers);
      const fix = answer.kind === "yes" ? edit.backUp(host, service, uncovered) : {};
      yield* when(answer, {
        subject: service.option,
        at: host.place(service.cause),
        // The catalogue knows what cannot be made anew; of units and containers that only their owner knows.
        severity: /unit|container/.test(service.kind) ? "warning" : "error",
        message: `\`${service.name}\` keeps ${kept} and ${where}`,
        ...fix,
        notes: service.links.map((at) => ({ message: `\`${service.option}\` is brought about here`, at })),
      });
    }
  },
});
