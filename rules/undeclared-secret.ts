// A secret is used that nobody on the host declares: the host does not evaluate.

import { defineRule, fixBy, when } from "../src/rule.ts";

export default defineRule({
  id: "undeclared-secret",
  summary: "a secret that is used and declared nowhere on the host",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host, { edit }) {
    // Whoever imports a role may declare what it uses.
    if (!host.claimsAbsence("host")) return;
    for (const { secret, usedBy, answer, span, isStored } of host.vault.undeclared) {
      yield* when(answer, {
        ...fixBy("declare it", "safe", isStored && span ? edit.define(span, secret, "{ }") : null),
        subject: secret,
        at: host.place(span),
        message: `\`${usedBy}\` uses \`${secret}\`, which nothing on this host declares`,
      });
    }
  },
});
