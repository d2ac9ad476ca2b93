// Services of whose state a job saves a chosen part: which is worth knowing on the day of the restore.

import { defineRule, partialStates, showPath, showState, when } from "../src/rule.ts";

export default defineRule({
  id: "partial-backup",
  summary: "a job that saves a part of what a service keeps",
  severity: "info",
  profile: "strict",
  scope: "host",
  *check(host) {
    for (const { service, state, job, item, span, answer } of partialStates(host)) {
      yield* when(answer, {
        subject: service.option,
        at: host.place(span),
        message: `\`${job.option}\` saves \`${showPath(item)}\` and leaves out the rest of ${showState(state)}`,
        notes: service.cause === null ? [] : [{ message: `\`${service.name}\` is chosen here`, at: service.cause }],
      });
    }
  },
});
