// A unit of the flake names a secret that its user cannot read.

import { defineRule, not, showText, when } from "../src/rule.ts";

export default defineRule({
  id: "unreadable-secret",
  summary: "a unit that cannot read the secret it uses",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host) {
    for (const { option, user, secret, canRead, span } of host.vault.unitReads) {
      const owner = `\`${showText(secret.owner.text)}\``;
      yield* when(not(canRead), {
        subject: option,
        at: host.place(user.span ?? span),
        message: `\`${option}\` runs as \`${showText(user.text)}\` and cannot read \`${secret.option}\``,
        notes: [
          {
            message: `the secret belongs to ${owner} with mode ${showText(secret.mode)}`,
            at: secret.owner.span ?? secret.span,
          },
        ],
      });
    }
  },
});
