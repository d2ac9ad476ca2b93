// Repositories that nothing ever reads to see whether they are intact.

import { defineRule, fixBy, groupByPlace, hostsOf, neverChecked, showOptions, when, within } from "../src/rule.ts";

export default defineRule({
  id: "unchecked-repository",
  summary: "a repository that nothing ever checks",
  severity: "info",
  profile: "strict",
  scope: "fleet",
  *check(fleet, { edit }) {
    for (const { members, first, span, answer } of groupByPlace(neverChecked(fleet))) {
      const { host, option } = first.user;
      const change = members.length > 1 ? null : edit.setOption(host, `${option}.runCheck`, "true");
      yield* when(answer, {
        subject: option,
        also: members.map(({ user }) => user.option),
        at: host.place(span),
        message: `nothing ever checks the repository of ${showOptions(members.map(({ user }) => user))}`,
        hosts: hostsOf(members.flatMap(({ repository }) => repository.users)),
        ...fixBy("check it after each run", "unsafe", within(span, change)),
      });
    }
  },
});
