// A secret is declared and nothing refers to it.

import { all, defineRule, when } from "../src/rule.ts";

export default defineRule({
  id: "unused-secret",
  summary: "a secret that nothing refers to",
  severity: "info",
  profile: "recommended",
  scope: "host",
  *check(host) {
    // Whoever imports a role may use what it declares.
    if (!host.claimsAbsence("host")) return;
    for (const secret of host.secrets) {
      yield* when(all([secret.certain, host.vault.isUnused(secret)]), {
        subject: secret.option,
        at: host.place(secret.span),
        message: `nothing refers to \`${secret.option}\``,
      });
    }
  },
});
