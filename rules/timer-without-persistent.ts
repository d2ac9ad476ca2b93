// `timerConfig` with a calendar and without `Persistent`: the module's default, which had it, is replaced as a whole.

import { defineRule, fixBy, groupByPlace, missedRuns, showOptions, when } from "../src/rule.ts";

export default defineRule({
  id: "timer-without-persistent",
  summary: "a `timerConfig` that replaces the default and drops `Persistent`",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host, { edit }) {
    for (const { members, first, span, answer } of groupByPlace(missedRuns(host))) {
      const { option } = first.job;
      const jobs = showOptions(members.map(({ job }) => job));
      const change = first.persistent
        ? edit.setValue(first.persistent, "true")
        : span && edit.addBeside(span, "Persistent", "true");
      yield* when(answer, {
        subject: option,
        also: members.map(({ job }) => job.option),
        at: host.place(span),
        message: `${jobs} lost \`Persistent\`, so a run that is missed is not made up`,
        ...fixBy("make up for missed runs", "unsafe", change),
      });
    }
  },
});
