// A job's password or key file is a secret that belongs to somebody else than the user the job runs as.

import {
  all,
  defineRule,
  type FleetHost,
  fixBy,
  groupByPlace,
  not,
  showOptions,
  showString,
  showText,
  when,
} from "../src/rule.ts";

export default defineRule({
  id: "secret-owner-mismatch",
  summary: "a backup job cannot read its secret, because another user owns it",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host, { profile, edit }) {
    const reads = host.secretReads.map((read) => ({
      ...read,
      name: read.secret?.option ?? read.job.option,
      user: showText(read.job.user.text),
      span: read.secret ? (read.secret.owner.span ?? read.secret.span) : read.file.path.span,
      answer: all([read.job.certain, not(profile === "strict" ? read.isOwner : read.canRead)]),
    }));
    // A secret that many jobs read is given away once.
    for (const { members, first, span, answer } of groupByPlace(reads, ({ name, user }) => `${name} ${user}`)) {
      const { job, file, secret, name, user } = first;
      const giveAway = () => {
        const change =
          secret && !isContested(host, first) ? edit.setOption(host, `${secret.option}.owner`, showString(user)) : null;
        const isAlone = secret !== null && edit.readsAlone(host, job, secret);
        return fixBy(`set the owner to \`${user}\``, isAlone ? "safe" : "unsafe", change).fix;
      };
      const jobs = [...new Set(members.map((read) => read.job))];
      const reading = `${showOptions(jobs)} ${jobs.length === 1 ? "reads" : "read"} it as \`${user}\``;
      yield* when(answer, {
        subject: name,
        at: host.place(span),
        message: `\`${name}\` belongs to \`${secret ? showText(secret.owner.text) : "somebody"}\`, and ${reading}`,
        offer: giveAway,
        notes: [{ message: `the job's ${file.role} file`, at: file.path.span }],
      });
    }
  },
});

/** One file has one owner: what is given to one of several users is taken from the others. */
function isContested(
  host: FleetHost,
  { secret, user }: Pick<FleetHost["secretReads"][number], "secret"> & { readonly user: string },
): boolean {
  const users = host.secretReads.filter((read) => read.secret === secret).map((read) => showText(read.job.user.text));
  return users.some((other) => other !== user && other !== "root");
}
