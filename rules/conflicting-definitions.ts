// One option, two values, and neither gives way: the host does not evaluate.

import { conflictsOf, defineRule, when } from "../src/rule.ts";

export default defineRule({
  id: "conflicting-definitions",
  summary: "an option that is given two values of one priority",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host) {
    for (const { option, claims, answer } of conflictsOf(host.host, host.vault.leaves)) {
      const [first, ...others] = claims;
      yield* when(answer, {
        subject: option,
        at: host.place(first?.span ?? null),
        message: `\`${option}\` is given ${claims.length} values of one priority`,
        notes: others.map(({ span }) => ({ message: "another value is set here", at: span })),
      });
    }
  },
});
