// Repositories to which snapshots are added and from which nothing is ever removed.

import {
  defineRule,
  fixBy,
  groupByPlace,
  hostsOf,
  neverPruned,
  showList,
  showOptions,
  showString,
  when,
  within,
} from "../src/rule.ts";

const usual = ["--keep-daily 7", "--keep-weekly 4", "--keep-monthly 12", "--keep-yearly 2"];

export default defineRule({
  id: "missing-retention",
  summary: "a repository that nothing ever prunes",
  severity: "warning",
  profile: "recommended",
  scope: "fleet",
  *check(fleet, { edit }) {
    for (const { members, first, span, answer } of groupByPlace(neverPruned(fleet))) {
      const { job, host, option } = first.user;
      const [path, value] =
        job.mechanism === "restic"
          ? ["pruneOpts", showList(usual.map(showString))]
          : ["prune.keep", "{\n  daily = 7;\n  weekly = 4;\n  monthly = 12;\n  yearly = 2;\n}"];
      const change = members.length > 1 ? null : edit.setOption(host, `${option}.${path}`, value);
      yield* when(answer, {
        subject: option,
        also: members.map(({ user }) => user.option),
        at: host.place(span),
        message: `nothing ever prunes the repository of ${showOptions(members.map(({ user }) => user))}`,
        hosts: hostsOf(members.flatMap(({ repository }) => repository.users)),
        ...fixBy("keep 7 days, 4 weeks, 12 months and 2 years", "unsafe", within(span, change)),
      });
    }
  },
});
