// An exporter runs as a user that cannot read the secret it is given: it starts, and has nothing to say.

import { all, defineRule, not, showText, when } from "../src/rule.ts";

export default defineRule({
  id: "exporter-secret-unreadable",
  summary: "an exporter that cannot read the secret it is given",
  severity: "warning",
  profile: "recommended",
  scope: "host",
  *check(host) {
    for (const { exporter, role, secret, user, canRead, span } of host.vault.exporterReads) {
      const name = secret === null ? "a secret" : `\`${secret.option}\``;
      const owner = secret && {
        message: `the secret belongs to \`${showText(secret.owner.text)}\``,
        at: secret.owner.span ?? secret.span,
      };
      yield* when(all([exporter.certain, not(canRead)]), {
        subject: exporter.option,
        at: host.place(exporter.span),
        message: `\`${exporter.option}\` runs as \`${showText(user)}\` and cannot read its ${role}, ${name}`,
        notes: [{ message: `its ${role}`, at: span }, ...(owner ? [owner] : [])],
      });
    }
  },
});
