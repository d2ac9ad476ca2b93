// Jobs that leave it to somebody to make the repository, or to set up a shell before looking into it.

import { all, defineRule, fixBy, groupByPlace, not, showOptions, when, within } from "../src/rule.ts";

const wanted = [
  ["initialize", "not initialised"],
  ["createWrapper", "without a wrapper"],
] as const;

export default defineRule({
  id: "manual-repository",
  summary: "a repository that is made, or looked into, by hand",
  severity: "info",
  profile: "strict",
  scope: "host",
  *check(host, { edit }) {
    const jobs = host.jobs.filter(({ mechanism }) => mechanism === "restic");
    for (const [option, lack] of wanted) {
      const found = jobs.map((job) => {
        const set = host.host.option(["services", "restic", "backups", job.name, option]);
        return { job, span: set.span ?? job.span, answer: all([job.certain, not(set.is(true))]) };
      });
      for (const { members, first, span, answer } of groupByPlace(found)) {
        const change = members.length > 1 ? null : edit.setOption(host, `${first.job.option}.${option}`, "true");
        yield* when(answer, {
          subject: first.job.option,
          also: members.map(({ job }) => job.option),
          at: host.place(span),
          message: `the repository of ${showOptions(members.map(({ job }) => job))} is ${lack}`,
          ...fixBy(`set \`${option}\``, "unsafe", within(span, change)),
        });
      }
    }
  },
});
