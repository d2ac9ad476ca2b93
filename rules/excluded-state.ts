// State that a job would save and that its own exclude patterns swallow.

import { defineRule, excludedStates, groupByPlace, showPath, showState, when } from "../src/rule.ts";

export default defineRule({
  id: "excluded-state",
  summary: "an exclude pattern that swallows what a service keeps",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host) {
    for (const { members, first, span, answer } of groupByPlace(excludedStates(host))) {
      const { service, state, job, item } = first;
      const swallowed = [...new Set(members.map((member) => member.service.name))].length;
      const more = swallowed > 1 ? ` and ${swallowed - 1} more` : "";
      yield* when(answer, {
        subject: job.option,
        at: host.place(span),
        message: `\`${showPath(item)}\` is excluded and swallows ${showState(state)} of \`${service.name}\`${more}`,
      });
    }
  },
});
