// One password that opens several repositories.

import { defineRule, hostsOf, sharedPasswords, showOptions, when } from "../src/rule.ts";

export default defineRule({
  id: "shared-repository-password",
  summary: "one password that opens several repositories",
  severity: "warning",
  profile: "strict",
  scope: "fleet",
  *check(fleet) {
    for (const { name, span, users, answer } of sharedPasswords(fleet)) {
      const [first] = users;
      if (first === undefined) continue;
      const isSame = users.every(({ option }) => option === first.option);
      yield* when(answer, {
        subject: name,
        at: first.host.place(span),
        message: `\`${name}\` opens the repositories of ${showOptions(users)}${isSame ? " on several hosts" : ""}`,
        hosts: hostsOf(users),
      });
    }
  },
});
