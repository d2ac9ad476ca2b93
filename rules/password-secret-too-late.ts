// The password of a user comes from a secret that is decrypted after users are made, or that asks for what only later
// secrets can have.

import { all, belongsToRoot, defineRule, fixBy, not, when } from "../src/rule.ts";

export default defineRule({
  id: "password-secret-too-late",
  summary: "a user's password secret that is not there when users are made",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host, { edit }) {
    for (const { user, option, secret, span } of host.vault.passwords) {
      if (secret.kind === "unknown") {
        yield { kind: "undecided", subject: option, at: span, reasons: [secret] };
        continue;
      }
      if (secret.manager !== "sops") continue;
      const isTemplate = secret.kind === "template";
      const path = [...secret.optionPath, "neededForUsers"];
      yield* when(all([secret.certain, not(secret.isEarly)]), {
        subject: option,
        at: host.place(span),
        message: isTemplate
          ? `the password of \`${user}\` comes from \`${secret.option}\`, which is rendered after users are made`
          : `the password of \`${user}\` comes from \`${secret.option}\`, which is decrypted after users are made`,
        notes: [{ message: "the secret", at: secret.span }],
        ...(isTemplate ? {} : fixBy("decrypt it before users are made", "safe", edit.setOption(host, path, "true"))),
      });
    }
    for (const secret of host.secrets) {
      const span = secret.owner.span ?? secret.group.span;
      if (span === null) continue;
      yield* when(all([secret.certain, secret.isEarly, not(belongsToRoot(secret))]), {
        subject: secret.option,
        at: span,
        message: `\`${secret.option}\` is decrypted before users are made and cannot belong to one`,
      });
    }
  },
});
