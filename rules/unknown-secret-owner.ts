// A secret belongs to a user or group that nothing creates: activation fails, and with it all secrets of the host.

import { all, defineRule, not, showText, when } from "../src/rule.ts";

export default defineRule({
  id: "unknown-secret-owner",
  summary: "a secret whose owner or group nothing on the host creates",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host) {
    // Whoever imports a role may create what it names.
    if (!host.claimsAbsence("host")) return;
    for (const secret of host.secrets) {
      for (const [what, { text, span }] of [
        ["user", secret.owner],
        ["group", secret.group],
      ] as const) {
        if (span === null) continue;
        yield* when(all([secret.certain, not(host.vault.creates(what, text))]), {
          subject: secret.option,
          at: host.place(span),
          message: `\`${secret.option}\` belongs to the ${what} \`${showText(text)}\`, which nothing on this host creates`,
        });
      }
    }
  },
});
