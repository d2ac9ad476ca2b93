// A repository over SSH on a machine whose host key the configuration does not know.

import { defineRule, groupByPlace, showOptions, unknownHostKeys, when } from "../src/rule.ts";

export default defineRule({
  id: "unknown-host-key",
  summary: "a repository on a machine whose host key is not known",
  severity: "warning",
  profile: "strict",
  scope: "host",
  *check(host) {
    if (!host.claimsAbsence("host")) return;
    for (const { members, first, span, answer } of groupByPlace(unknownHostKeys(host))) {
      const { job, target } = first;
      yield* when(answer, {
        subject: job.option,
        also: members.map((member) => member.job.option),
        at: host.place(span),
        message: `the configuration holds no host key of \`${target.name}\`, which ${showOptions(members.map((member) => member.job))} would need`,
        notes: [
          {
            message: `\`ssh-keyscan -p ${target.port} ${target.name}\` shows it, to be compared on the machine`,
            at: null,
          },
        ],
      });
    }
  },
});
