// A repository on a file system that may be missing, and a unit that starts without it.

import { defineRule, fixBy, groupByPlace, missingMounts, showOptions, showString, when, within } from "../src/rule.ts";

export default defineRule({
  id: "unmounted-local-repository",
  summary: "a repository on a mount that the job does not wait for",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host, { edit }) {
    for (const { members, first, span, answer } of groupByPlace(missingMounts(host))) {
      const { job, path, mount } = first;
      const option = ["systemd", "services", job.unit, "unitConfig", "RequiresMountsFor"];
      const jobs = showOptions(members.map((member) => member.job));
      const change = span && members.length === 1 ? edit.define(span, option, showString(path)) : null;
      yield* when(answer, {
        subject: job.option,
        also: members.map((member) => member.job.option),
        at: host.place(span),
        message: `${jobs} ${members.length > 1 ? "write" : "writes"} below \`${mount?.path}\` also when that is not mounted`,
        ...fixBy("require the mount", "safe", within(span, change)),
      });
    }
  },
});
