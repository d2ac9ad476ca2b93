// A job's password or key file is a secret that belongs to somebody else than the user the job runs as.

import { defineRule, not, showText, undecided, Unknown, when } from "../src/rule.ts";

export default defineRule({
  id: "secret-owner-mismatch",
  summary: "a backup job cannot read its secret, because another user owns it",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host, { profile }) {
    for (const job of host.jobs) {
      for (const file of job.secretFiles) {
        const secret = host.secretOf(file);
        const doubt = secret instanceof Unknown ? undecided(secret) : null;
        if (secret === null) continue;
        if (secret instanceof Unknown) {
          yield* when(doubt ?? undecided(secret), { subject: job.option, at: host.place(file.path.span), message: "" });
          continue;
        }
        const fits = profile === "strict" ? host.isOwner(job, secret) : host.canRead(job, file, secret);
        yield* when(not(fits), {
          subject: secret.option,
          at: host.place(secret.owner.span ?? secret.span),
          message: `\`${secret.option}\` belongs to \`${showText(secret.owner.text)}\`, and \`${job.option}\` reads it as \`${showText(job.user.text)}\``,
          notes: [{ message: `the job reads it as its ${file.role} file`, at: file.path.span }],
        });
      }
    }
  },
});
