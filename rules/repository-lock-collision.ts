// Jobs that share a repository of which one needs it for itself now and then, and that do not wait for each other.

import {
  defineRule,
  type FleetHost,
  fixBy,
  hostsOf,
  lockLosers,
  type RepositoryUser,
  repositoriesOf,
  when,
  within,
} from "../src/rule.ts";

export default defineRule({
  id: "repository-lock-collision",
  summary: "jobs that share a repository and give up when another one holds its lock",
  severity: "warning",
  profile: "recommended",
  scope: "fleet",
  *check(fleet, { edit }) {
    for (const repository of repositoriesOf(fleet)) {
      const losers = lockLosers(repository).filter(({ answer }) => answer.kind !== "no");
      const [first] = losers;
      if (first === undefined) continue;
      const { job, host } = first.user;
      const same = losers.filter(({ user, answer }) => user === first.user && answer.kind === "yes");
      const changes = same.map(({ option }) =>
        within(job.span, edit.extendOption(host, `${job.option}.${option}`, '"--retry-lock 2h"')),
      );
      const others = repository.users.filter(({ job: other }) => other !== job);
      yield* when(first.answer, {
        subject: job.option,
        at: host.place(job.span),
        message: `\`${job.option}\` gives up when another job holds the lock of their repository`,
        hosts: hostsOf(repository.users),
        notes: others.map((other) => ({ message: `${showUser(other, host)} works on it too`, at: other.job.span })),
        ...fixBy("wait for the lock", "unsafe", ...changes),
      });
    }
  },
});

/** With its host, when that is another one: one module makes the jobs of many. */
function showUser(user: RepositoryUser, host: FleetHost): string {
  return user.host === host ? `\`${user.option}\`` : `\`${user.option}\` of \`${user.host.name}\``;
}
