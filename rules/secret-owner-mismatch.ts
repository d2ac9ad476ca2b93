// A job's password or key file is a secret that belongs to somebody else than the user the job runs as.

import { all, defineRule, fixBy, not, showString, showText, when } from "../src/rule.ts";

export default defineRule({
  id: "secret-owner-mismatch",
  summary: "a backup job cannot read its secret, because another user owns it",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host, { profile, edit }) {
    for (const { job, file, secret, canRead, isOwner } of host.secretReads) {
      const fits = profile === "strict" ? isOwner : canRead;
      const owner = secret ? showText(secret.owner.text) : "somebody";
      const name = secret?.option ?? job.option;
      const user = showText(job.user.text);
      // One file has one owner: what is given to one of several users is taken from the others.
      const users = host.secretReads
        .filter((read) => read.secret === secret)
        .map((read) => showText(read.job.user.text));
      const isContested = users.some((other) => other !== user && other !== "root");
      const giveAway = () => {
        const change = secret && !isContested ? edit.setOption(host, `${secret.option}.owner`, showString(user)) : null;
        const isAlone = secret !== null && edit.readsAlone(host, job, secret);
        return fixBy(`set the owner to \`${user}\``, isAlone ? "safe" : "unsafe", change).fix;
      };
      yield* when(all([job.certain, not(fits)]), {
        subject: name,
        at: host.place(secret ? (secret.owner.span ?? secret.span) : file.path.span),
        message: `\`${name}\` belongs to \`${owner}\`, and \`${job.option}\` reads it as \`${showText(job.user.text)}\``,
        offer: giveAway,
        notes: [{ message: `the job's ${file.role} file`, at: file.path.span }],
      });
    }
  },
});
