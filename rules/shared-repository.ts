// Two jobs that write to one repository.

import { defineRule, hostsOf, isShared, repositoriesOf, showOptions, when } from "../src/rule.ts";

export default defineRule({
  id: "shared-repository",
  summary: "several jobs that write to one repository",
  severity: "warning",
  profile: "strict",
  scope: "fleet",
  *check(fleet) {
    for (const repository of repositoriesOf(fleet)) {
      const [first, ...others] = repository.writers;
      if (first === undefined) continue;
      const isSame = others.every(({ option }) => option === first.option);
      const who = isSame ? `\`${first.option}\` of several hosts` : showOptions(repository.writers);
      yield* when(isShared(repository, fleet), {
        subject: first.option,
        at: first.host.place(first.job.span),
        message: `${who} write to one repository`,
        hosts: hostsOf(repository.writers),
        notes: others.map(({ option, job }) => ({ message: `\`${option}\` writes to it too`, at: job.span })),
      });
    }
  },
});
