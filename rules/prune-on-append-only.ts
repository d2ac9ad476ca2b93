// A client that prunes behind a server that does not allow it: the job fails every time, after the backup.

import { defineRule, fixBy, refusedPrunings, when, within } from "../src/rule.ts";

export default defineRule({
  id: "prune-on-append-only",
  summary: "a job that prunes a repository whose server is append-only",
  severity: "error",
  profile: "recommended",
  scope: "host",
  *check(host, { fleet, edit }) {
    for (const { job, answer, server } of refusedPrunings(fleet, host)) {
      const span = host.host.option(["services", "restic", "backups", job.name, "pruneOpts"]).span ?? job.span;
      yield* when(answer, {
        subject: job.option,
        at: host.place(span),
        message: `\`${job.option}\` prunes a repository whose server is append-only`,
        notes: [{ message: "the server refuses to remove anything", at: server }],
        ...fixBy(
          "leave pruning to the server",
          "unsafe",
          within(span, edit.removeOption(host, `${job.option}.pruneOpts`)),
        ),
      });
    }
  },
});
